package dev.holdfast.agent.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAction.FenceMode;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrderRulesTest {

    private static final ClusterId CLUSTER = new ClusterId("orders");

    private static final NodeId NODE = new NodeId("db-1");

    private static final NodeId OTHER = new NodeId("db-2");

    private static final OrderAction FOLLOW = new OrderAction.Follow(OTHER, new Endpoint("db-2", 5432));

    private static final OrderAction CLONE = new OrderAction.Reinitialise(OTHER, new Endpoint("db-2", 5432));

    private static final Synchronous BY_OTHER = new Synchronous(1, Set.of(OTHER));

    private static final OrderAction PROMOTE = new OrderAction.Promote(BY_OTHER);

    private static final OrderAction DETACH = new OrderAction.Detach();

    private static final OrderAction FENCE = new OrderAction.Fence(FenceMode.FAST);

    private static final OrderAction RESUME = new OrderAction.Resume();

    private static final OrderAction SYNCHRONISE = new OrderAction.Synchronise(BY_OTHER);

    private static final OrderAction VERIFY = new OrderAction.Verify();

    private static final AgentRecord EMPTY = AgentRecord.empty(CLUSTER, NODE);

    @Test
    void refusesLowerNumbersWhateverTheyAskAndNamesBoth() {
        AgentRecord record = done(EMPTY, order(5, 7, FOLLOW));

        for (OrderAction action : new OrderAction[] {FENCE, FOLLOW, PROMOTE, RESUME}) {
            for (OrderNumber number : new OrderNumber[] {new OrderNumber(5, 6), new OrderNumber(4, 9)}) {
                Verdict.Refused refused =
                        (Verdict.Refused) judge(record, new AgentOrder(CLUSTER, NODE, number, action));
                assertThat(refused.code()).isEqualTo(ProblemCode.STALE_ORDER);
                assertThat(refused.reason())
                        .contains("step " + number.step() + " of epoch " + number.epoch(), "step 7 of epoch 5");
            }
        }
    }

    @Test
    void refusesOrdersForOthers() {
        AgentOrder order = new AgentOrder(CLUSTER, OTHER, new OrderNumber(1, 1), DETACH);

        assertThat(judge(EMPTY, order))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.WRONG_NODE));
    }

    @Test
    void aRepeatedOrderThatWasDoneIsLookedAtAndChangesNothing() {
        AgentOrder detach = order(2, 1, DETACH);
        AgentRecord record = done(EMPTY, detach);

        assertThat(accepted(record, detach)).isEqualTo(record);
    }

    @Test
    void anOrderThatFailedIsTriedAgain() {
        AgentOrder follow = order(2, 1, FOLLOW);
        AgentRecord failed =
                accepted(EMPTY, follow).answered(follow, OrderAnswer.of(follow, OrderOutcome.FAILED, "no network"));

        assertThat(accepted(failed, follow).last().orElseThrow().answer().outcome())
                .isEqualTo(OrderOutcome.IN_PROGRESS);
    }

    @Test
    void takesSeveralOrdersUnderOneNumber() {
        AgentRecord primary = done(EMPTY, order(1, 1, new OrderAction.Create()));
        AgentRecord resumed = done(primary, order(2, 4, RESUME));

        assertThat(done(resumed, order(2, 4, SYNCHRONISE))
                        .assignment()
                        .orElseThrow()
                        .synchronous())
                .contains(BY_OTHER);
    }

    @Test
    void anOrderThatRepeatsUnderAHigherStepWhatIsBeingDoneJoinsItAndRaisesTheNumber() {
        AgentOrder clone = order(2, 1, CLONE);
        AgentRecord record = accepted(EMPTY, clone);

        Verdict joined = OrderRules.judge(record, Optional.of(clone), order(2, 5, CLONE));

        assertThat(joined).isInstanceOfSatisfying(Verdict.Joined.class, verdict -> {
            assertThat(verdict.next().accepted()).isEqualTo(new OrderNumber(2, 5));
            assertThat(verdict.next().isLast(order(2, 5, CLONE))).isTrue();
        });
        assertThat(OrderRules.judge(record, Optional.of(clone), order(3, 5, CLONE)))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aVerificationIsOfItsOwnNumber() {
        AgentRecord primary = done(EMPTY, order(1, 1, new OrderAction.Create()));
        AgentOrder verify = order(1, 2, VERIFY);
        AgentRecord record = accepted(primary, verify);

        assertThat(OrderRules.judge(record, Optional.of(verify), verify)).isInstanceOf(Verdict.Joined.class);
        assertThat(OrderRules.judge(record, Optional.of(verify), order(1, 3, VERIFY)))
                .isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void promotesOnlyWhatWasDetachedInTheSameEpoch() {
        AgentRecord detached = done(EMPTY, order(2, 1, DETACH));

        assertThat(judge(detached, order(2, 2, PROMOTE))).isInstanceOf(Verdict.Accepted.class);
        assertThat(judge(detached, order(3, 2, PROMOTE))).isInstanceOf(Verdict.Declined.class);
        assertThat(judge(EMPTY, order(2, 2, PROMOTE))).isInstanceOf(Verdict.Declined.class);
        assertThat(judge(done(detached, order(2, 2, FOLLOW)), order(2, 3, PROMOTE)))
                .isInstanceOf(Verdict.Declined.class);
        assertThat(judge(done(detached, order(2, 2, FENCE)), order(2, 3, PROMOTE)))
                .isInstanceOf(Verdict.Declined.class);
        assertThat(judge(accepted(EMPTY, order(2, 1, DETACH)), order(2, 2, PROMOTE)))
                .as("the detachment wasn't seen to its end")
                .isInstanceOf(Verdict.Declined.class);
    }

    @Test
    void theNumberOfAnOrderThatTheStateDoesntAllowCountsAllTheSame() {
        AgentRecord primary = done(EMPTY, order(1, 1, new OrderAction.Create()));

        Verdict.Declined declined = (Verdict.Declined) judge(primary, order(2, 3, DETACH));

        assertThat(declined.next().accepted()).isEqualTo(new OrderNumber(2, 3));
        assertThat(declined.next().servesAsPrimary()).isTrue();
        assertThat(declined.next().last().orElseThrow().answer().outcome()).isEqualTo(OrderOutcome.FAILED);
    }

    @Test
    void isNoPrimaryBeforeThePromotionIsDone() {
        AgentOrder promote = order(2, 2, PROMOTE);
        AgentRecord accepted = accepted(done(EMPTY, order(2, 1, DETACH)), promote);

        assertThat(accepted.servesAsPrimary()).isFalse();
        assertThat(accepted.countsAsDetached()).isFalse();
        AgentRecord promoted = OrderRules.done(accepted, promote, Optional.of(PostgresRole.PRIMARY));
        assertThat(promoted.servesAsPrimary()).isTrue();
        assertThat(judge(promoted, order(2, 3, PROMOTE))).isInstanceOf(Verdict.Accepted.class);
        assertThat(judge(promoted, order(3, 3, PROMOTE))).isInstanceOf(Verdict.Declined.class);
    }

    @Test
    void aPromotionStaysPossibleUntilAnotherOrderWasSeenToItsEnd() {
        AgentRecord promoting = accepted(done(EMPTY, order(2, 1, DETACH)), order(2, 2, PROMOTE));

        AgentRecord detaching = accepted(promoting, order(3, 2, DETACH));

        assertThat(detaching.mayBePromoted()).isTrue();
        assertThat(done(promoting, order(3, 2, DETACH)).mayBePromoted()).isFalse();
        assertThat(done(promoting, order(3, 2, DETACH)).countsAsDetached()).isTrue();
        assertThat(accepted(promoting, order(3, 2, FOLLOW)).mayBePromoted()).isTrue();
        assertThat(done(promoting, order(3, 2, FOLLOW)).mayBePromoted()).isFalse();
    }

    @Test
    void aPromotionThatNobodySawTheEndOfIsTakenUpByResuming() {
        AgentRecord promoting = accepted(done(EMPTY, order(2, 1, DETACH)), order(2, 2, PROMOTE));
        AgentOrder resume = order(3, 2, RESUME);

        AgentRecord primary = OrderRules.done(accepted(promoting, resume), resume, Optional.of(PostgresRole.PRIMARY));

        assertThat(primary.servesAsPrimary()).isTrue();
        assertThat(primary.assignment().orElseThrow().synchronous()).contains(BY_OTHER);
    }

    @Test
    void isNoPrimaryFromTheMomentItIsToFollow() {
        AgentRecord primary = done(EMPTY, order(1, 1, new OrderAction.Create()));

        assertThat(primary.servesAsPrimary()).isTrue();
        assertThat(accepted(primary, order(2, 2, FOLLOW)).servesAsPrimary()).isFalse();
        assertThat(accepted(primary, order(2, 2, CLONE)).servesAsPrimary()).isFalse();
    }

    @Test
    void neverFollowsItself() {
        OrderAction itself = new OrderAction.Follow(NODE, new Endpoint("db-1", 5432));

        assertThat(judge(EMPTY, order(2, 2, itself))).isInstanceOf(Verdict.Declined.class);
    }

    @Test
    void staysFencedUntilAnOrderThatFreesIt() {
        AgentRecord primary = done(EMPTY, order(1, 1, new OrderAction.Create()));
        AgentRecord fenced = done(primary, order(2, 2, FENCE));

        assertThat(fenced.fenced()).isPresent();
        assertThat(judge(fenced, order(2, 3, SYNCHRONISE))).isInstanceOf(Verdict.Declined.class);
        assertThat(accepted(fenced, order(2, 3, RESUME)).fenced()).isEmpty();
        assertThat(accepted(fenced, order(2, 3, FOLLOW)).fenced()).isEmpty();
    }

    @Test
    void whatIsBeingDoneIsCalledOffByALaterEpochAFenceAndAChangeOfRoleUnderAHigherStep() {
        AgentOrder clone = order(2, 1, FOLLOW);
        AgentRecord record = accepted(EMPTY, clone);

        assertThat(OrderRules.judge(record, Optional.of(clone), order(2, 2, RESUME)))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.ORDER_IN_PROGRESS));
        assertThat(OrderRules.judge(record, Optional.of(clone), order(2, 1, DETACH)))
                .isInstanceOf(Verdict.Refused.class);
        assertThat(OrderRules.judge(record, Optional.of(clone), order(2, 2, DETACH)))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(OrderRules.judge(record, Optional.of(clone), order(2, 1, FENCE)))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(OrderRules.judge(record, Optional.of(clone), order(3, 1, DETACH)))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void whoWaitsForStandbysCanBeToldOfOthers() {
        AgentRecord primary = done(EMPTY, order(1, 1, new OrderAction.Create()));
        for (OrderAction waiting : new OrderAction[] {RESUME, VERIFY}) {
            AgentOrder current = order(1, 2, waiting);
            AgentRecord record = accepted(primary, current);

            assertThat(OrderRules.judge(record, Optional.of(current), order(1, 2, SYNCHRONISE)))
                    .isInstanceOf(Verdict.Accepted.class);
        }
    }

    static AgentOrder order(long epoch, long step, OrderAction action) {
        return new AgentOrder(CLUSTER, NODE, new OrderNumber(epoch, step), action);
    }

    private static Verdict judge(AgentRecord record, AgentOrder order) {
        return OrderRules.judge(record, Optional.empty(), order);
    }

    private static AgentRecord accepted(AgentRecord record, AgentOrder order) {
        return ((Verdict.Accepted) judge(record, order)).next();
    }

    private static AgentRecord done(AgentRecord record, AgentOrder order) {
        return OrderRules.done(
                accepted(record, order).answered(order, OrderAnswer.of(order, OrderOutcome.DONE, "done")),
                order,
                Optional.empty());
    }
}
