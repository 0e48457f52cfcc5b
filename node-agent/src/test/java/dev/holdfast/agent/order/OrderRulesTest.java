package dev.holdfast.agent.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.Epoch;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAction.FenceMode;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderId;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.agent.SynchronousStandbys;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderRulesTest {

    private static final ClusterId CLUSTER = new ClusterId("orders");

    private static final NodeId NODE = new NodeId("db-1");

    private static final OrderAction FOLLOW = new OrderAction.Follow(new Endpoint("db-2", 5432));

    private static final OrderAction PROMOTE = new OrderAction.Promote(SynchronousStandbys.NONE);

    private static final OrderAction FENCE = new OrderAction.Fence(FenceMode.FAST);

    private static final AgentRecord EMPTY = AgentRecord.empty(CLUSTER, NODE);

    @Test
    void refusesAnOlderEpochWhateverItAsks() {
        AgentRecord record = done(EMPTY, order(5, "a", FOLLOW));

        for (OrderAction action : new OrderAction[] {FENCE, FOLLOW, PROMOTE, new OrderAction.Resume()}) {
            assertThat(refusal(record, order(4, "b", action))).isEqualTo(ProblemCode.STALE_EPOCH);
        }
    }

    @Test
    void refusesOrdersForOthers() {
        AgentOrder order =
                new AgentOrder(CLUSTER, new NodeId("db-9"), new Epoch(1), new OrderId("a"), new OrderAction.Detach());

        assertThat(refusal(EMPTY, order)).isEqualTo(ProblemCode.WRONG_NODE);
    }

    @Test
    void answersARepeatedOrderAlikeAlsoWhenOthersCameBetween() {
        AgentOrder detach = order(2, "detach", new OrderAction.Detach());
        AgentRecord record = done(done(EMPTY, detach), order(2, "promote", PROMOTE));

        assertThat(judge(record, detach))
                .isInstanceOfSatisfying(
                        Verdict.Repeated.class,
                        repeated -> assertThat(repeated.answer().outcome()).isEqualTo(OrderOutcome.DONE));
    }

    @Test
    void refusesAnotherOrderOfTheSameId() {
        AgentRecord record = done(EMPTY, order(2, "a", new OrderAction.Detach()));

        assertThat(refusal(record, order(2, "a", FOLLOW))).isEqualTo(ProblemCode.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void triesAFailedOrderAgainUntilAnotherCame() {
        AgentOrder follow = order(2, "follow", FOLLOW);
        AgentRecord failed =
                accepted(EMPTY, follow).answered(OrderAnswer.of(follow, OrderOutcome.FAILED, "no network"));

        assertThat(judge(failed, follow)).isInstanceOf(Verdict.Accepted.class);
        assertThat(judge(accepted(failed, order(2, "fence", FENCE)), follow)).isInstanceOf(Verdict.Repeated.class);
    }

    @Test
    void promotesOnlyWhatWasDetachedInTheSameEpoch() {
        AgentRecord detached = done(EMPTY, order(2, "detach", new OrderAction.Detach()));

        assertThat(judge(detached, order(2, "promote", PROMOTE))).isInstanceOf(Verdict.Accepted.class);
        assertThat(refusal(detached, order(3, "promote", PROMOTE))).isEqualTo(ProblemCode.ORDER_REFUSED);
        assertThat(refusal(EMPTY, order(2, "promote", PROMOTE))).isEqualTo(ProblemCode.ORDER_REFUSED);
        assertThat(refusal(done(detached, order(2, "follow", FOLLOW)), order(2, "promote", PROMOTE)))
                .isEqualTo(ProblemCode.ORDER_REFUSED);
    }

    @Test
    void isNoPrimaryBeforeThePromotionIsDone() {
        AgentOrder promote = order(2, "promote", PROMOTE);
        AgentRecord accepted = accepted(done(EMPTY, order(2, "detach", new OrderAction.Detach())), promote);

        assertThat(accepted.servesAsPrimary()).isFalse();
        assertThat(OrderRules.done(accepted, promote).servesAsPrimary()).isTrue();
    }

    @Test
    void isNoPrimaryFromTheMomentItIsToFollow() {
        AgentRecord primary = done(EMPTY, order(1, "create", new OrderAction.Create()));

        assertThat(primary.servesAsPrimary()).isTrue();
        assertThat(accepted(primary, order(2, "follow", FOLLOW)).servesAsPrimary())
                .isFalse();
        assertThat(refusal(primary, order(2, "detach", new OrderAction.Detach())))
                .isEqualTo(ProblemCode.ORDER_REFUSED);
    }

    @Test
    void staysFencedUntilAnOrderThatFreesIt() {
        AgentRecord standby = done(EMPTY, order(1, "follow", FOLLOW));
        AgentRecord fenced = done(standby, order(2, "fence", FENCE));

        assertThat(fenced.fenced()).isPresent();
        assertThat(refusal(fenced, order(2, "detach", new OrderAction.Detach())))
                .isEqualTo(ProblemCode.ORDER_REFUSED);
        assertThat(accepted(fenced, order(2, "resume", new OrderAction.Resume()))
                        .fenced())
                .isEmpty();
        assertThat(accepted(fenced, order(3, "detach", new OrderAction.Detach()))
                        .fenced())
                .isEmpty();
    }

    @Test
    void onlyALaterEpochOrAFenceCallsOffWhatIsBeingDone() {
        AgentOrder clone = order(2, "clone", FOLLOW);
        AgentRecord record = accepted(EMPTY, clone);

        assertThat(OrderRules.judge(record, Optional.of(clone), clone)).isInstanceOf(Verdict.Joined.class);
        assertThat(OrderRules.judge(record, Optional.of(clone), order(2, "resume", new OrderAction.Resume())))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.ORDER_IN_PROGRESS));
        assertThat(OrderRules.judge(record, Optional.of(clone), order(2, "fence", FENCE)))
                .isInstanceOf(Verdict.Accepted.class);
        assertThat(OrderRules.judge(record, Optional.of(clone), order(3, "detach", new OrderAction.Detach())))
                .isInstanceOf(Verdict.Accepted.class);
    }

    static AgentOrder order(long epoch, String id, OrderAction action) {
        return new AgentOrder(CLUSTER, NODE, new Epoch(epoch), new OrderId(id), action);
    }

    private static Verdict judge(AgentRecord record, AgentOrder order) {
        return OrderRules.judge(record, Optional.empty(), order);
    }

    private static ProblemCode refusal(AgentRecord record, AgentOrder order) {
        return ((Verdict.Refused) judge(record, order)).code();
    }

    private static AgentRecord accepted(AgentRecord record, AgentOrder order) {
        return ((Verdict.Accepted) judge(record, order)).next();
    }

    private static AgentRecord done(AgentRecord record, AgentOrder order) {
        return OrderRules.done(
                accepted(record, order).answered(OrderAnswer.of(order, OrderOutcome.DONE, "done")), order);
    }
}
