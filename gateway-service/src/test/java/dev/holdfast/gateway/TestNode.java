package dev.holdfast.gateway;

import dev.holdfast.model.topology.Endpoint;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A node on a real socket that behaves as it is told. */
final class TestNode implements AutoCloseable {

    /** What the node does with a request. */
    interface Behaviour extends BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {}

    /** Its own, since a gateway that stops takes the threads with it that all of this JVM share. */
    private static final LoopResources THREADS = LoopResources.create("test-node", 2, true);

    /** More than the gateway passes on. */
    private static final int MAX_HEAD_BYTES = 256 * 1024;

    private final String name;
    private final int port;
    private final AtomicInteger arrivals = new AtomicInteger();
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour;
    private volatile DisposableServer server;

    TestNode(String name) {
        this.name = name;
        this.behaviour = answering();
        this.server = listen(0);
        this.port = server.port();
    }

    private DisposableServer listen(int onPort) {
        return HttpServer.create()
                .runOn(THREADS)
                .host("127.0.0.1")
                .port(onPort)
                .httpRequestDecoder(
                        decoder -> decoder.maxInitialLineLength(MAX_HEAD_BYTES).maxHeaderSize(MAX_HEAD_BYTES))
                .doOnConnection(connections::add)
                .handle((request, response) -> {
                    arrivals.incrementAndGet();
                    return behaviour.apply(request, response);
                })
                .bindNow(Duration.ofSeconds(5));
    }

    String name() {
        return name;
    }

    Endpoint address() {
        return new Endpoint("127.0.0.1", port);
    }

    int arrivals() {
        return arrivals.get();
    }

    void behave(Behaviour newBehaviour) {
        behaviour = newBehaviour;
    }

    Behaviour answering() {
        return (request, response) -> response.header("x-served-by", name)
                .sendString(Mono.just(name + " " + request.method() + " " + request.uri()));
    }

    static Behaviour status(int status) {
        return (request, response) -> response.status(status).sendString(Mono.just("no " + status));
    }

    static Behaviour hanging() {
        return (request, response) -> Mono.never();
    }

    /** Reads the request, then breaks the connection. */
    static Behaviour resetting() {
        return (request, response) -> request.receive().then(breaking(request));
    }

    /** Promises 1000 bytes, sends 4 and closes the connection. */
    static Behaviour breakingOff() {
        return (request, response) -> response.header("content-length", "1000")
                .send(
                        Flux.concat(
                                Mono.fromSupplier(
                                        () -> response.alloc().buffer().writeBytes(new byte[4])),
                                Mono.fromRunnable(() -> request.withConnection(TestNode::close))),
                        part -> true);
    }

    /** Breaks the connection, with a reset where the system allows. */
    static Mono<Void> breaking(HttpServerRequest request) {
        return Mono.fromRunnable(() -> request.withConnection(connection -> {
            connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            close(connection);
        }));
    }

    private static void close(Connection connection) {
        var _ = connection.channel().close();
    }

    /** Dies: nothing listens any more, and every connection is gone. */
    void kill() {
        server.disposeNow(Duration.ofSeconds(5));
        connections.forEach(TestNode::close);
        connections.clear();
    }

    void restart() {
        server = listen(port);
    }

    @Override
    public void close() {
        kill();
    }
}
