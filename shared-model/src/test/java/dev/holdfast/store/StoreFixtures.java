package dev.holdfast.store;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.Retries;
import dev.holdfast.model.topology.Route;
import dev.holdfast.model.topology.ZoneId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Small valid values, not yet stored. */
public final class StoreFixtures {

    public static final Instant SOME_TIME = Instant.parse("2026-01-02T03:04:05.123456Z");

    private StoreFixtures() {}

    public static JournalEntry entry(EventType type) {
        return JournalEntry.of(type, "tester", "something happened");
    }

    public static Region region(String id, String... zones) {
        return new Region(
                new RegionId(id),
                "Region " + id,
                Arrays.stream(zones).map(ZoneId::new).toList(),
                Map.of("provider", "here"),
                Revision.NONE);
    }

    public static Cluster cluster(String id) {
        ClusterSettings settings = new ClusterSettings(
                Redundancy.ACTIVE_ACTIVE,
                List.of(new Route("shop.example", "/" + id)),
                HealthCheck.DEFAULT,
                Balancing.DEFAULT,
                Retries.DEFAULT,
                Ejection.DEFAULT,
                Duration.ofMillis(1_500),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Cluster(new ClusterId(id), settings, Revision.NONE);
    }

    public static Node node(String id, String cluster, String region, String zone) {
        return new Node(
                new NodeId(id),
                new ClusterId(cluster),
                new RegionId(region),
                new ZoneId(zone),
                new Endpoint("127.0.0.1", 8081),
                Node.DEFAULT_WEIGHT,
                FailoverTraits.DEFAULT,
                Map.of("rack", "r1"),
                AdminState.ENABLED,
                Optional.empty(),
                Revision.NONE);
    }

    public static NodeHealth healthy(String node) {
        return new NodeHealth(
                new NodeId(node),
                HealthStatus.HEALTHY,
                Optional.of(HealthStatus.HEALTHY),
                0,
                SOME_TIME,
                "2 of 3 observers: UP",
                Revision.NONE);
    }

    public static NodeOpinion opinion(String observer, String node, Opinion opinion) {
        ProbeResult evidence = new ProbeResult(
                opinion == Opinion.UP ? ProbeOutcome.SUCCESS : ProbeOutcome.TIMEOUT,
                SOME_TIME,
                Duration.ofNanos(1_234_567),
                "as seen");
        return new NodeOpinion(new ObserverId(observer), new NodeId(node), opinion, SOME_TIME, evidence);
    }

    /** An operation in state RUNNING, whose id is made of {@code number}. */
    public static Operation operation(long number, String cluster) {
        return new Operation(
                new OperationId(new UUID(0, number)),
                OperationType.ROLLING_RESTART,
                new ClusterId(cluster),
                Optional.empty(),
                OperationState.RUNNING,
                Map.of("maxUnavailable", 1, "reason", "a new version"),
                List.of(OperationStep.pending("drain", new NodeId("node-1"))),
                "tester",
                SOME_TIME.plusSeconds(number),
                Optional.empty(),
                Optional.empty(),
                Revision.NONE);
    }

    public static Operation ended(Operation operation, Instant at) {
        return new Operation(
                operation.id(),
                operation.type(),
                operation.cluster(),
                operation.node(),
                OperationState.SUCCEEDED,
                operation.parameters(),
                operation.steps(),
                operation.startedBy(),
                operation.startedAt(),
                Optional.of(at),
                Optional.of("all nodes restarted"),
                operation.version());
    }
}
