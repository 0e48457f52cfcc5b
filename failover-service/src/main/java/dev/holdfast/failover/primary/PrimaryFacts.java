package dev.holdfast.failover.primary;

import dev.holdfast.failover.promotion.AgentReport;
import dev.holdfast.failover.promotion.FailoverSnapshot;
import dev.holdfast.failover.promotion.FailoverSnapshot.Verification;
import dev.holdfast.failover.promotion.Member;
import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.replication.PostgresSettings;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of a cluster with a replicated database, as the decider takes it. */
record PrimaryFacts(
        Instant now,
        ClusterState.Members cluster,
        Map<NodeId, AgentReport> reports,
        Optional<Verification> verification,
        Optional<ClusterPrimary.Pause> pausedEverywhere,
        Optional<OperatorRequest> request) {

    /** What the store knows by itself. */
    static PrimaryFacts of(StateView view, ClusterState.Members cluster, Map<NodeId, AgentReport> reports) {
        return new PrimaryFacts(
                view.now(),
                cluster,
                reports,
                Optional.empty(),
                view.pauseEverywhere().map(PauseEverywhere::pause),
                Optional.empty());
    }

    PrimaryFacts knowing(Optional<Verification> newest) {
        return new PrimaryFacts(now, cluster, reports, newest, pausedEverywhere, request);
    }

    PrimaryFacts asking(OperatorRequest asked) {
        return new PrimaryFacts(now, cluster, reports, verification, pausedEverywhere, Optional.of(asked));
    }

    FailoverPolicy policy() {
        return cluster.cluster()
                .settings()
                .postgresql()
                .map(PostgresSettings::failover)
                .orElseThrow();
    }

    /** A node that is not in service is no candidate, and goes on as a standby. */
    List<Member> members() {
        return cluster.nodes().stream()
                .map(node ->
                        new Member(node.id(), node.region(), node.failover().priority(), isNoCandidate(node)))
                .toList();
    }

    private static boolean isNoCandidate(Node node) {
        return node.failover().nofailover() || node.adminState() != AdminState.ENABLED;
    }

    HealthStatus verdict(NodeId node) {
        return cluster.healthOf(node).map(NodeHealth::status).orElse(HealthStatus.UNKNOWN);
    }

    Map<NodeId, HealthStatus> verdicts() {
        Map<NodeId, HealthStatus> verdicts = new HashMap<>();
        cluster.nodes().forEach(node -> verdicts.put(node.id(), verdict(node.id())));
        return verdicts;
    }

    /** Why nothing begins by itself, here or anywhere. */
    Optional<ClusterPrimary.Pause> pause(ClusterPrimary primary) {
        return primary.paused().or(() -> pausedEverywhere);
    }

    FailoverSnapshot snapshot(ClusterPrimary primary) {
        return new FailoverSnapshot(
                now,
                policy(),
                primary.record(),
                members(),
                reports,
                verdict(primary.record().reign().primary()),
                pause(primary).isPresent(),
                verification,
                request);
    }
}
