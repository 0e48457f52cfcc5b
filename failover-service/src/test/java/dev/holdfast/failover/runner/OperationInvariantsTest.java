package dev.holdfast.failover.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failover.operation.Trigger;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.topology.AdminState;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Rolling restarts while nodes, services, the gateway and runners come and go at random: {@link SimulatedCluster} checks
 * that no more nodes than allowed, of one zone, are out, that no process ends while its node may have requests, and that
 * whoever is taken out leaves enough others in service.
 */
class OperationInvariantsTest {

    private static final Duration TROUBLE = Duration.ofMinutes(3);

    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @Property(tries = 60)
    void keepsItsPromisesWhateverFails(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 6) int nodes,
            @ForAll @IntRange(min = 1, max = 2) int most) {
        Random random = new Random(seed);
        SimulatedCluster world = new SimulatedCluster(nodes, 2, random.nextInt(4) > 0);
        world.hookDelay = Duration.ofSeconds(random.nextInt(10));
        OperationId id = world.start(Orders.rollingRestart(Math.min(most, nodes - 1)));
        OperationRunner runner = world.runner("replica-0");
        int runners = 1;
        for (Duration passed = Duration.ZERO;
                passed.compareTo(TROUBLE) < 0 && !world.operation(id).state().isFinal();
                passed = passed.plus(SimulatedCluster.TIMINGS.tickInterval())) {
            switch (random.nextInt(60)) {
                case 0 -> runner = world.runner("replica-" + runners++);
                case 1 -> world.regionServiceAway = random.nextBoolean();
                case 2 -> world.healthServiceAway = random.nextBoolean();
                case 3 -> world.gatewayAway = random.nextBoolean();
                case 4 -> world.machine(1 + random.nextInt(nodes)).down = random.nextInt(3) == 0;
                case 5 -> world.machine(1 + random.nextInt(nodes)).broken = random.nextInt(3) == 0;
                case 6, 7 -> world.tell(id, new Trigger.Confirm("bob", Optional.empty()));
                case 8 -> {
                    if (random.nextInt(5) == 0) {
                        world.tell(id, new Trigger.Cancel("bob"));
                    }
                }
                default -> {}
            }
            runner.sweep();
            world.pass();
        }
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        requireToldWell(world, ended, nodes);
        runner.sweep();
        world.pass();
        runner.sweep();
        assertThat(world.operation(id)).isEqualTo(ended);
    }

    /** Whoever reads the outcome knows of every node that is not in service, and a success leaves none. */
    private static void requireToldWell(SimulatedCluster world, Operation ended, int nodes) {
        for (int number = 1; number <= nodes; number++) {
            AdminState state = world.adminState(number);
            if (state != AdminState.ENABLED) {
                assertThat(ended.state()).isEqualTo(OperationState.FAILED);
                assertThat(ended.outcome().orElseThrow())
                        .contains(SimulatedCluster.node(number) + " is " + state)
                        .contains("POST /api/v1/nodes/node-" + number + "/enable");
            }
        }
    }
}
