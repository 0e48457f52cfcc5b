package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.control.UpstreamForTests;
import dev.holdfast.gateway.control.UpstreamForTests.Asked;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HintTest {

    @Test
    void asksTheObserversToCheckANodeThatAnswersWithAFailure(@TempDir Path folder) {
        try (UpstreamForTests observer = UpstreamForTests.named("observer");
                TestNode node = new TestNode("node-1");
                TestGateway gateway = TestGateway.start(
                        folder,
                        "--holdfast.services.health=" + observer.address() + "/behind/a/path/",
                        "--holdfast.access.service-token=a-token")) {
            gateway.declare(Settings.fast(), List.of(node));
            node.behave(TestNode.status(503));
            assertThat(gateway.get("/").statusCode()).isEqualTo(503);

            await().until(() -> !observer.asked().isEmpty());
            Asked hint = observer.asked().getFirst();
            assertThat(hint.uri()).hasToString("/behind/a/path/api/v1/nodes/node-1/hints");
            assertThat(hint.header("Authorization")).contains("Bearer a-token");
            assertThat(hint.body()).contains("status-503");
        }
    }
}
