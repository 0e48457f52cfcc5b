package dev.holdfast.gateway.control.openapi;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Serves the one document of all services where tools look for it. */
@RestController
@Hidden
final class OpenApiController {

    private final MergedOpenApi merged;

    OpenApiController(MergedOpenApi merged) {
        this.merged = merged;
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<byte[]> document() {
        return merged.document();
    }
}
