package dev.holdfast.gateway.tcp.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.routing.TestClusters;
import dev.holdfast.gateway.tcp.route.ListenerPlan.Unserved;
import dev.holdfast.model.topology.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListenerPlanTest {

    private static PostgresCluster cluster(String id, int readWrite, int readOnly) {
        return new PostgresCluster(id)
                .listening(PostgresCluster.listeners(Optional.of(readWrite), Optional.of(readOnly)));
    }

    private static ListenerId id(PostgresCluster cluster, ListenerKind kind) {
        return new ListenerId(cluster.id(), kind);
    }

    @Test
    void opensWhatClustersDeclare() {
        PostgresCluster orders = cluster("orders", 6432, 6433);
        PostgresCluster stock = new PostgresCluster("stock").readOnly(6500);
        ListenerPlan plan = ListenerPlan.of(PostgresCluster.state(orders, stock), Set.of());
        assertThat(plan.ports())
                .isEqualTo(Map.of(
                        6432, id(orders, ListenerKind.READ_WRITE),
                        6433, id(orders, ListenerKind.READ_ONLY),
                        6500, id(stock, ListenerKind.READ_ONLY)));
        assertThat(plan.unserved()).isEmpty();
    }

    @Test
    void opensNothingForClustersWithoutListeners() {
        assertThat(ListenerPlan.of(TestClusters.state(Map.of("shop", List.of(new Route("*", "/")))), Set.of())
                        .ports())
                .isEmpty();
        assertThat(ListenerPlan.of(PostgresCluster.state(new PostgresCluster("orders")), Set.of())
                        .ports())
                .isEmpty();
    }

    @Test
    void givesAPortThatTwoDeclareToTheClusterOfTheLowerId() {
        PostgresCluster orders = cluster("orders", 6432, 6432);
        PostgresCluster accounts = cluster("accounts", 6431, 6432);
        ListenerPlan plan = ListenerPlan.of(PostgresCluster.state(orders, accounts), Set.of());
        assertThat(plan.ports())
                .isEqualTo(Map.of(
                        6431, id(accounts, ListenerKind.READ_WRITE),
                        6432, id(accounts, ListenerKind.READ_ONLY)));
        assertThat(plan.unserved())
                .containsExactly(
                        new Unserved(
                                id(orders, ListenerKind.READ_WRITE),
                                6432,
                                "the port is that of the read-only listener of cluster accounts"),
                        new Unserved(
                                id(orders, ListenerKind.READ_ONLY),
                                6432,
                                "the port is that of the read-only listener of cluster accounts"));
    }

    @Test
    void leavesTheGatewaysOwnPortsToTheGateway() {
        PostgresCluster orders = cluster("orders", 8080, 6433);
        ListenerPlan plan = ListenerPlan.of(PostgresCluster.state(orders), Set.of(8080, 9000));
        assertThat(plan.ports()).isEqualTo(Map.of(6433, id(orders, ListenerKind.READ_ONLY)));
        assertThat(plan.unserved())
                .containsExactly(new Unserved(
                        id(orders, ListenerKind.READ_WRITE), 8080, "the port is one of the gateway's own"));
    }
}
