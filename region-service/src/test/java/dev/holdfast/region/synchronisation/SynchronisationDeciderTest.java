package dev.holdfast.region.synchronisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import dev.holdfast.region.synchronisation.SynchronisationDecider.Attempt;
import dev.holdfast.region.synchronisation.SynchronisationDecider.Decision;
import dev.holdfast.region.synchronisation.SynchronisationDecider.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SynchronisationDeciderTest {

    private static final ClusterSettings PLAIN = settings("{}");

    private static final ClusterSettings HOOKED = settings("{\"synchronisation\": {\"path\": \"/ready\"}}");

    private static final Node JOINING = new Node(
            new NodeId("n1"),
            new ClusterId("shop"),
            new RegionId("eu"),
            new ZoneId("a"),
            Endpoint.parse("10.0.0.1:8080"),
            1,
            FailoverTraits.DEFAULT,
            Map.of(),
            AdminState.ENABLED,
            Optional.empty(),
            Revision.NONE);

    @Test
    void onlyANodeThatAQuorumHoldsHealthyNowJoins() {
        assertThat(JoiningNode.of(JOINING, PLAIN, Optional.empty())).isEmpty();
        assertThat(JoiningNode.of(JOINING, PLAIN, health(HealthStatus.UNHEALTHY, 1)))
                .isEmpty();
        assertThat(JoiningNode.of(JOINING, PLAIN, health(HealthStatus.UNKNOWN, 1)))
                .isEmpty();
        assertThat(JoiningNode.of(JOINING, PLAIN, health(HealthStatus.HEALTHY, 1)))
                .isPresent();
        assertThat(JoiningNode.of(
                        JOINING.withAdminState(AdminState.MAINTENANCE), PLAIN, health(HealthStatus.HEALTHY, 1)))
                .isEmpty();
    }

    @Test
    void aPostgresNodeJoinsOnceItIsHealthyAndIsAskedNothing() {
        assertThat(JoiningNode.of(JOINING, settings("{\"postgresql\": {}}"), health(HealthStatus.HEALTHY, 1)))
                .hasValueSatisfying(joining -> assertThat(joining.question()).isEmpty());
    }

    @Test
    void aNewIncarnationIsAskedAgainWhenThereIsAHook() {
        Node joinedBefore = JOINING.withSynchronisedIn(Optional.of(1L));
        assertThat(JoiningNode.of(joinedBefore, PLAIN, health(HealthStatus.HEALTHY, 2)))
                .isEmpty();
        assertThat(JoiningNode.of(joinedBefore, HOOKED, health(HealthStatus.HEALTHY, 1)))
                .isEmpty();
        assertThat(JoiningNode.of(joinedBefore, HOOKED, health(HealthStatus.HEALTHY, 2)))
                .map(JoiningNode::incarnation)
                .contains(2L);
    }

    @Test
    void theHookIsAskedOverTlsWhereTheChecksAre() {
        assertThat(uri("{\"synchronisation\": {\"path\": \"/ready\"}}")).isEqualTo("http://10.0.0.1:8080/ready");
        assertThat(uri("{\"check\": {\"type\": \"HTTPS\"}, \"synchronisation\": {\"path\": \"/ready\"}}"))
                .isEqualTo("https://10.0.0.1:8080/ready");
        assertThat(
                        uri(
                                "{\"check\": {\"type\": \"HTTPS\", \"port\": 9000}, \"synchronisation\": {\"path\": \"/ready\"}}"))
                .isEqualTo("http://10.0.0.1:8080/ready");
    }

    @Test
    void marksWithoutAHookAndAsksWithOne() {
        JoiningNode plain = joining(PLAIN, 1);
        JoiningNode hooked = joining(HOOKED, 2);
        Decision decision = SynchronisationDecider.decide(new Snapshot(List.of(plain, hooked), Map.of(), 0, 10));
        assertThat(decision.mark()).containsExactly(plain);
        assertThat(decision.ask()).containsExactly(hooked);
    }

    @Test
    void waitsForAttemptsUnderWayAndForTheInterval() {
        JoiningNode asked = joining(HOOKED, 1);
        JoiningNode waiting = joining(HOOKED, 2);
        JoiningNode due = joining(HOOKED, 3);
        long now = 1_000_000;
        Decision decision = SynchronisationDecider.decide(new Snapshot(
                List.of(asked, waiting, due),
                Map.of(
                        asked, new Attempt.UnderWay(),
                        waiting, new Attempt.NotBefore(now + 700),
                        due, new Attempt.NotBefore(now)),
                now,
                10));
        assertThat(decision.ask()).containsExactly(due);
        assertThat(decision.lookAgain()).isEqualTo(Duration.ofNanos(700));
    }

    @Test
    void asksNoMoreAtOnceThanThereArePlaces() {
        List<JoiningNode> nodes = List.of(joining(HOOKED, 1), joining(HOOKED, 2), joining(HOOKED, 3));
        assertThat(SynchronisationDecider.decide(new Snapshot(nodes, Map.of(), 0, 2))
                        .ask())
                .hasSize(2);
    }

    private static String uri(String declaration) {
        return JoiningNode.of(JOINING, settings(declaration), health(HealthStatus.HEALTHY, 1))
                .flatMap(JoiningNode::question)
                .orElseThrow()
                .uri()
                .toString();
    }

    private static JoiningNode joining(ClusterSettings settings, long incarnation) {
        return JoiningNode.of(JOINING, settings, health(HealthStatus.HEALTHY, incarnation))
                .orElseThrow();
    }

    private static ClusterSettings settings(String declaration) {
        return HoldfastJson.jsonMapper()
                .readValue(declaration, ClusterDeclaration.class)
                .settings();
    }

    private static Optional<NodeHealth> health(HealthStatus status, long incarnation) {
        Optional<HealthStatus> decided = Optional.of(status == HealthStatus.UNKNOWN ? HealthStatus.HEALTHY : status);
        return Optional.of(new NodeHealth(
                JOINING.id(), status, decided, incarnation, Instant.EPOCH, "2 of 3 agree", Revision.NONE));
    }
}
