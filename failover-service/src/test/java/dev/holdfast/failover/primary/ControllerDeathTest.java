package dev.holdfast.failover.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failover.agent.AgentSurvey;
import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A controller dies at one boundary of its steps, at each of them in turn, and another ends what it has begun. */
class ControllerDeathTest {

    private static final ClusterId DB = new ClusterId("db");
    private static final NodeId A = PretendedClusters.node(DB, "a");

    /** Of what is promised to take four seconds with the usual lease of two: this one is shorter. */
    private static final PrimaryTimings TIMINGS =
            new PrimaryTimings(Duration.ofMillis(20), Duration.ofMillis(500), Duration.ofMillis(20));

    private static final int WORLDS_AT_ONCE = 8;

    enum Beginning {
        LOSS {
            @Override
            void in(PretendedClusters world) {
                world.agent(A).die();
                world.verdict(DB, A, HealthStatus.UNHEALTHY);
            }
        },
        SWITCHOVER {
            @Override
            void in(PretendedClusters world) {
                FailoverDesk desk = new FailoverDesk(world.store, new AgentSurvey(world.calls, System::nanoTime));
                AgentSurvey.Answers answers = desk.survey(DB);
                FailoverDesk.Outcome outcome = world.store.change(change -> desk.request(
                        change,
                        DB,
                        answers,
                        new FailoverDesk.Asked(
                                Optional.empty(),
                                epoch -> new OperatorRequest.Switchover(epoch, "me", Optional.empty(), ""))));
                assertThat(outcome.refused()).isEmpty();
            }
        };

        abstract void in(PretendedClusters world);
    }

    @ParameterizedTest
    @EnumSource
    void anotherEndsWhatADeadOneHasBegun(Beginning beginning) throws Exception {
        int boundaries = play(beginning, Integer.MAX_VALUE);
        assertThat(boundaries).isGreaterThan(10);
        List<Future<Integer>> worlds = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(WORLDS_AT_ONCE)) {
            for (int boundary = 1; boundary <= boundaries; boundary++) {
                int deadly = boundary;
                worlds.add(threads.submit(() -> play(beginning, deadly)));
            }
        }
        for (Future<Integer> world : worlds) {
            assertThat(world.get()).isPositive();
        }
    }

    /** Returns how many boundaries the first controller has passed. */
    private static int play(Beginning beginning, int deadly) {
        PretendedClusters world = new PretendedClusters();
        world.declare(DB.value());
        try (MortalReplica first = new MortalReplica(world, "first", TIMINGS)) {
            world.await(DB, () -> world.isWhole(DB));
            first.dieAt(deadly);
            try (MortalReplica _ = new MortalReplica(world, "second", TIMINGS)) {
                long before = world.epoch(DB);
                beginning.in(world);
                world.await(
                        DB,
                        () -> world.epoch(DB) > before
                                && world.types(DB).contains(EventType.FAILOVER_COMPLETED)
                                && !world.primary(DB).record().reign().primary().equals(A));
                List<NodeId> primaries = PretendedClusters.nodes(DB).stream()
                        .filter(node -> world.agent(node).isPrimary())
                        .toList();
                assertThat(primaries)
                        .as("primaries, when the first died at boundary %d", deadly)
                        .containsExactly(world.primary(DB).record().reign().primary());
                // Ended once, by whomever, and nothing was begun again.
                assertThat(world.types(DB).stream().filter(EventType.FAILOVER_STARTED::equals))
                        .as("beginnings, when the first died at boundary %d", deadly)
                        .hasSize(1);
                assertThat(world.types(DB).stream().filter(EventType.FAILOVER_COMPLETED::equals))
                        .hasSize(1);
                assertThat(first.isDead() || deadly > first.boundaries()).isTrue();
                return first.boundaries();
            }
        }
    }
}
