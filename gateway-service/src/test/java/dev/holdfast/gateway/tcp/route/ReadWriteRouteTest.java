package dev.holdfast.gateway.tcp.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReadWriteRouteTest {

    private static final TcpTarget ONE = target(1);
    private static final TcpTarget TWO = target(2);

    private static TcpTarget target(int number) {
        return new TcpTarget(new NodeId("n" + number), new Endpoint("10.0.0." + number, 5432));
    }

    private static PostgresCluster cluster() {
        PostgresCluster cluster = new PostgresCluster("orders").readWrite(6000);
        for (TcpTarget target : new TcpTarget[] {ONE, TWO}) {
            cluster.node(target.node().value(), target.address(), Optional.empty());
        }
        return cluster;
    }

    private static ReadWriteRoute route(PostgresCluster cluster) {
        return ReadWriteRoute.of(cluster.members(), FollowedPrimary.NONE.next(cluster.primary()));
    }

    private static Optional<TcpTarget> choice(TcpRoute route, TcpTarget... tried) {
        return route.choose(Set.of(tried), target -> 0, 0);
    }

    @Test
    void leadsToTheConfirmedPrimary() {
        ReadWriteRoute route = route(cluster().primary(3, "n1"));
        assertThat(choice(route)).contains(ONE);
        assertThat(route.keeps(ONE)).isTrue();
        assertThat(route.keeps(TWO)).isFalse();
        assertThat(route.explanation()).isEqualTo("the primary of epoch 3 is n1");
    }

    @Test
    void leadsNowhereAndClosesNothingWhileNoPrimaryIsKnown() {
        ReadWriteRoute route = route(cluster().withoutPrimary());
        assertThat(choice(route)).isEmpty();
        assertThat(route.admits(ONE)).isFalse();
        assertThat(route.keeps(ONE)).isTrue();
    }

    @Test
    void leadsNowhereWhileTheOldPrimaryIsFencedAndLeavesItsSessionsToItsAgent() {
        ReadWriteRoute route = route(cluster()
                .primary(PostgresCluster.record(new OrderNumber(4, 40), "n1", FailoverPhase.FENCING, true, Set.of())));
        assertThat(choice(route)).isEmpty();
        assertThat(route.admits(ONE)).isFalse();
        assertThat(route.keeps(ONE)).isTrue();
        assertThat(route.keeps(TWO)).isFalse();
    }

    @Test
    void closesSessionsOnTheOldPrimaryAsSoonAsAnotherNodeIsDesignated() {
        ReadWriteRoute route = route(cluster()
                .primary(PostgresCluster.record(
                        new OrderNumber(4, 41), "n2", FailoverPhase.PROMOTING, false, Set.of())));
        assertThat(choice(route)).isEmpty();
        assertThat(route.keeps(ONE)).isFalse();
    }

    @Test
    void doesNotTakeAnotherAddressForTheSameServer() {
        PostgresCluster cluster = cluster().primary(3, "n1");
        cluster.node("n1", new Endpoint("10.9.9.9", 5432), Optional.empty());
        assertThat(route(cluster).keeps(ONE)).isFalse();
        assertThat(route(cluster).admits(ONE)).isFalse();
    }

    @Test
    void leadsNowhereWhenThePrimaryIsNotOneOfTheNodes() {
        ReadWriteRoute route = route(cluster().primary(3, "n1").remove("n1"));
        assertThat(choice(route)).isEmpty();
        assertThat(route.keeps(ONE)).isFalse();
        assertThat(route.explanation()).contains("none of the nodes");
    }

    @Test
    void leadsToThePrimaryWhateverTheObserversAndOperatorsSayOfIt() {
        ReadWriteRoute route =
                route(cluster().primary(3, "n1").judge("n1", false).administer("n1", AdminState.DRAINING));
        assertThat(choice(route)).contains(ONE);
    }

    @Test
    void doesNotOfferAPrimaryThatHasJustRefused() {
        assertThat(choice(route(cluster().primary(3, "n1")), ONE)).isEmpty();
    }

    @Property(tries = 200)
    void offersOnlyAConfirmedPrimaryThatIsNotBeingReplaced(
            @ForAll FailoverPhase phase,
            @ForAll boolean confirmed,
            @ForAll @IntRange(min = 1, max = 3) int primary,
            @ForAll @IntRange(min = 1, max = 9) int epoch) {
        ReadWriteRoute route = route(cluster()
                .primary(PostgresCluster.record(
                        new OrderNumber(epoch, epoch), "n" + primary, phase, confirmed, Set.of())));
        boolean expected = confirmed
                && primary < 3
                && !EnumSet.of(FailoverPhase.FENCING, FailoverPhase.PROMOTING).contains(phase);
        assertThat(choice(route)).isEqualTo(expected ? Optional.of(target(primary)) : Optional.empty());
        for (TcpTarget target : new TcpTarget[] {ONE, TWO}) {
            assertThat(route.admits(target)).isEqualTo(choice(route).equals(Optional.of(target)));
            assertThat(route.keeps(target)).isEqualTo(target.equals(target(primary)));
        }
    }
}
