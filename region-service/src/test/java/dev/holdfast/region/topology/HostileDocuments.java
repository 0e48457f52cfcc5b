package dev.holdfast.region.topology;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.api.json.HoldfastJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes documents that someone careless or hostile could send: right ones, broken in one to three ways. */
final class HostileDocuments {

    /** A document as it is sent. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Sent(String method, String path, String mediaType, byte[] body) {}

    private record Original(String path, String json) {}

    private static final List<Original> ORIGINALS = List.of(
            new Original("/api/v1/regions/eu", """
                    {"displayName": "Europe", "zones": ["a", "b"], "labels": {"provider": "own"}}"""),
            new Original("/api/v1/clusters/shop", """
                    {"id": "shop", "redundancy": "ACTIVE_ACTIVE",
                     "routes": [{"host": "shop.example.com", "pathPrefix": "/"}, {"host": "*.example.org"}],
                     "check": {"type": "HTTP", "path": "/health", "expectedStatus": "200-299", "port": 9000,
                               "tlsVerify": true, "interval": "1s", "timeout": "500ms", "rise": 2, "fall": 3, "jitter": 0.1},
                     "balancing": {"policy": "WEIGHTED_ROUND_ROBIN", "panicThreshold": 50},
                     "retries": {"maxAttempts": 3, "perTryTimeout": "1s", "requestTimeout": "30s", "budgetPercent": 20},
                     "ejection": {"consecutiveFailures": 5, "baseEjectionTime": "10s", "maxEjectionTime": "5m"},
                     "drainTimeout": "30s",
                     "synchronisation": {"path": "/synchronised", "interval": "1s", "timeout": "2s"},
                     "restart": {"url": "http://10.0.0.1:9900/restart/{node}", "timeout": "60s"},
                     "nodes": [
                       {"id": "shop-1", "region": "eu", "zone": "a", "address": "10.0.0.1:8080", "weight": 1,
                        "labels": {"tier": "gold"}, "adminState": "ENABLED"},
                       {"id": "shop-2", "region": "eu", "zone": "b", "address": "[fd00::2]:8080"}]}"""),
            new Original("/api/v1/clusters/orders", """
                    {"id": "orders", "redundancy": "ACTIVE_PASSIVE",
                     "check": {"type": "POSTGRESQL", "interval": "250ms", "timeout": "200ms"},
                     "postgresql": {
                       "failover": {"durability": "QUORUM", "synchronousStandbys": 1, "onCrash": "FAIL_OVER",
                                    "maximumLagOnFailover": 1048576,
                                    "timing": {"freshness": "1s", "fence": "10s", "promote": "10s", "verify": "10s",
                                               "recover": "5m", "lease": "10s", "leaseMargin": "1s"},
                                    "flapping": {"limit": 3, "window": "1h"}},
                       "listeners": {"readWrite": 5000, "readOnly": 5001, "holdTimeout": "30s", "connectTimeout": "1s",
                                     "idleTimeout": "0s", "maxConnections": 1000, "maximumLag": 16777216}},
                     "nodes": [
                       {"id": "pg-1", "region": "eu", "zone": "a", "address": "10.0.0.1:5432", "agent": "10.0.0.1:8008",
                        "priority": 100, "nofailover": false, "adminState": "ENABLED"},
                       {"id": "pg-2", "region": "eu", "zone": "b", "address": "10.0.0.2:5432", "agent": "[fd00::2]:8008"},
                       {"id": "pg-3", "region": "eu", "zone": "b", "address": "10.0.0.3:5432", "agent": "10.0.0.3:8008"}]}"""),
            new Original("/api/v1/nodes/pg-1", """
                    {"id": "pg-1", "cluster": "orders", "region": "eu", "zone": "a", "address": "10.0.0.1:5432",
                     "agent": "10.0.0.1:8008", "priority": 200, "nofailover": true}"""),
            new Original("/api/v1/nodes/shop-1", """
                    {"id": "shop-1", "cluster": "shop", "region": "eu", "zone": "a", "address": "10.0.0.1:8080",
                     "weight": 1, "labels": {"tier": "gold"}, "adminState": "ENABLED"}"""),
            new Original("/api/v1/nodes/shop-2/admin-state", """
                    {"adminState": "DRAINING", "reason": "disk is failing"}"""),
            new Original("/api/v1/nodes/pg-1/admin-state", """
                    {"adminState": "MAINTENANCE", "reason": "new kernel"}"""));

    private static final List<String> STRINGS = List.of(
            "",
            " ",
            "\u0000",
            "a\u0000b",
            "line\nbreak",
            "tab\t",
            "\u001b[31mred",
            "\u202Egnp.exe",
            "\u2066x\u2069",
            "\ud800",
            "x\udfff",
            "\u200b",
            "\ufeff",
            "\uffff",
            "ünïcode",
            "日本語",
            "👩‍👩‍👧",
            "Ａ",
            "İ",
            "'; DROP TABLE nodes; --",
            "<script>alert(1)</script>",
            "${jndi:ldap://x}",
            "#{7*7}",
            "../../etc/passwd",
            "%00",
            "UPPER",
            "-a",
            "a-",
            "a..b",
            "a_b",
            "xn--",
            "a".repeat(64),
            "a".repeat(300),
            "/" + "a".repeat(5000),
            "/a/".repeat(2000),
            "a.".repeat(20_000),
            "1s",
            "-1s",
            "1",
            "0",
            "99999999999999999999s",
            "P1D",
            "PT0.0000001S",
            "1e3s",
            "∞",
            "true",
            "null",
            "NaN",
            "-Infinity",
            "0x10",
            "10.0.0.1",
            "10.0.0.1:0",
            "10.0.0.1:99999",
            "[::1]:80",
            "[zz]:80",
            "[:::::]:80",
            "host:80:80",
            "*",
            "*.*",
            "*.example.com",
            "//",
            "/a b",
            "/%zz",
            "/é",
            "/#x",
            "http://[",
            "https://{node}",
            "http:// /",
            "599-100",
            "700",
            "200-",
            "2026-01-01T00:00:00Z",
            "ENABLED",
            "enabled",
            "shop",
            "shop-1",
            "eu",
            "pg-2",
            "ASYNC",
            "mars");

    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "-0",
            "1001",
            "65536",
            "2147483648",
            "-9223372036854775809",
            "1.5",
            "1e2",
            "1e400",
            "-1e-400",
            "9".repeat(400),
            "1e999999999",
            "0.1000000000000000055511151231257827");

    private static final List<String> YAML = List.of(
            "&a [*a]",
            "*nowhere",
            "&x eu",
            "!!binary \"aGk=\"",
            "!!int \"5\"",
            "!!org.example.Gadget [\"http://x\"]",
            "!custom x",
            "0x1F",
            "0o17",
            "0b101",
            "1_000",
            "1_",
            "+.inf",
            ".nan",
            "~",
            "yes",
            "On",
            "2026-01-01",
            "12:30:45",
            "? a",
            "|\n  block\n",
            ">-\n  folded\n",
            "\"unterminated",
            "'unterminated",
            "@at",
            "`tick",
            "%percent",
            "{a: 1, a: 2}",
            "[1, 2",
            "{",
            "}",
            "]",
            "- - - x",
            "\"\\x00\"",
            "\"\\ud800\"",
            "\"\\U00110000\"",
            "\t",
            ": :",
            "!!null x",
            "!<tag:x> y",
            "--1",
            "0x",
            "0b2",
            "0o8",
            "-",
            "+",
            ".",
            "1e",
            "1.2.3",
            "<<");

    private final RandomGenerator random;
    private final ObjectMapper json = HoldfastJson.jsonMapper();
    private final ObjectMapper yaml = HoldfastJson.yamlMapper();

    HostileDocuments(RandomGenerator random) {
        this.random = random;
    }

    Sent next() {
        Original original = pick(ORIGINALS);
        ObjectNode tree = (ObjectNode) json.readTree(original.json());
        int mutations = 1 + random.nextInt(3);
        for (int i = 0; i < mutations; i++) {
            mutate(tree);
        }
        boolean patch = random.nextInt(6) == 0 && !original.path().endsWith("admin-state");
        if (!patch && random.nextInt(3) == 0) {
            return new Sent("PUT", original.path(), mediaType("application/yaml"), bytes(hostileYaml(tree)));
        }
        String text = hostileJson(tree);
        return patch
                ? new Sent("PATCH", original.path(), mediaType("application/merge-patch+json"), bytes(text))
                : new Sent("PUT", original.path(), mediaType("application/json"), bytes(text));
    }

    private void mutate(ObjectNode tree) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(tree, objects);
        ObjectNode object = pick(objects);
        List<String> names = new ArrayList<>(object.propertyNames());
        switch (random.nextInt(8)) {
            case 0 ->
                object.set(pick(List.of("x", "Zones", "nodes ", "class", "__proto__", "$ref", "", "\u0000")), value(0));
            case 1 -> {
                if (!names.isEmpty()) {
                    object.remove(pick(names));
                }
            }
            case 2 ->
                object.set(
                        pick(List.of("labels", "zones", "nodes", "routes", "check", "postgresql", "agent")), value(0));
            case 3 -> {
                if (object.get("nodes") instanceof ArrayNode nodes && !nodes.isEmpty()) {
                    nodes.add(nodes.get(random.nextInt(nodes.size())).deepCopy());
                }
            }
            default -> {
                if (!names.isEmpty()) {
                    object.set(pick(names), value(0));
                }
            }
        }
    }

    private JsonNode value(int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > 2 ? 7 : 10)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextInt());
            case 3 -> nodes.numberNode(random.nextDouble());
            case 4, 5, 6 -> nodes.stringNode(pick(STRINGS));
            case 7 -> nodes.arrayNode().add(value(depth + 1));
            case 8 -> nodes.objectNode().set(pick(STRINGS), value(depth + 1));
            default -> nested(random.nextInt(40));
        };
    }

    private static JsonNode nested(int depth) {
        JsonNode node = JsonNodeFactory.instance.stringNode("deep");
        for (int i = 0; i < depth; i++) {
            node = JsonNodeFactory.instance.arrayNode().add(node);
        }
        return node;
    }

    private String hostileJson(ObjectNode tree) {
        String text = json.writeValueAsString(tree);
        int at = random.nextInt(text.length());
        return switch (random.nextInt(16)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1));
            case 2 -> text.substring(0, at) + (char) random.nextInt(128) + text.substring(at);
            case 3 -> text + pick(List.of("{}", "x", ",", "]", "\u0000", "null"));
            case 4 -> "{\"labels\":{},\"nodes\":[],\"nodes\":[]," + text.substring(1);
            case 5 -> text.replaceFirst("\\d+", pick(NUMBERS));
            case 6 -> text.replaceFirst(":\"[^\"]*\"", ":" + pick(NUMBERS));
            case 7 -> "[".repeat(random.nextInt(3000)) + text;
            case 8 -> "{\"labels\":" + "{\"a\":".repeat(1 + random.nextInt(3000)) + "1";
            case 9 ->
                pick(List.of(
                        "", " ", "null", "true", "[]", "{}", "\"\"", "1", "\ufeff{}", "/* c */ {}", "{'a': 1}", "NaN"));
            default -> text;
        };
    }

    private String hostileYaml(ObjectNode tree) {
        String text = yaml.writeValueAsString(tree);
        int at = random.nextInt(text.length());
        String trick = pick(YAML);
        return switch (random.nextInt(12)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + trick + text.substring(at);
            case 2, 3, 4 ->
                text.replaceFirst("(?m): \"[^\"]*\"$", ": " + java.util.regex.Matcher.quoteReplacement(trick));
            case 5 -> text + pick(List.of("---\n{}\n", "...\nx", "- x\n", "? x\n", "<<: {a: 1}\n", trick));
            case 6 -> "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n" + text;
            case 7 ->
                "labels: "
                        + pick(List.of("[", "{a: ", "- ", "? ", "!!map {x: ")).repeat(1 + random.nextInt(2000));
            case 8 -> "%YAML 9.9\n---\n" + text;
            case 9 -> text.replaceFirst("\\d+", java.util.regex.Matcher.quoteReplacement(trick));
            default -> text;
        };
    }

    private String mediaType(String right) {
        return random.nextInt(40) == 0
                ? pick(List.of(
                        "text/plain",
                        "application/xml",
                        "application/octet-stream",
                        "application/json;charset=UTF-16",
                        "application/yaml",
                        "application/json",
                        "application/x-www-form-urlencoded"))
                : right;
    }

    private byte[] bytes(String text) {
        return switch (random.nextInt(60)) {
            case 0 -> text.getBytes(ISO_8859_1);
            case 1 -> text.getBytes(UTF_16);
            case 2 -> {
                byte[] broken = text.getBytes(UTF_8);
                if (broken.length > 0) {
                    broken[random.nextInt(broken.length)] = (byte) (128 + random.nextInt(128));
                }
                yield broken;
            }
            case 3 -> random.nextInt(4) == 0 ? oversized(text) : text.getBytes(UTF_8);
            default -> text.getBytes(UTF_8);
        };
    }

    private static byte[] oversized(String text) {
        byte[] right = text.getBytes(UTF_8);
        byte[] padded = Arrays.copyOf(right, 1024 * 1024 + 1);
        Arrays.fill(padded, right.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        node.values().forEach(child -> collect(child, objects));
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
