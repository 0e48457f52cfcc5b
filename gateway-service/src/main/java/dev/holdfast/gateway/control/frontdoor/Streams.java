package dev.holdfast.gateway.control.frontdoor;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/** Tells server-sent event streams, which have no end that could be waited for, from other exchanges. */
final class Streams {

    private Streams() {}

    static boolean asksForStream(ServerHttpRequest request) {
        return request.getHeaders().getAccept().contains(MediaType.TEXT_EVENT_STREAM)
                || request.getURI().getPath().endsWith("/stream");
    }

    static boolean isStream(ServerHttpResponse response) {
        return MediaType.TEXT_EVENT_STREAM.isCompatibleWith(
                response.getHeaders().getContentType());
    }
}
