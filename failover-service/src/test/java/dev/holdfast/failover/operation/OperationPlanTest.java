package dev.holdfast.failover.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be done with the nodes of a PostgreSQL cluster, of which {@code pg-1} is the primary. */
class OperationPlanTest {

    private static final ClusterId ORDERS = new ClusterId("orders");
    private static final NodeId PRIMARY = new NodeId("pg-1");
    private static final NodeId STANDBY = new NodeId("pg-2");

    @ParameterizedTest
    @EnumSource(names = {"DRAIN", "MAINTENANCE"})
    void thePrimaryCannotLeaveServiceEvenByForce(OperationType type) {
        for (boolean force : new boolean[] {false, true}) {
            assertThat(plan(type, Optional.of(PRIMARY), force))
                    .isInstanceOfSatisfying(OperationPlan.Refused.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ProblemCode.NODE_IS_PRIMARY);
                        assertThat(refused.detail()).contains("switch over to another node first");
                    });
        }
        assertThat(plan(type, Optional.of(STANDBY), false)).isInstanceOf(OperationPlan.Ready.class);
    }

    @Test
    void aPrimaryCanBeEnabled() {
        assertThat(plan(OperationType.ENABLE, Optional.of(PRIMARY), false)).isInstanceOf(OperationPlan.Ready.class);
    }

    @Test
    void aPostgresClusterHasNoRollingRestart() {
        assertThat(plan(OperationType.ROLLING_RESTART, Optional.empty(), true))
                .isInstanceOfSatisfying(
                        OperationPlan.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.WRONG_KIND_OF_CLUSTER));
    }

    private static OperationPlan plan(OperationType type, Optional<NodeId> node, boolean force) {
        return OperationPlan.of(
                new OperationOrder(
                        type,
                        node,
                        new OperationParameters(
                                Optional.of("test"),
                                force,
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())),
                orders());
    }

    private static ClusterState.Members orders() {
        ClusterDeclaration declared =
                HoldfastJson.jsonMapper().readValue("{\"postgresql\": {}}", ClusterDeclaration.class);
        List<Node> nodes =
                Stream.of(PRIMARY, STANDBY).map(OperationPlanTest::node).toList();
        return ClusterState.Members.of(
                new Cluster(ORDERS, declared.settings(), new Revision(1)),
                nodes,
                nodes.stream().map(OperationPlanTest::healthy).toList(),
                Optional.of(new ClusterPrimary(
                        ORDERS,
                        PrimaryRecord.initial(PRIMARY, 1, new Synchronous(1, Set.of(STANDBY)), Instant.EPOCH),
                        Optional.empty(),
                        new Revision(2))));
    }

    private static Node node(NodeId id) {
        return new Node(
                id,
                ORDERS,
                new RegionId("eu"),
                new ZoneId("a"),
                new Endpoint(id.value(), 5432),
                1,
                new FailoverTraits(Optional.of(new Endpoint(id.value(), 8008)), 100, false),
                Map.of(),
                AdminState.ENABLED,
                Optional.of(1L),
                new Revision(1));
    }

    private static NodeHealth healthy(Node node) {
        return new NodeHealth(
                node.id(),
                HealthStatus.HEALTHY,
                Optional.of(HealthStatus.HEALTHY),
                1,
                Instant.EPOCH,
                "2 of 3 agree",
                new Revision(2));
    }
}
