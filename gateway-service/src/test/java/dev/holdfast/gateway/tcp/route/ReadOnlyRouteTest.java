package dev.holdfast.gateway.tcp.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReadOnlyRouteTest {

    private static final Set<NodeId> ALL =
            Set.of(new NodeId("n1"), new NodeId("n2"), new NodeId("n3"), new NodeId("n4"));

    private static TcpTarget target(int number) {
        return new TcpTarget(new NodeId("n" + number), new Endpoint("10.0.0." + number, 5432));
    }

    private static PostgresCluster cluster() {
        PostgresCluster cluster = new PostgresCluster("orders").readOnly(6000).primary(3, "n1");
        for (int i = 1; i <= 4; i++) {
            TcpTarget target = target(i);
            cluster.node(target.node().value(), target.address(), Optional.of(new Endpoint("10.0.0." + i, 9401)));
        }
        return cluster;
    }

    private static ReadOnlyRoute route(PostgresCluster cluster, Set<NodeId> withinLag) {
        return ReadOnlyRoute.of(cluster.members(), FollowedPrimary.NONE.next(cluster.primary()), withinLag);
    }

    private static List<String> asked(PostgresCluster cluster) {
        return ReadOnlyRoute.toBeAsked(cluster.members(), FollowedPrimary.NONE.next(cluster.primary())).stream()
                .map(node -> node.id().value())
                .toList();
    }

    /** The targets of so many connections that all stay open. */
    private static Map<TcpTarget, Integer> spread(ReadOnlyRoute route, int connections) {
        Map<TcpTarget, Integer> open = new HashMap<>();
        for (int i = 0; i < connections; i++) {
            route.choose(Set.of(), target -> open.getOrDefault(target, 0), i)
                    .ifPresent(target -> open.merge(target, 1, Integer::sum));
        }
        return open;
    }

    @Test
    void spreadsConnectionsEvenlyOverTheStandbysAndSendsNoneToThePrimary() {
        assertThat(spread(route(cluster(), ALL), 12)).isEqualTo(Map.of(target(2), 4, target(3), 4, target(4), 4));
    }

    @Test
    void spreadsShortConnectionsInTurn() {
        ReadOnlyRoute route = route(cluster(), ALL);
        Set<TcpTarget> chosen = new HashSet<>();
        for (int turn = 0; turn < 3; turn++) {
            route.choose(Set.of(), target -> 0, turn).ifPresent(chosen::add);
        }
        assertThat(chosen).hasSize(3);
    }

    @Test
    void spreadsConnectionsByWeight() {
        PostgresCluster cluster = cluster().remove("n4");
        weigh(cluster, 2, 3);
        assertThat(spread(route(cluster, ALL), 12)).isEqualTo(Map.of(target(2), 9, target(3), 3));
        weigh(cluster, 2, 0);
        assertThat(spread(route(cluster, ALL), 12)).isEqualTo(Map.of(target(3), 12));
    }

    private static void weigh(PostgresCluster cluster, int number, int weight) {
        Node node = cluster.nodes().stream()
                .filter(one -> one.id().equals(target(number).node()))
                .findFirst()
                .orElseThrow();
        cluster.put(
                new Node(
                        node.id(),
                        node.cluster(),
                        node.region(),
                        node.zone(),
                        node.address(),
                        weight,
                        node.failover(),
                        node.labels(),
                        node.adminState(),
                        node.synchronisedIn(),
                        node.version()),
                true);
    }

    @Test
    void leadsToNoStandbyThatLagsAndKeepsItsConnections() {
        ReadOnlyRoute route = route(cluster(), Set.of(new NodeId("n3")));
        assertThat(spread(route, 5)).isEqualTo(Map.of(target(3), 5));
        assertThat(route.keeps(target(2))).isTrue();
    }

    @Test
    void leadsToNoDrainingStandbyAndLetsItsConnectionsFinish() {
        ReadOnlyRoute route = route(cluster().administer("n2", AdminState.DRAINING), ALL);
        assertThat(spread(route, 4)).doesNotContainKey(target(2)).hasSize(2);
        assertThat(route.keeps(target(2))).isTrue();
    }

    @Test
    void closesConnectionsToAStandbyThatBecomesPrimaryDoubtfulOrUnhealthy() {
        ReadOnlyRoute promoted = route(
                cluster()
                        .primary(PostgresCluster.record(
                                new OrderNumber(4, 41), "n2", FailoverPhase.PROMOTING, false, Set.of("n3"))),
                ALL);
        assertThat(promoted.keeps(target(2))).isFalse();
        assertThat(promoted.keeps(target(3))).isFalse();
        assertThat(promoted.keeps(target(4))).isTrue();
        assertThat(route(cluster().judge("n4", false), ALL).keeps(target(4))).isFalse();
    }

    @Test
    void leadsNowhereAndClosesNothingWhileNoPrimaryIsKnown() {
        ReadOnlyRoute route = route(cluster().withoutPrimary(), ALL);
        assertThat(spread(route, 1)).isEmpty();
        assertThat(route.keeps(target(2))).isTrue();
        assertThat(asked(cluster().withoutPrimary())).isEmpty();
    }

    @Test
    void triesAnotherStandbyAfterARefusal() {
        ReadOnlyRoute route = route(cluster(), ALL);
        assertThat(route.choose(Set.of(target(2), target(3)), target -> 0, 0)).contains(target(4));
        assertThat(route.choose(Set.of(target(2), target(3), target(4)), target -> 0, 0))
                .isEmpty();
    }

    @Test
    void asksTheAgentsOfStandbysThatCouldServe() {
        PostgresCluster cluster = cluster()
                .judge("n2", false)
                .administer("n3", AdminState.MAINTENANCE)
                .node("n5", new Endpoint("10.0.0.5", 5432), Optional.empty());
        assertThat(asked(cluster)).containsExactly("n4");
    }

    @Property(tries = 300)
    void offersOnlyServingStandbysWithinTheLag(
            @ForAll @IntRange(min = 1, max = 4) int primary,
            @ForAll @IntRange(max = 15) int healthy,
            @ForAll @IntRange(max = 15) int enabled,
            @ForAll @IntRange(max = 15) int within,
            @ForAll @IntRange(max = 15) int doubtful,
            @ForAll int turn) {
        PostgresCluster cluster = cluster();
        Set<NodeId> withinLag = new HashSet<>();
        Set<String> doubted = new HashSet<>();
        Set<TcpTarget> expected = new HashSet<>();
        for (int i = 1; i <= 4; i++) {
            cluster.judge("n" + i, in(healthy, i))
                    .administer("n" + i, in(enabled, i) ? AdminState.ENABLED : AdminState.DRAINING);
            if (in(within, i)) {
                withinLag.add(new NodeId("n" + i));
            }
            if (in(doubtful, i)) {
                doubted.add("n" + i);
            }
            if (i != primary && in(healthy, i) && in(enabled, i) && in(within, i) && !in(doubtful, i)) {
                expected.add(target(i));
            }
        }
        cluster.primary(
                PostgresCluster.record(new OrderNumber(3, 30), "n" + primary, FailoverPhase.STEADY, true, doubted));
        ReadOnlyRoute route = route(cluster, withinLag);
        Set<TcpTarget> offered = new HashSet<>();
        Optional<TcpTarget> next = route.choose(offered, target -> 0, turn);
        while (next.isPresent()) {
            assertThat(route.admits(next.get())).isTrue();
            offered.add(next.get());
            next = route.choose(offered, target -> 0, turn);
        }
        assertThat(offered).isEqualTo(expected);
    }

    private static boolean in(int set, int number) {
        return (set >> (number - 1) & 1) == 1;
    }
}
