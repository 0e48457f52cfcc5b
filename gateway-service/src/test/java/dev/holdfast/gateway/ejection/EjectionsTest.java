package dev.holdfast.gateway.ejection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.gateway.routing.RoutingTable;
import dev.holdfast.gateway.routing.Target;
import dev.holdfast.gateway.routing.TestClusters;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EjectionsTest {

    private static final NodeId N0 = new NodeId("n0");
    private final AtomicLong nanos = new AtomicLong();
    private final Ejections ejections = new Ejections(() -> Instant.EPOCH.plusNanos(nanos.get()), nanos::get);

    private static RoutedCluster cluster(int size, int healthy, Ejection settings) {
        return TestClusters.cluster(TestClusters.settings(Balancing.DEFAULT, settings), size, healthy);
    }

    private boolean fail(RoutedCluster cluster, NodeId node, int times) {
        boolean ejected = false;
        for (int i = 0; i < times; i++) {
            ejected |= ejections.failed(cluster, node);
        }
        return ejected;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void ejectsAfterFailuresInARowForLongerEachTime() {
        RoutedCluster cluster = cluster(4, 4, Ejection.DEFAULT);
        assertThat(fail(cluster, N0, 4)).isFalse();
        assertThat(fail(cluster, N0, 1)).isTrue();
        assertThat(ejections.of(cluster.id()).until(N0)).contains(Instant.EPOCH.plusSeconds(10));
        pass(Duration.ofSeconds(10));
        assertThat(ejections.of(cluster.id())).isNotSameAs(EjectedNodes.NONE).matches(ejected -> ejected.size() == 0);
        // The first failure after its return is enough, and it stays out for two base times.
        assertThat(fail(cluster, N0, 1)).isTrue();
        assertThat(ejections.of(cluster.id()).until(N0)).contains(Instant.EPOCH.plusSeconds(30));
    }

    @Test
    void aSuccessResetsTheCount() {
        RoutedCluster cluster = cluster(4, 4, Ejection.DEFAULT);
        fail(cluster, N0, 4);
        ejections.succeeded(cluster.id(), N0);
        assertThat(fail(cluster, N0, 4)).isFalse();
    }

    @Test
    void forgetsEarlierEjectionsAsTimePasses() {
        RoutedCluster cluster = cluster(4, 4, Ejection.DEFAULT);
        fail(cluster, N0, 5);
        pass(Duration.ofSeconds(20));
        assertThat(fail(cluster, N0, 1)).isTrue();
        assertThat(ejections.of(cluster.id()).until(N0)).contains(Instant.EPOCH.plusSeconds(30));
    }

    @Test
    void neverEjectsTheLastNodeThatCanTakeRequests() {
        Ejection all = new Ejection(1, Duration.ofSeconds(10), Duration.ofMinutes(5), 100);
        assertThat(fail(cluster(1, 1, all), N0, 10)).isFalse();
        assertThat(fail(cluster(3, 1, all), N0, 10)).isFalse();
    }

    @Test
    void isSwitchedOffByZeroFailures() {
        Ejection off = new Ejection(0, Duration.ofSeconds(10), Duration.ofMinutes(5), 100);
        assertThat(fail(cluster(4, 4, off), N0, 100)).isFalse();
    }

    @Test
    void beginsAnewWithANodeThatServesAgain() {
        ClusterSettings settings = TestClusters.settings(Balancing.DEFAULT, Ejection.DEFAULT);
        RoutingTable serving = table(settings, AdminState.ENABLED);
        RoutingTable away = RoutingTable.of(state(settings, AdminState.DRAINING), serving);
        RoutingTable back = RoutingTable.of(state(settings, AdminState.ENABLED), away);
        RoutedCluster cluster = Objects.requireNonNull(serving.clusterOf(N0));
        fail(cluster, N0, 5);
        assertThat(ejections.of(cluster.id()).contains(N0)).isTrue();

        ejections.tableChanged(serving, away);
        assertThat(ejections.of(cluster.id()).contains(N0)).isTrue();
        ejections.tableChanged(away, back);
        assertThat(ejections.of(cluster.id()).contains(N0)).isFalse();
        assertThat(fail(cluster, N0, 4)).isFalse();
        assertThat(fail(cluster, N0, 1)).isTrue();
    }

    private static RoutingTable table(ClusterSettings settings, AdminState first) {
        return RoutingTable.of(state(settings, first), RoutingTable.EMPTY);
    }

    private static ClusterState state(ClusterSettings settings, AdminState first) {
        List<Node> nodes = IntStream.range(0, 4)
                .mapToObj(i -> TestClusters.node("n" + i, "a", 1, i == 0 ? first : AdminState.ENABLED))
                .toList();
        List<NodeHealth> health =
                nodes.stream().map(node -> TestClusters.health(node.id(), true)).toList();
        return new ClusterState(
                new Revision(1), List.of(), Map.of(new ClusterId("c"), TestClusters.members(settings, nodes, health)));
    }

    @Property(tries = 300)
    void staysWithinTheCapAndLeavesOneNode(
            @ForAll @IntRange(min = 1, max = 12) int size,
            @ForAll @IntRange(max = 12) int healthy,
            @ForAll @IntRange(max = 100) int cap) {
        RoutedCluster cluster = cluster(
                size, Math.min(size, healthy), new Ejection(1, Duration.ofSeconds(10), Duration.ofMinutes(5), cap));
        Ejections fresh = new Ejections(() -> Instant.EPOCH, () -> 0);
        cluster.serving().forEach(target -> fresh.failed(cluster, target.id()));
        int ejected = fresh.of(cluster.id()).size();
        assertThat(ejected * 100).isLessThanOrEqualTo(cap * size);
        if (healthy > 0) {
            assertThat(cluster.serving().stream()
                            .filter(Target::healthy)
                            .filter(target -> !fresh.of(cluster.id()).contains(target.id())))
                    .isNotEmpty();
        }
    }

    @Property(tries = 300)
    void neverEjectsForLongerThanTheMaximum(@ForAll @IntRange(max = 1000) int earlier) {
        assertThat(EjectionDecider.decide(Ejection.DEFAULT, new EjectionDecider.Facts(5, earlier, 4, 0, 3)))
                .hasValueSatisfying(
                        time -> assertThat(time).isBetween(Duration.ofSeconds(10), Ejection.DEFAULT.maxEjectionTime()));
    }
}
