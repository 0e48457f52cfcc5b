package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.activity.NodeActivity.SeenFailure;
import dev.holdfast.model.topology.NodeId;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.WebsocketServerSpec;

class WebSocketTest {

    private final TestNode node = new TestNode("node-1");
    private final NodeId id = new NodeId("node-1");
    private TestGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) {
        gateway = TestGateway.start(
                folder,
                "--holdfast.gateway.limits.web-socket-handshake=3s",
                "--holdfast.gateway.limits.answer-idle=2s");
        gateway.declare(Settings.fast(), List.of(node));
        node.behave((request, response) -> response.sendWebsocket(
                (in, out) -> out.sendObject(in.aggregateFrames().receiveFrames().map(frame -> frame.retain())),
                WebsocketServerSpec.builder()
                        .maxFramePayloadLength(4 * 1024 * 1024)
                        .build()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        node.close();
    }

    private URI url() {
        return URI.create("ws://127.0.0.1:" + gateway.process().dataPort() + "/chat?room=1");
    }

    private WebSocket open(Messages messages) {
        return gateway.client()
                .newWebSocketBuilder()
                .buildAsync(url(), messages)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void passesTextAndLargeFramesBothWays() {
        Messages messages = new Messages();
        WebSocket socket = open(messages);
        socket.sendText("hello", true).join();
        assertThat(messages.text.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("hello");

        byte[] large = new byte[300 * 1024];
        large[large.length - 1] = 42;
        socket.sendBinary(ByteBuffer.wrap(large), true).join();
        assertThat(messages.binary.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(large);
        assertThat(gateway.activity().of(id).outstanding()).isEqualTo(1);

        socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").join();
        messages.closed.orTimeout(10, TimeUnit.SECONDS).join();
        await().until(() -> gateway.activity().of(id).outstanding() == 0);
        assertThat(gateway.activity().lastFailure(id)).isEmpty();
    }

    private int statusOfHandshake() {
        return assertThatThrownBy(() -> open(new Messages()))
                .cause()
                .asInstanceOf(type(WebSocketHandshakeException.class))
                .actual()
                .getResponse()
                .statusCode();
    }

    @Test
    void opensNoneWhenTheNodeDoesNotAnswerTheHandshake() {
        node.behave(TestNode.hanging());
        assertThat(statusOfHandshake()).isEqualTo(504);
        await().until(() -> gateway.activity().of(id).outstanding() == 0);
        assertThat(gateway.activity().lastFailure(id)).map(SeenFailure::kind).contains("timeout");
    }

    @Test
    void opensNoneWhenTheOnlyNodeIsDead() {
        node.kill();
        assertThat(statusOfHandshake()).isEqualTo(502);
        assertThat(gateway.activity().lastFailure(id)).map(SeenFailure::kind).contains("refused");
        await().until(() -> gateway.activity().of(id).outstanding() == 0);
    }

    @Test
    void passesARefusalOfTheNodeOn() {
        node.behave(TestNode.status(403));
        assertThat(statusOfHandshake()).isEqualTo(403);
        assertThat(gateway.activity().lastFailure(id)).isEmpty();
        await().until(() -> gateway.activity().of(id).outstanding() == 0);
    }

    @Test
    void opensItOnAnotherNodeWhenOneIsDead() {
        try (TestNode dead = new TestNode("node-0")) {
            dead.kill();
            gateway.addNode(dead, "b");
            for (int i = 0; i < 4; i++) {
                Messages messages = new Messages();
                WebSocket socket = open(messages);
                socket.sendText("hello", true).join();
                assertThat(messages.text.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("hello");
                socket.abort();
            }
        }
        await().until(() -> gateway.activity().of(id).outstanding() == 0);
    }

    @Test
    void agreesOnTheProtocolThatTheNodeChooses() {
        node.behave((request, response) -> response.sendWebsocket(
                (in, out) -> out.sendString(Mono.just(String.valueOf(in.selectedSubprotocol()))),
                WebsocketServerSpec.builder().protocols("v2").build()));
        Messages messages = new Messages();
        WebSocket socket = gateway.client()
                .newWebSocketBuilder()
                .subprotocols("v1", "v2")
                .buildAsync(url(), messages)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        assertThat(socket.getSubprotocol()).isEqualTo("v2");
        assertThat(messages.text.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("v2");
    }

    @Test
    void tellsTheUserWhenTheNodeCloses() {
        node.behave((request, response) -> response.sendWebsocket((in, out) -> out.sendClose(4321, "enough")));
        Messages messages = new Messages();
        open(messages);
        messages.closed.orTimeout(10, TimeUnit.SECONDS).join();
        await().until(() -> gateway.activity().of(id).outstanding() == 0);
    }

    @Test
    void closesOneOnWhichNothingPasses() {
        Messages messages = new Messages();
        open(messages);
        messages.closed.orTimeout(10, TimeUnit.SECONDS).join();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> gateway.activity().of(id).outstanding() == 0);
    }

    /** What the client has heard. */
    private static final class Messages implements WebSocket.Listener {

        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final CompletableFuture<byte[]> binary = new CompletableFuture<>();
        private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
        private final StringBuilder textSoFar = new StringBuilder();
        private final ByteArrayOutputStream bytesSoFar = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            textSoFar.append(data);
            if (last) {
                text.complete(textSoFar.toString());
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            bytesSoFar.writeBytes(bytes);
            if (last) {
                binary.complete(bytesSoFar.toByteArray());
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(true);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.complete(true);
        }
    }
}
