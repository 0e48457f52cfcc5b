package dev.holdfast.gateway.control.openapi;

import dev.holdfast.gateway.control.openapi.OpenApiMerger.ServiceDocument;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Fetches the documents of all services and merges them; keeps the result for a while. Never fails for a service that is away. */
final class MergedOpenApi {

    private static final Logger log = LoggerFactory.getLogger(MergedOpenApi.class);

    /** A service that came back is described after so long. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    /** Of one replica; the first request of a service's document makes it, which takes a while. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Map<String, List<URI>> services;
    private final Mono<ObjectNode> own;
    private final String ownName;
    private final OpenApiMerger merger;
    private final WebClient client;
    private final JsonMapper mapper;
    private final Mono<byte[]> cached;

    /**
     * @param services names of the other services and where their replicas answer
     * @param own the document of this service
     */
    MergedOpenApi(
            Map<String, List<URI>> services,
            String ownName,
            Mono<ObjectNode> own,
            OpenApiMerger merger,
            WebClient client,
            JsonMapper mapper) {
        this.services = services;
        this.ownName = ownName;
        this.own = own;
        this.merger = merger;
        this.client = client;
        this.mapper = mapper;
        this.cached = Mono.defer(this::merge).cache(KEPT);
    }

    /** The merged document as JSON. */
    Mono<byte[]> document() {
        return cached;
    }

    private Mono<byte[]> merge() {
        List<Mono<ServiceDocument>> documents = new ArrayList<>();
        services.forEach((name, replicas) -> documents.add(ofService(name, replicas)));
        documents.add(own.map(document -> new ServiceDocument(ownName, Optional.of(document))));
        return Flux.mergeSequential(documents).collectList().map(merger::merge).map(mapper::writeValueAsBytes);
    }

    private Mono<ServiceDocument> ofService(String name, List<URI> replicas) {
        return Flux.fromIterable(replicas)
                .concatMap(replica -> fetch(name, replica), 1)
                .next()
                .map(document -> new ServiceDocument(name, Optional.of(document)))
                .defaultIfEmpty(new ServiceDocument(name, Optional.empty()));
    }

    private Mono<ObjectNode> fetch(String name, URI replica) {
        return client.get()
                .uri(URI.create(replica.toString().replaceFirst("/+$", "") + "/v3/api-docs"))
                .accept(MediaType.APPLICATION_JSON)
                .retrieve()
                .bodyToMono(byte[].class)
                .map(bytes -> mapper.readValue(bytes, ObjectNode.class))
                .timeout(TIMEOUT)
                .onErrorResume(failure -> {
                    log.warn("{} at {} gave no OpenAPI document", name, replica, failure.toString());
                    return Mono.empty();
                });
    }
}
