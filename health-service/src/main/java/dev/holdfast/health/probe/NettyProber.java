package dev.holdfast.health.probe;

import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.CheckType;
import dev.holdfast.model.topology.HealthCheck;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.Connection;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;
import reactor.netty.tcp.TcpClient;

/**
 * Checks over HTTP, HTTPS, TCP and of PostgreSQL, each on a connection of its own, so that every check proves that the node accepts new
 * ones. Redirects are answers, not directions. Name resolution, connecting, TLS and the answer share one timeout.
 */
public final class NettyProber implements Prober {

    /** An answer is read to its end, or to this many bytes: enough to know that the node can finish one. */
    private static final int BODY_LIMIT = 64 * 1024;

    private static final int HEADER_LIMIT = 16 * 1024;

    /** A node that moves to another address is found there within this time. */
    private static final Duration NAME_CACHED = Duration.ofSeconds(10);

    /** The native transport reports a want of local ports, which is no node's fault, as it does a refusal. */
    private static final boolean NATIVE = false;

    private final LongSupplier nanoClock;
    private final InstantSource clock;
    private final Scheduler timers;
    private final HttpClient http;
    private final HttpClient https;
    private final HttpClient unverifiedHttps;
    private final TcpClient tcp;

    public NettyProber(LoopResources loops, Scheduler timers, LongSupplier nanoClock, InstantSource clock) {
        this.nanoClock = nanoClock;
        this.clock = clock;
        this.timers = timers;
        HttpClient base = HttpClient.create(ConnectionProvider.newConnection())
                .runOn(loops, NATIVE)
                .keepAlive(false)
                .disableRetry(true)
                .followRedirect(false)
                .resolver(names -> names.cacheMaxTimeToLive(NAME_CACHED))
                .httpResponseDecoder(decoder -> decoder.maxHeaderSize(HEADER_LIMIT))
                .headers(headers ->
                        headers.set("User-Agent", "holdfast-health-check").set("Accept", "*/*"));
        this.http = base;
        this.https = base.secure();
        GenericSslContextSpec<SslContextBuilder> anyCertificate = Http11SslContextSpec.forClient()
                .configure(tls -> tls.trustManager(InsecureTrustManagerFactory.INSTANCE));
        this.unverifiedHttps = base.secure(tls -> tls.sslContext(anyCertificate).handlerConfigurator(handler -> {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("");
            handler.engine().setSSLParameters(parameters);
        }));
        this.tcp =
                TcpClient.newConnection().runOn(loops, NATIVE).resolver(names -> names.cacheMaxTimeToLive(NAME_CACHED));
    }

    @Override
    public Mono<ProbeResult> probe(CheckTarget target) {
        HealthCheck check = target.check();
        return Mono.defer(() -> {
            long started = nanoClock.getAsLong();
            Accepted accepted = new Accepted();
            Mono<Seen> seen = switch (check.type()) {
                case HTTP, HTTPS -> request(target, accepted);
                case TCP -> connect(target);
                case POSTGRESQL -> askPostgres(target, accepted);
            };
            return seen.timeout(check.timeout(), timers)
                    .onErrorResume(failure -> Mono.just(classify(failure, check, accepted.yes)))
                    .map(outcome -> new ProbeResult(
                            outcome.outcome(),
                            clock.instant(),
                            Duration.ofNanos(nanoClock.getAsLong() - started),
                            outcome.detail()));
        });
    }

    private TcpClient to(CheckTarget target) {
        return tcp.host(target.where().host())
                .port(target.where().port())
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        millis(target.check().timeout()));
    }

    private Mono<Seen> connect(CheckTarget target) {
        return to(target)
                .connect()
                .doOnNext(Connection::dispose)
                .map(connection -> new Seen(ProbeOutcome.SUCCESS, "connected to " + target.where()));
    }

    private Mono<Seen> askPostgres(CheckTarget target, Accepted accepted) {
        return to(target)
                .doOnChannelInit((observer, channel, node) -> channel.pipeline().addFirst(accepted))
                .connect()
                .flatMap(connection -> connection
                        .outbound()
                        .sendByteArray(Mono.just(PostgresQuestion.bytes()))
                        .then()
                        .then(connection
                                .inbound()
                                .receive()
                                .asByteArray()
                                .filter(bytes -> bytes.length > 0)
                                .next())
                        .map(PostgresQuestion::judge)
                        .defaultIfEmpty(PostgresQuestion.CLOSED)
                        .doFinally(any -> connection.dispose()));
    }

    private Mono<Seen> request(CheckTarget target, Accepted accepted) {
        HealthCheck check = target.check();
        boolean secure = check.type() == CheckType.HTTPS;
        HttpClient client = secure ? (check.tlsVerify() ? https : unverifiedHttps) : http;
        return client.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(check.timeout()))
                .doOnChannelInit((observer, channel, node) -> channel.pipeline().addFirst(accepted))
                .get()
                .uri((secure ? "https://" : "http://") + target.where() + check.path())
                .response((response, body) -> {
                    Seen seen = judge(response, check);
                    if (!seen.outcome().isSuccess()) {
                        return Mono.just(seen);
                    }
                    return body.map(ByteBuf::readableBytes)
                            .scan(Integer::sum)
                            .takeUntil(read -> read > BODY_LIMIT)
                            .then(Mono.just(seen));
                })
                .next();
    }

    private static Seen judge(HttpClientResponse response, HealthCheck check) {
        int status = response.status().code();
        String expected = check.expectedStatus();
        int lowest = Integer.parseInt(expected.substring(0, 3));
        int highest = expected.length() > 3 ? Integer.parseInt(expected.substring(4)) : lowest;
        boolean success = lowest <= status && status <= highest;
        return new Seen(
                success ? ProbeOutcome.SUCCESS : ProbeOutcome.UNEXPECTED_ANSWER,
                "%d from GET %s".formatted(status, check.path()));
    }

    /**
     * By type, most special first: a connect timeout is a {@link ConnectException} too. A node that has accepted the
     * connection and then lets it break has proven the path; one that then says nothing has not.
     */
    private static Seen classify(Throwable failure, HealthCheck check, boolean accepted) {
        return switch (failure) {
            case TimeoutException _, io.netty.channel.ConnectTimeoutException _ ->
                new Seen(ProbeOutcome.TIMEOUT, "no answer within %d ms".formatted(millis(check.timeout())));
            case java.net.NoRouteToHostException _ -> new Seen(ProbeOutcome.UNREACHABLE, "no route to the node");
            case ConnectException _ -> new Seen(ProbeOutcome.REFUSED, "connection refused");
            case UnknownHostException _ -> new Seen(ProbeOutcome.UNREACHABLE, "the host name doesn't resolve");
            case SSLException tls -> new Seen(ProbeOutcome.UNEXPECTED_ANSWER, "TLS failed: " + tls.getMessage());
            // What the decoder throws at bytes that are not HTTP is one or the other.
            case DecoderException answer ->
                new Seen(ProbeOutcome.UNEXPECTED_ANSWER, "not understood: " + answer.getMessage());
            case IllegalArgumentException answer ->
                new Seen(ProbeOutcome.UNEXPECTED_ANSWER, "not understood: " + answer.getMessage());
            default ->
                accepted
                        ? new Seen(
                                ProbeOutcome.UNEXPECTED_ANSWER, "accepted, and then the connection broke: " + failure)
                        : new Seen(ProbeOutcome.UNREACHABLE, "no connection: " + failure);
        };
    }

    private static int millis(Duration timeout) {
        return Math.max(1, Math.toIntExact(timeout.toMillis()));
    }

    /** Whether the node has accepted the connection; known before TLS. Of one check each. */
    private static final class Accepted extends ChannelInboundHandlerAdapter {

        private volatile boolean yes;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            yes = true;
            context.fireChannelActive();
        }
    }

    /** How a check ended, and the evidence in words. */
    record Seen(ProbeOutcome outcome, String detail) {}
}
