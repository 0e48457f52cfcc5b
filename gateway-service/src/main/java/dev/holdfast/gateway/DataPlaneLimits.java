package dev.holdfast.gateway;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much clients and nodes may send over the data port, and for how long they may be silent.
 *
 * @param requestLine longest request line of a client, and status line of a node; default 16 KiB
 * @param headers of a request, and of a node's answer; default 64 KiB
 * @param collectedBody of a GET, HEAD or DELETE, which the HTTP client takes in whole before it sends it; default 1 MiB
 * @param clientIdle a client's connection may stay without the whole head of its next request; default 75 s, longer
 *     than load balancers in front keep theirs
 * @param bodyIdle a client may be silent in the middle of its request's body; default 30 s
 * @param answerIdle nothing may pass for, either way, after an answer has begun or a WebSocket was opened; default 5 min
 * @param webSocketHandshake a node may take to open a WebSocket; default 5 s
 */
public record DataPlaneLimits(
        @DefaultValue("16KB") DataSize requestLine,
        @DefaultValue("64KB") DataSize headers,
        @DefaultValue("1MB") DataSize collectedBody,
        @DefaultValue("75s") Duration clientIdle,
        @DefaultValue("30s") Duration bodyIdle,
        @DefaultValue("5m") Duration answerIdle,
        @DefaultValue("5s") Duration webSocketHandshake) {

    private static final DataSize MOST = DataSize.ofMegabytes(16);

    public DataPlaneLimits {
        Map.of("request-line", requestLine, "headers", headers, "collected-body", collectedBody)
                .forEach(DataPlaneLimits::requireSize);
        Map.of(
                        "client-idle", clientIdle,
                        "body-idle", bodyIdle,
                        "answer-idle", answerIdle,
                        "web-socket-handshake", webSocketHandshake)
                .forEach(DataPlaneLimits::requirePositive);
    }

    private static void requireSize(String name, DataSize size) {
        if (size.toBytes() < 1 || size.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "holdfast.gateway.limits." + name + " is 1B to " + MOST.toMegabytes() + "MB, not " + size);
        }
    }

    private static void requirePositive(String name, Duration time) {
        if (time.toMillis() < 1) {
            throw new IllegalArgumentException("holdfast.gateway.limits." + name + " is 1ms or more, not " + time);
        }
    }
}
