package dev.holdfast.gateway.control.status;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The status of the installation as this gateway sees it. */
@RestController
@RequestMapping("/api/v1/status")
@Tag(name = "Status")
final class StatusController {

    /** Enough for every operator's screen, and few enough that forgotten ones do no harm. */
    private static final int MAX_STREAMS = 100;

    private final Supplier<StatusView> status;
    private final StatusFeed feed;
    private final Semaphore streams = new Semaphore(MAX_STREAMS);

    StatusController(Supplier<StatusView> status, StatusFeed feed) {
        this.status = status;
        this.feed = feed;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Regions, clusters and nodes as this gateway sees them")
    StatusView status() {
        return status.get();
    }

    @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            summary = "The status as server-sent events",
            description = "The whole status at once and after each change, at most five times a second; a comment every"
                    + " ten seconds. Readers that fall behind get the newest.")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = StatusView.class)))
    Mono<Void> stream(@Parameter(hidden = true) HttpMethod method, ServerHttpResponse response) {
        if (method.equals(HttpMethod.HEAD)) {
            return begin(response).setComplete();
        }
        if (!streams.tryAcquire()) {
            throw new ProblemException(
                    ProblemCode.TOO_MANY_REQUESTS,
                    "This gateway serves at most " + MAX_STREAMS + " status streams at a time; close one.");
        }
        return begin(response)
                .writeAndFlushWith(feed.frames(response.bufferFactory()))
                .doFinally(end -> streams.release());
    }

    private static ServerHttpResponse begin(ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
        response.getHeaders().setCacheControl("no-store");
        return response;
    }
}
