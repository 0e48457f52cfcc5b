package dev.holdfast.gateway.tcp;

import dev.holdfast.model.topology.Endpoint;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.http.client.HttpClient;

/** Asks by the agents' role probe {@code /replica}, which needs no token. */
final class HttpLagProbe implements LagProbe {

    private static final Logger log = LoggerFactory.getLogger(HttpLagProbe.class);

    /** Shorter than the time from one question to the next, so that answers don't overtake each other. */
    static final Duration TIMEOUT = Duration.ofMillis(500);

    private static final int OK = 200;

    private final HttpClient http;

    HttpLagProbe(HttpClient http) {
        this.http = http.responseTimeout(TIMEOUT);
    }

    @Override
    public void ask(Endpoint agent, long maximumLag, Consumer<Boolean> withinLag) {
        var _ = http.get()
                .uri("http://" + agent + "/replica?lag=" + maximumLag)
                .response()
                .timeout(TIMEOUT)
                .subscribe(answer -> withinLag.accept(answer.status().code() == OK), e -> {
                    log.debug("the agent at {} doesn't say whether its standby lags", agent, e);
                    withinLag.accept(false);
                });
    }
}
