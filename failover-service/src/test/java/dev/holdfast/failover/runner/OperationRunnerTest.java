package dev.holdfast.failover.runner;

import static dev.holdfast.failover.runner.SimulatedCluster.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failover.operation.OperationOrder;
import dev.holdfast.failover.operation.Trigger;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.store.StoreUnavailableException;
import dev.holdfast.model.topology.AdminState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;

class OperationRunnerTest {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Test
    void drainsANodeOnceItsRequestsHaveEnded() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.machine(1).outstanding = 2;
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.onNode(OperationType.DRAIN, node(1)));
        runner.sweep();
        world.pass();
        runner.sweep();
        assertThat(world.operation(id).state()).isEqualTo(OperationState.RUNNING);
        assertThat(world.adminState(1)).isEqualTo(AdminState.DRAINING);
        world.machine(1).outstanding = 0;
        Operation ended = world.runUntilEnd(runner, id, Duration.ofSeconds(5));
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(ended.outcome()).hasValue("None of 1 gateways has a request left at node-1.");
        assertThat(world.journal().stream().map(event -> event.entry().type()))
                .containsSubsequence(
                        EventType.OPERATION_STARTED,
                        EventType.NODE_ADMIN_STATE_CHANGED,
                        EventType.OPERATION_STEP_COMPLETED,
                        EventType.OPERATION_SUCCEEDED);
    }

    @Test
    void goesOnWhenTheDrainTimeoutHasPassedAndSaysHowManyRequestsWereCut() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.machine(1).outstanding = 2;
        OperationId id = world.start(Orders.onNode(OperationType.DRAIN, node(1)));
        Instant start = world.time.instant();
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(ended.outcome().orElseThrow())
                .isEqualTo("After 10s, 2 requests have not ended and are cut: " + SimulatedCluster.GATEWAY + " has 2.");
        assertThat(Duration.between(start, world.time.instant()))
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(12));
    }

    @Test
    void namesAGatewayThatDoesNotAnswer() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.gatewayAway = true;
        OperationId id = world.start(Orders.onNode(OperationType.MAINTENANCE, node(1)));
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(step(ended, "await-idle", 1).detail())
                .contains("0 requests")
                .contains(SimulatedCluster.GATEWAY + " did not answer");
        assertThat(world.adminState(1)).isEqualTo(AdminState.MAINTENANCE);
    }

    @Test
    void enablesANodeAndWaitsUntilItTakesTraffic() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.setAdminState(node(2), AdminState.MAINTENANCE);
        OperationId id = world.start(Orders.onNode(OperationType.ENABLE, node(2)));
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(world.adminState(2)).isEqualTo(AdminState.ENABLED);
        assertThat(world.member(2).synchronisedIn()).isPresent();
    }

    @Test
    void restartsEveryNodeOnceZoneByZone() {
        SimulatedCluster world = new SimulatedCluster(4, 2, true);
        OperationId id = world.start(Orders.rollingRestart(1));
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(world.restarted).containsExactly(node(1), node(2), node(3), node(4));
        assertThat(ended.outcome()).hasValue("4 nodes were restarted one zone at a time and take traffic.");
    }

    @Test
    void restartsSeveralNodesOfAZoneTogether() {
        SimulatedCluster world = new SimulatedCluster(6, 2, true);
        OperationId id = world.start(Orders.rollingRestart(3));
        Instant start = world.time.instant();
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(world.restarted).containsExactly(node(1), node(2), node(3), node(4), node(5), node(6));
        assertThat(Duration.between(start, world.time.instant())).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void stopsAtTheFirstNodeThatDoesNotComeBackAndLeavesItInMaintenance() {
        SimulatedCluster world = new SimulatedCluster(4, 2, true);
        world.machine(2).broken = true;
        OperationId id = world.start(Orders.rollingRestart(1));
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(world.restarted).containsExactly(node(1), node(2));
        assertThat(world.adminState(2)).isEqualTo(AdminState.MAINTENANCE);
        assertThat(world.adminState(3)).isEqualTo(AdminState.ENABLED);
        assertThat(ended.outcome().orElseThrow())
                .contains("await-answers of node-2 failed")
                .contains("REFUSED connection refused")
                .contains("POST /api/v1/nodes/node-2/enable")
                .contains("Left as they were: node-3, node-4.");
        assertThat(step(ended, "await-peers", 3).state()).isEqualTo(StepState.SKIPPED);
    }

    @Test
    void bringsTheOtherNodesBackWhenOneOfSeveralFails() {
        SimulatedCluster world = new SimulatedCluster(4, 2, true);
        world.machine(1).broken = true;
        OperationId id = world.start(Orders.rollingRestart(2));
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(world.adminState(1)).isEqualTo(AdminState.MAINTENANCE);
        assertThat(world.adminState(2)).isEqualTo(AdminState.ENABLED);
        assertThat(world.restarted).containsExactly(node(1), node(2));
    }

    @Test
    void withdrawsANodeThatAnswersButTakesNoTraffic() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.healthFrozen = true;
        OperationId id = world.start(Orders.rollingRestart(1));
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(world.adminState(1)).isEqualTo(AdminState.MAINTENANCE);
        assertThat(step(ended, "await-traffic", 1).detail()).contains("SYNCHRONISING");
        assertThat(step(ended, "withdraw", 1).state()).isEqualTo(StepState.SUCCEEDED);
    }

    @Test
    void restartsNodesThatAreDownBeforeTheOthers() {
        SimulatedCluster world = new SimulatedCluster(4, 2, true);
        world.machine(4).down = true;
        world.judgeHealth();
        OperationId id = world.start(Orders.rollingRestart(1));
        OperationRunner runner = world.runner("a");
        runner.sweep();
        world.machine(4).down = false;
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(world.restarted).containsExactly(node(4), node(1), node(2), node(3));
    }

    @Test
    void waitsForPeersAndFailsWithoutTouchingTheNodeWhenTheyStayAway() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        OperationId id = world.start(Orders.rollingRestart(1));
        world.machine(3).down = true;
        world.judgeHealth();
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(world.restarted).isEmpty();
        assertThat(ended.outcome().orElseThrow())
                .contains("Only 1 other nodes took traffic within 30s, 2 needed: node-1 was left as it is.");
    }

    @Test
    void retriesTheRestartHookWithOneKeyAndGivesUpInTime() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.hookFails = Optional.of(HttpStatus.SERVICE_UNAVAILABLE);
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(1));
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(step(ended, "restart", 1).detail())
                .contains("did not tell within 40s that the old process has ended: 503");
        assertThat(world.adminState(1)).isEqualTo(AdminState.MAINTENANCE);
    }

    @Test
    void anAnswerOfTheOldProcessIsNotTakenForOneOfTheNew() {
        // The simulated cluster checks that each process ends while its node is out of service.
        SimulatedCluster world = new SimulatedCluster(4, 2, true);
        world.hookDelay = Duration.ofSeconds(15);
        Operation ended = world.runUntilEnd(world.runner("a"), world.start(Orders.rollingRestart(1)), PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(world.restarted).containsExactly(node(1), node(2), node(3), node(4));
    }

    @Test
    void aRestartThatBeginsAndDoesNotEndFailsInTime() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.hookDelay = Duration.ofHours(1);
        Operation ended = world.runUntilEnd(world.runner("a"), world.start(Orders.rollingRestart(1)), PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(step(ended, "restart", 1).detail()).contains("within 40s").contains("the restart has begun");
        assertThat(world.adminState(1)).isEqualTo(AdminState.MAINTENANCE);
    }

    @Test
    void doesNotRetryAHookThatDeclines() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.hookFails = Optional.of(HttpStatus.FORBIDDEN);
        Instant start = world.time.instant();
        Operation ended = world.runUntilEnd(world.runner("a"), world.start(Orders.rollingRestart(1)), PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(Duration.between(start, world.time.instant())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void waitsForAnOperatorWhereThereIsNoHook() {
        SimulatedCluster world = new SimulatedCluster(2, 1, false);
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(1));
        for (int number = 1; number <= 2; number++) {
            sweepUntil(world, runner, id, OperationState.WAITING_FOR_OPERATOR);
            assertThat(step(world.operation(id), "restart", number).detail())
                    .contains("/api/v1/operations/" + id + "/confirm");
            world.tell(id, new Trigger.Confirm("bob", Optional.of(node(number))));
        }
        assertThat(world.runUntilEnd(runner, id, PATIENCE).state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(world.journal())
                .anySatisfy(event -> assertThat(event.entry().type()).isEqualTo(EventType.OPERATION_WAITS_FOR_OPERATOR))
                .anySatisfy(event -> assertThat(event.entry().actor()).isEqualTo("bob"));
    }

    @Test
    void aConfirmationOfAnotherNodeChangesNothing() {
        SimulatedCluster world = new SimulatedCluster(2, 1, false);
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(1));
        sweepUntil(world, runner, id, OperationState.WAITING_FOR_OPERATOR);
        Operation before = world.operation(id);
        world.tell(id, new Trigger.Confirm("bob", Optional.of(node(2))));
        assertThat(world.operation(id)).isEqualTo(before);
    }

    @Test
    void aRestartThatNobodyConfirmsFailsInTime() {
        SimulatedCluster world = new SimulatedCluster(2, 1, false);
        Operation ended = world.runUntilEnd(world.runner("a"), world.start(Orders.rollingRestart(1)), PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(ended.outcome().orElseThrow()).contains("Nobody confirmed within 300s");
    }

    @ParameterizedTest
    @EnumSource(
            value = OperationType.class,
            names = {"DRAIN", "MAINTENANCE"})
    void aCancelledDrainEnablesTheNodeAgain(OperationType type) {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.machine(1).outstanding = 1;
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.onNode(type, node(1)));
        runner.sweep();
        world.pass();
        runner.sweep();
        world.tell(id, new Trigger.Cancel("bob"));
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.CANCELLED);
        assertThat(world.adminState(1)).isEqualTo(AdminState.ENABLED);
        assertThat(ended.outcome()).hasValue("Ended early on request. node-1 is ENABLED.");
    }

    @Test
    void aCancelledRollingRestartBringsTheNodeUnderWayBack() {
        SimulatedCluster world = new SimulatedCluster(4, 2, true);
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(1));
        while (world.restarted.isEmpty()) {
            runner.sweep();
            world.pass();
        }
        world.tell(id, new Trigger.Cancel("bob"));
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.CANCELLED);
        assertThat(world.restarted).containsExactly(node(1));
        assertThat(step(ended, "await-answers", 1).state()).isEqualTo(StepState.SUCCEEDED);
        assertThat(world.adminState(1)).isEqualTo(AdminState.ENABLED);
        assertThat(ended.outcome().orElseThrow()).contains("Left as they were: node-2, node-3, node-4.");
    }

    @Test
    void aCancelWhileAnOperatorIsAwaitedLetsTheChecksDecide() {
        SimulatedCluster world = new SimulatedCluster(2, 1, false);
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(1));
        sweepUntil(world, runner, id, OperationState.WAITING_FOR_OPERATOR);
        world.tell(id, new Trigger.Cancel("bob"));
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.CANCELLED);
        assertThat(step(ended, "restart", 1).state()).isEqualTo(StepState.SKIPPED);
        assertThat(step(ended, "await-answers", 1).state()).isEqualTo(StepState.SUCCEEDED);
        assertThat(world.adminState(1)).isEqualTo(AdminState.ENABLED);
    }

    @Test
    void stopsWhenSomebodyElseChangesTheAdminState() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.machine(1).outstanding = 1;
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.onNode(OperationType.DRAIN, node(1)));
        runner.sweep();
        world.pass();
        runner.sweep();
        world.setAdminState(node(1), AdminState.ENABLED);
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(ended.outcome().orElseThrow()).contains("Somebody else has set node-1 to ENABLED");
        assertThat(world.adminState(1)).isEqualTo(AdminState.ENABLED);
    }

    @Test
    void waitsForRegionServiceWithinABound() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.regionServiceAway = true;
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.onNode(OperationType.DRAIN, node(1)));
        for (int i = 0; i < 20; i++) {
            runner.sweep();
            world.pass();
        }
        world.regionServiceAway = false;
        assertThat(world.runUntilEnd(runner, id, PATIENCE).state()).isEqualTo(OperationState.SUCCEEDED);

        world.regionServiceAway = true;
        Operation ended =
                world.runUntilEnd(runner, world.start(Orders.onNode(OperationType.ENABLE, node(1))), PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(ended.outcome().orElseThrow())
                .contains("not in the store within 20s")
                .contains("connection refused")
                .contains("node-1 is DRAINING");
    }

    @Test
    void peersThatGoWhileAnOrderCanNotBeGivenAreAwaitedAgain() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        OperationRunner runner = world.runner("a");
        OperationId id = dyingPeers(world, runner, Orders.onNode(OperationType.DRAIN, node(1)));
        for (int i = 0; i < 20; i++) {
            runner.sweep();
            world.pass();
        }
        assertThat(world.adminState(1)).isEqualTo(AdminState.ENABLED);
        world.machine(2).down = false;
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(world.adminState(1)).isEqualTo(AdminState.DRAINING);
    }

    @Test
    void theLastNodeInServiceIsLeftThereWhenThePeersStayAway() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        OperationRunner runner = world.runner("a");
        OperationId id = dyingPeers(world, runner, Orders.rollingRestart(1));
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(step(ended, "drain", 1).detail())
                .isEqualTo("Only 0 other nodes took traffic within 20s, 2 needed: node-1 was left as it is.");
        assertThat(world.adminState(1)).isEqualTo(AdminState.ENABLED);
    }

    @Test
    void aForcedOrderTakesOutTheLastNodeInService() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        OperationRunner runner = world.runner("a");
        OperationId id = dyingPeers(world, runner, Orders.forcedOnNode(OperationType.DRAIN, node(1)));
        assertThat(world.runUntilEnd(runner, id, PATIENCE).state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(world.adminState(1)).isEqualTo(AdminState.DRAINING);
    }

    /** Starts on node-1; once its order is due, region-service is away and all other nodes die; then it is back. */
    private static OperationId dyingPeers(SimulatedCluster world, OperationRunner runner, OperationOrder order) {
        OperationId id = world.start(order);
        world.regionServiceAway = true;
        runner.sweep();
        world.pass();
        assertThat(step(world.operation(id), "drain", 1).state()).isEqualTo(StepState.RUNNING);
        world.machine(2).down = true;
        world.machine(3).down = true;
        world.pass();
        world.regionServiceAway = false;
        return id;
    }

    @Test
    void doesNotWithdrawANodeThatServesAfterAll() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.healthFrozen = true;
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(1));
        while (world.operation(id).steps().stream()
                .noneMatch(step -> step.kind().equals("withdraw"))) {
            world.regionServiceAway =
                    step(world.operation(id), "await-traffic", 1).state() == StepState.RUNNING;
            runner.sweep();
            world.pass();
        }
        world.healthFrozen = false;
        world.judgeHealth();
        world.regionServiceAway = false;
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(step(ended, "withdraw", 1).state()).isEqualTo(StepState.SKIPPED);
        assertThat(world.adminState(1)).isEqualTo(AdminState.ENABLED);
        assertThat(ended.outcome().orElseThrow()).contains("node-1 is ENABLED.");
    }

    @Test
    void waitsForHealthServiceWithinABound() {
        SimulatedCluster world = new SimulatedCluster(2, 1, true);
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(1));
        world.healthServiceAway = true;
        for (int i = 0; i < 100; i++) {
            runner.sweep();
            world.pass();
        }
        assertThat(step(world.operation(id), "await-answers", 1).state()).isEqualTo(StepState.RUNNING);
        world.healthServiceAway = false;
        assertThat(world.runUntilEnd(runner, id, PATIENCE).state()).isEqualTo(OperationState.SUCCEEDED);
    }

    @Test
    void aStoreThatWasAwayForLongIsNotHeldAgainstTheSteps() {
        SimulatedCluster world = new SimulatedCluster(2, 1, true);
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(1));
        while (world.restarted.isEmpty()) {
            runner.sweep();
            world.pass();
        }
        world.store.goAway();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(runner::sweep).isInstanceOf(StoreUnavailableException.class);
            world.time.advance(Duration.ofMinutes(10));
        }
        world.store.comeBack();
        assertThat(world.runUntilEnd(runner, id, PATIENCE).state()).isEqualTo(OperationState.SUCCEEDED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anotherReplicaGoesOnWhereverTheFirstOneDies(int maxUnavailable) {
        // Each runner dies at the first change that it stores; the next one waits for the lease to run out.
        SimulatedCluster world = new SimulatedCluster(4, 2, true);
        OperationId id = world.start(Orders.rollingRestart(maxUnavailable));
        int deaths = 0;
        while (!world.operation(id).state().isFinal()) {
            OperationRunner runner = world.runner("replica-" + deaths);
            var version = world.operation(id).version();
            int sweeps = 0;
            while (world.operation(id).version().equals(version)) {
                runner.sweep();
                world.pass();
                assertThat(++sweeps).isLessThan(1_000);
            }
            deaths++;
        }
        assertThat(world.operation(id).state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(deaths).isGreaterThan(10);
        assertThat(world.restarted).contains(node(1), node(2), node(3), node(4));
    }

    @Test
    void anotherReplicaTakesOverWithinOneLease() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.machine(1).outstanding = 1;
        OperationId id = world.start(Orders.onNode(OperationType.DRAIN, node(1)));
        world.runner("dies").sweep();
        world.machine(1).outstanding = 0;
        Instant death = world.time.instant();
        world.runUntilEnd(world.runner("survivor"), id, PATIENCE);
        assertThat(Duration.between(death, world.time.instant()))
                .isLessThanOrEqualTo(SimulatedCluster.TIMINGS.leaseTimeToLive().plusSeconds(2));
    }

    @Test
    void aReplicaThatStopsGivesItsOperationsAwayAtOnce() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        OperationRunner first = world.runner("first");
        OperationId id = world.start(Orders.onNode(OperationType.DRAIN, node(1)));
        first.sweep();
        first.release();
        Instant stop = world.time.instant();
        world.runUntilEnd(world.runner("second"), id, PATIENCE);
        assertThat(Duration.between(stop, world.time.instant())).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void onlyTheHolderOfTheLeaseActs() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        OperationRunner first = world.runner("first");
        OperationRunner second = world.runner("second");
        OperationId id = world.start(Orders.rollingRestart(1));
        for (int i = 0; i < 500 && !world.operation(id).state().isFinal(); i++) {
            first.sweep();
            second.sweep();
            world.pass();
        }
        assertThat(world.operation(id).state()).isEqualTo(OperationState.SUCCEEDED);
        assertThat(world.restarted).containsExactly(node(1), node(2), node(3));
    }

    @Test
    void anOperationOnWhichNothingCanBeDecidedIsRetriedAtLongerIntervalsAndGivenUp() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        OperationId id = world.start(Orders.onNode(OperationType.DRAIN, node(1)));
        world.setAdminState(node(1), AdminState.DRAINING);
        world.replaceSteps(
                id,
                List.of(new OperationStep(
                        "levitate",
                        Optional.of(node(1)),
                        StepState.RUNNING,
                        Optional.of(world.time.instant()),
                        Optional.empty(),
                        "")));
        Instant start = world.time.instant();
        Operation ended = world.runUntilEnd(world.runner("a"), id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.FAILED);
        assertThat(ended.outcome().orElseThrow())
                .contains("this version knows no step of kind levitate")
                .contains("POST /api/v1/nodes/node-1/enable");
        assertThat(Duration.between(start, world.time.instant()))
                .isBetween(Duration.ofMinutes(1), Duration.ofMinutes(4));
        assertThat(world.runUntilEnd(
                                world.runner("a"), world.start(Orders.onNode(OperationType.ENABLE, node(1))), PATIENCE)
                        .state())
                .isEqualTo(OperationState.SUCCEEDED);
    }

    @Test
    void anOperationThatThisReplicaDoesNotUnderstandIsLeftToAnother() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        OperationId id = world.start(Orders.onNode(OperationType.DRAIN, node(1)));
        List<OperationStep> steps = world.operation(id).steps();
        world.replaceSteps(id, List.of(OperationStep.pending("levitate", node(1))));
        OperationRunner old = world.runner("old");
        old.sweep();
        world.replaceSteps(id, steps);
        world.runner("new").sweep();
        assertThat(step(world.operation(id), "drain", 1).state()).isEqualTo(StepState.RUNNING);
    }

    @Test
    void countsOperationsStepsAndFailedHooks() {
        SimulatedCluster world = new SimulatedCluster(3, 1, true);
        world.hookFails = Optional.of(HttpStatus.FORBIDDEN);
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(1));
        runner.sweep();
        assertThat(world.meters.get("holdfast.operations.running").gauge().value())
                .isEqualTo(1);
        world.runUntilEnd(runner, id, PATIENCE);
        runner.sweep();
        assertThat(world.meters.get("holdfast.operations.running").gauge().value())
                .isZero();
        assertThat(world.meters
                        .get("holdfast.operations")
                        .tags("type", "rolling_restart", "state", "failed")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(world.meters
                        .get("holdfast.operations.restart.hook.failures")
                        .tag("outcome", "refused")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(world.meters
                        .get("holdfast.operations.step.duration")
                        .tags("step", "drain", "state", "succeeded")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aLargeRollingRestartCostsNoMoreForEachNodeThanASmallOne() {
        // With work in the square of the 40,000 steps, this would not end.
        SimulatedCluster world = new SimulatedCluster(5_000, 5, true);
        OperationRunner runner = world.runner("a");
        OperationId id = world.start(Orders.rollingRestart(100));
        for (int i = 0; i < 50; i++) {
            runner.sweep();
            world.pass();
        }
        assertThat(world.restarted).hasSizeGreaterThanOrEqualTo(100);
        world.tell(id, new Trigger.Cancel("bob"));
        Operation ended = world.runUntilEnd(runner, id, PATIENCE);
        assertThat(ended.state()).isEqualTo(OperationState.CANCELLED);
        assertThat(ended.steps().stream().map(OperationStep::state))
                .hasSize(40_000)
                .containsOnly(StepState.SUCCEEDED, StepState.SKIPPED);
    }

    private static void sweepUntil(
            SimulatedCluster world, OperationRunner runner, OperationId id, OperationState state) {
        for (int i = 0; i < 1_000 && world.operation(id).state() != state; i++) {
            runner.sweep();
            world.pass();
        }
        assertThat(world.operation(id).state()).isEqualTo(state);
    }

    private static OperationStep step(Operation operation, String kind, int number) {
        return operation.steps().stream()
                .filter(step -> step.kind().equals(kind) && step.node().equals(Optional.of(node(number))))
                .findFirst()
                .orElseThrow();
    }
}
