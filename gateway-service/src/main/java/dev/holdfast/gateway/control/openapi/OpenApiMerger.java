package dev.holdfast.gateway.control.openapi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Merges the OpenAPI documents of several services into one. Pure: the documents it is given stay as they are, and the
 * same documents in the same order give the same result.
 *
 * <p>Components that have the same name and mean the same in every service stand there once. Where they differ, also
 * through what they refer to, each is named {@code service.Name} and every reference to it follows.
 */
final class OpenApiMerger {

    private static final String OPENAPI_VERSION = "3.1.0";
    private static final String BEARER = "bearer";
    private static final String SECURITY_SCHEMES = "securitySchemes";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** How an HTTP method is written as a member of a path item; its other members are no operations. */
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private final String title;
    private final String version;
    private final BiPredicate<String, String> serves;

    /** @param serves whether the service of that name is asked for that path template; other paths are left out */
    OpenApiMerger(String title, String version, BiPredicate<String, String> serves) {
        this.title = title;
        this.version = version;
        this.serves = serves;
    }

    /**
     * What a service has to say of itself.
     *
     * @param document empty when it could not be had; the merged document then names the service as left out
     */
    record ServiceDocument(String service, Optional<ObjectNode> document) {}

    ObjectNode merge(List<ServiceDocument> services) {
        List<Source> sources = services.stream()
                .flatMap(service -> service.document().map(it -> new Source(service.service(), it)).stream())
                .toList();
        Set<Reference> differing = differing(sources);
        Set<String> ambiguousOperations = ambiguousOperations(sources);

        Map<String, ObjectNode> paths = new TreeMap<>();
        Map<String, Map<String, JsonNode>> components = new TreeMap<>();
        Map<String, JsonNode> tags = new TreeMap<>();
        for (Source source : sources) {
            Renaming renaming = new Renaming(source.service(), differing, ambiguousOperations);
            source.paths(serves).forEach((path, item) -> addOperations(paths, path, renaming.operations(item)));
            source.components()
                    .forEach((reference, component) -> components
                            .computeIfAbsent(reference.section(), section -> new TreeMap<>())
                            .put(renaming.nameOf(reference), renaming.references(component)));
            source.document()
                    .path("tags")
                    .forEach(tag -> tags.putIfAbsent(tag.path("name").asString(""), tag));
        }
        return document(services, paths, components, tags);
    }

    private ObjectNode document(
            List<ServiceDocument> services,
            Map<String, ObjectNode> paths,
            Map<String, Map<String, JsonNode>> components,
            Map<String, JsonNode> tags) {
        ObjectNode merged = JSON.objectNode();
        merged.put("openapi", OPENAPI_VERSION);
        merged.putObject("info").put("title", title).put("version", version).put("description", description(services));
        merged.putArray("servers").addObject().put("url", "/");
        merged.putArray("security").addObject().putArray(BEARER);
        ArrayNode tagList = merged.putArray("tags");
        tags.values().forEach(tagList::add);
        ObjectNode pathList = merged.putObject("paths");
        paths.forEach(pathList::set);
        ObjectNode componentList = merged.putObject("components");
        components.forEach((section, members) -> {
            ObjectNode list = componentList.putObject(section);
            members.forEach(list::set);
        });
        componentList
                .putObject(SECURITY_SCHEMES)
                .putObject(BEARER)
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "A token with the scope that the operation needs: read, operate or admin.");
        return merged;
    }

    private static String description(List<ServiceDocument> services) {
        String missing = services.stream()
                .filter(service -> service.document().isEmpty())
                .map(ServiceDocument::service)
                .collect(Collectors.joining(", "));
        String all = "Everything that Holdfast's services can be asked, through one address.";
        return missing.isEmpty() ? all : all + " Left out, because they could not be reached: " + missing + ".";
    }

    private static void addOperations(Map<String, ObjectNode> paths, String path, ObjectNode operations) {
        ObjectNode merged = paths.computeIfAbsent(path, _ -> JSON.objectNode());
        operations.properties().forEach(member -> merged.putIfAbsent(member.getKey(), member.getValue()));
    }

    /** The components that don't mean the same in all services that have one of that name. */
    private static Set<Reference> differing(List<Source> sources) {
        Map<Reference, List<JsonNode>> meanings = new HashMap<>();
        for (Source source : sources) {
            source.components()
                    .forEach((reference, component) -> meanings.computeIfAbsent(reference, it -> new ArrayList<>())
                            .add(component));
        }
        Set<Reference> differing = new HashSet<>();
        meanings.forEach((reference, variants) -> {
            if (new HashSet<>(variants).size() > 1) {
                differing.add(reference);
            }
        });
        // What refers to something that differs differs too. Each round adds at least one, so the rounds end.
        boolean grown = true;
        while (grown) {
            Set<Reference> infected = new HashSet<>();
            meanings.forEach((reference, variants) -> {
                boolean shared = variants.size() > 1 && !differing.contains(reference);
                if (shared && !disjoint(Reference.allIn(variants.getFirst()), differing)) {
                    infected.add(reference);
                }
            });
            grown = differing.addAll(infected);
        }
        return differing;
    }

    private static boolean disjoint(Set<Reference> some, Set<Reference> others) {
        return some.stream().noneMatch(others::contains);
    }

    private Set<String> ambiguousOperations(List<Source> sources) {
        Set<String> seen = new HashSet<>();
        Set<String> ambiguous = new TreeSet<>();
        for (Source source : sources) {
            source.paths(serves)
                    .values()
                    .forEach(item -> item.properties().stream()
                            .filter(member -> METHODS.contains(member.getKey()))
                            .map(member -> member.getValue().path("operationId").asString(""))
                            .filter(id -> !id.isEmpty() && !seen.add(id))
                            .forEach(ambiguous::add));
        }
        return ambiguous;
    }

    /** Names a component, as in {@code #/components/schemas/NodeView}. */
    private record Reference(String section, String name) {

        private static final String PREFIX = "#/components/";

        static Optional<Reference> parse(String written) {
            if (!written.startsWith(PREFIX)) {
                return Optional.empty();
            }
            String[] parts = written.substring(PREFIX.length()).split("/", 2);
            return parts.length == 2 ? Optional.of(new Reference(parts[0], parts[1])) : Optional.empty();
        }

        static Set<Reference> allIn(JsonNode node) {
            Set<Reference> found = new HashSet<>();
            node.findValues("$ref").forEach(it -> parse(it.asString("")).ifPresent(found::add));
            node.findValues("mapping")
                    .forEach(mapping ->
                            mapping.forEach(it -> parse(it.asString("")).ifPresent(found::add)));
            return found;
        }
    }

    private record Source(String service, ObjectNode document) {

        Map<String, ObjectNode> paths(BiPredicate<String, String> serves) {
            Map<String, ObjectNode> paths = new TreeMap<>();
            document.path("paths").properties().forEach(path -> {
                if (path.getValue() instanceof ObjectNode item && serves.test(service, path.getKey())) {
                    paths.put(path.getKey(), item);
                }
            });
            return paths;
        }

        /** All but the security schemes, of which the merged document has its own. */
        Map<Reference, JsonNode> components() {
            Map<Reference, JsonNode> components =
                    new TreeMap<>(Comparator.comparing(Reference::section).thenComparing(Reference::name));
            document.path("components").properties().stream()
                    .filter(section -> !section.getKey().equals(SECURITY_SCHEMES))
                    .forEach(section -> section.getValue()
                            .properties()
                            .forEach(member -> components.put(
                                    new Reference(section.getKey(), member.getKey()), member.getValue())));
            return components;
        }
    }

    /** Carries one service's names over into the merged document. */
    private record Renaming(String service, Set<Reference> differing, Set<String> ambiguousOperations) {

        String nameOf(Reference reference) {
            return differing.contains(reference) ? service + "." + reference.name() : reference.name();
        }

        ObjectNode operations(ObjectNode item) {
            ObjectNode renamed = (ObjectNode) references(item);
            renamed.properties().stream()
                    .filter(member -> METHODS.contains(member.getKey()))
                    .forEach(member -> {
                        if (member.getValue() instanceof ObjectNode operation) {
                            fit(operation);
                        }
                    });
            return renamed;
        }

        /** The service's security schemes are not carried over: what isn't open to all asks for the bearer token. */
        private void fit(ObjectNode operation) {
            String id = operation.path("operationId").asString("");
            if (ambiguousOperations.contains(id)) {
                operation.put("operationId", service + "." + id);
            }
            if (!operation.path("security").isEmpty()) {
                operation.remove("security");
            }
        }

        /** A copy in which every reference to a renamed component follows it. */
        JsonNode references(JsonNode node) {
            return switch (node) {
                case ObjectNode object -> {
                    ObjectNode copy = JSON.objectNode();
                    object.properties()
                            .forEach(member -> copy.set(
                                    member.getKey(),
                                    switch (member.getKey()) {
                                        case "$ref" -> reference(member.getValue());
                                        case "mapping" -> mapping(member.getValue());
                                        default -> references(member.getValue());
                                    }));
                    yield copy;
                }
                case ArrayNode array -> {
                    ArrayNode copy = JSON.arrayNode();
                    array.forEach(element -> copy.add(references(element)));
                    yield copy;
                }
                default -> node;
            };
        }

        private JsonNode mapping(JsonNode mapping) {
            if (!(mapping instanceof ObjectNode object)) {
                return references(mapping);
            }
            ObjectNode copy = JSON.objectNode();
            object.properties()
                    .forEach(member -> copy.set(
                            member.getKey(),
                            member.getValue().isString()
                                    ? reference(member.getValue())
                                    : references(member.getValue())));
            return copy;
        }

        private JsonNode reference(JsonNode written) {
            return Reference.parse(written.asString(""))
                    .filter(differing::contains)
                    .<JsonNode>map(reference ->
                            JSON.stringNode(Reference.PREFIX + reference.section() + "/" + nameOf(reference)))
                    .orElse(written);
        }
    }
}
