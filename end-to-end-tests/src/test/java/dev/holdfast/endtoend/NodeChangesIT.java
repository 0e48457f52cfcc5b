package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.quickstart.node.SampleNode;
import dev.holdfast.quickstart.node.SampleNodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(SharedQuickstart.class)
class NodeChangesIT {

    private static final Duration OPERATION_LIMIT = Duration.ofMinutes(3);

    private final RunningQuickstart quickstart;
    private final ControlApi control;

    NodeChangesIT(RunningQuickstart quickstart) {
        this.quickstart = quickstart;
        this.control = quickstart.control();
    }

    @Test
    void drainingANodeLetsItsRequestsEndAndGivesItNoNewOnes() throws Exception {
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(1))) {
            CompletableFuture<?>[] slow = slowAnswers();
            load.runFor(Duration.ofMillis(500));
            Instant ordered = Instant.now();
            String operation =
                    control.post("/api/v1/nodes/node-2/drain").path("id").asString();
            await("node-2 is out of rotation").until(() -> !control.inRotation("node-2"));
            Instant out = Instant.now();
            JsonNode ended = awaitOperation(operation);
            Instant drained = Instant.now();
            String enabling =
                    control.post("/api/v1/nodes/node-2/enable").path("id").asString();
            JsonNode enabled = awaitOperation(enabling);
            load.runFor(Duration.ofSeconds(2));
            LoadReport report = load.stop();
            System.out.println("drain: out of rotation after "
                    + Duration.between(ordered, out).toMillis() + " ms, drained after "
                    + Duration.between(ordered, drained).toMillis() + " ms; " + report);
            for (CompletableFuture<?> answer : slow) {
                assertThat(answer.get(20, TimeUnit.SECONDS)).asString().contains("node-", "ends after");
            }
            assertThat(ended.path("state").asString()).isEqualTo("SUCCEEDED");
            assertThat(enabled.path("state").asString()).isEqualTo("SUCCEEDED");
            assertThat(report.errors()).isEmpty();
            assertThat(report.servedBy("node-2", out, drained)).isZero();
        }
    }

    @Test
    void aNodeIsAddedAndRemovedWithoutAnError() throws Exception {
        SampleNode added = new SampleNode("node-5", "a", 0);
        added.start();
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(1))) {
            control.put("/api/v1/nodes/node-5", """
                    {"cluster": "sample", "region": "local", "zone": "a", "address": "127.0.0.1:%d"}""".formatted(added.port()));
            await("node-5 takes traffic").atMost(Duration.ofSeconds(30)).until(() -> control.inRotation("node-5"));
            Instant in = Instant.now();
            load.runFor(Duration.ofSeconds(2));
            Instant removed = Instant.now();
            control.delete("/api/v1/nodes/node-5");
            await("node-5 is out of the table")
                    .until(() -> !control.gatewayNode("node-5").path("inTable").asBoolean());
            Instant out = Instant.now();
            load.runFor(Duration.ofSeconds(2));
            LoadReport report = load.stop();
            System.out.println("add and remove: " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(report.servedBy("node-5", in, removed)).isPositive();
            assertThat(report.servedBy("node-5", out, Instant.MAX)).isZero();
        } finally {
            added.stop();
        }
    }

    @Test
    void aRollingRestartOfAllFourNodesFailsNoRequest() throws Exception {
        Map<String, Long> before = quickstart.processes();
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(1))) {
            String operation = control.post("/api/v1/clusters/sample/rolling-restart")
                    .path("id")
                    .asString();
            JsonNode ended = awaitOperation(operation);
            load.runFor(Duration.ofSeconds(2));
            LoadReport report = load.stop();
            System.out.println("rolling restart: " + report);
            assertThat(ended.path("state").asString())
                    .describedAs(ended.toPrettyString())
                    .isEqualTo("SUCCEEDED");
            assertThat(report.errors()).isEmpty();
            for (String node : SampleNodes.names()) {
                assertThat(quickstart.pid(node)).isPresent().get().isNotEqualTo(before.get(node));
            }
        }
    }

    /** Answers that take three seconds, enough of them that each node is at one of them. */
    private CompletableFuture<?>[] slowAnswers() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(quickstart.gateway() + "/slow?ms=3000"))
                .timeout(Duration.ofSeconds(20))
                .build();
        return Stream.generate(() ->
                        Http.CLIENT.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::body))
                .limit(16)
                .toArray(CompletableFuture[]::new);
    }

    private JsonNode awaitOperation(String id) {
        await("operation " + id + " ends")
                .atMost(OPERATION_LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() ->
                        control.get("/api/v1/operations/" + id).path("endedAt").isString());
        try {
            return control.get("/api/v1/operations/" + id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
