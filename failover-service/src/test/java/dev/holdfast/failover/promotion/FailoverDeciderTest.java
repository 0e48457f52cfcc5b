package dev.holdfast.failover.promotion;

import static dev.holdfast.failover.promotion.Facts.A;
import static dev.holdfast.failover.promotion.Facts.ANY_1;
import static dev.holdfast.failover.promotion.Facts.B;
import static dev.holdfast.failover.promotion.Facts.C;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failover.promotion.AgentReport.Postgres;
import dev.holdfast.failover.promotion.AgentReport.Role;
import dev.holdfast.failover.promotion.FailoverSnapshot.Verification;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.Synchronous;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailoverDeciderTest {

    @Test
    void leavesAWellClusterAlone() {
        FailoverDecision decision = new Facts().decide();
        assertThat(decision.changes()).isFalse();
        assertThat(decision.orders()).isEmpty();
    }

    @Test
    void raisesTheEpochBeforeItDetachesTheSynchronousStandbys() {
        Facts facts = new Facts().lost();
        FailoverDecision decision = facts.decide();
        assertThat(decision.record().phase()).isEqualTo(FailoverPhase.FENCING);
        assertThat(decision.record().number()).isEqualTo(new OrderNumber(2, 2));
        assertThat(decision.orders())
                .containsExactlyInAnyOrder(
                        new Order.Detach(B, new OrderNumber(2, 2)), new Order.Detach(C, new OrderNumber(2, 2)));
        assertThat(decision.events().getLast().evidence()).containsKeys("verdict", "claimed", "node.b");
    }

    @Test
    void promotesTheOneThatHasMostOnceEnoughAreDetached() {
        Facts facts = new Facts().lost();
        facts.decide();
        facts.detached(B, 1, 90);
        FailoverDecision waiting = facts.decide();
        assertThat(waiting.changes()).isFalse();
        assertThat(code(waiting.inaction())).contains(Refusal.Code.TOO_FEW_STANDBYS);
        facts.detached(C, 1, 100);
        FailoverDecision decision = facts.decide();
        OrderNumber number = decision.record().number();
        assertThat(decision.orders())
                .contains(
                        new Order.Promote(C, number, new Synchronous(1, Set.of(A, B))),
                        new Order.Fence(A, number, Order.Mode.IMMEDIATE));
        assertThat(decision.record().reign().claimed()).isEqualTo(new Synchronous(1, Set.of(A, B)));
    }

    @Test
    void breaksATieByPriority() {
        Facts facts = new Facts().lost();
        facts.tag(C, 5, false);
        facts.decide();
        facts.detached(B, 1, 100);
        facts.detached(C, 1, 100);
        assertThat(facts.decide().record().reign().primary()).isEqualTo(C);
    }

    @Test
    void promotesNobodyWhenTheOneWithMostMustNotBe() {
        Facts facts = new Facts().lost();
        facts.tag(B, 0, true);
        facts.decide();
        facts.detached(B, 1, 100);
        facts.detached(C, 1, 90);
        FailoverDecision decision = facts.decide();
        assertThat(decision.record().phase()).isEqualTo(FailoverPhase.FENCING);
        assertThat(code(decision.inaction())).contains(Refusal.Code.CANDIDATE_BEHIND);
    }

    @Test
    void promotesNobodyFromAnotherTimeline() {
        Facts facts = new Facts().lost();
        facts.decide();
        facts.detached(B, 7, 100);
        facts.detached(C, 1, 90);
        FailoverDecision decision = facts.decide();
        assertThat(decision.record().phase()).isEqualTo(FailoverPhase.FENCING);
        assertThat(code(decision.inaction())).contains(Refusal.Code.FORKED_TIMELINE);
    }

    @Test
    void doesNothingBelowQuorumOfVerdict() {
        Facts facts = new Facts();
        facts.unreachable(A);
        facts.verdict = HealthStatus.UNKNOWN;
        assertThat(facts.decide().changes()).isFalse();
    }

    @Test
    void refusesWhenTooFewStandbysAnswer() {
        Facts facts = new Facts().lost();
        facts.unreachable(C);
        assertBlocked(facts, Refusal.Code.TOO_FEW_STANDBYS);
        assertThat(facts.record.number().epoch()).isEqualTo(1);
    }

    @Test
    void refusesWhilePaused() {
        Facts facts = new Facts().lost();
        facts.paused = true;
        assertBlocked(facts, Refusal.Code.PAUSED);
        facts.paused = false;
        assertThat(facts.decide().record().phase()).isEqualTo(FailoverPhase.FENCING);
    }

    @Test
    void refusesWhenNobodyMayBePromoted() {
        Facts facts = new Facts().lost();
        facts.tag(B, 0, true);
        facts.tag(C, 0, true);
        assertBlocked(facts, Refusal.Code.NO_CANDIDATE);
    }

    @Test
    void refusesToFlapUntilAnOperatorHasAcknowledged() {
        Facts facts = new Facts().lost();
        facts.record = facts.record.withFailovers(List.of(facts.now.minusSeconds(60), facts.now.minusSeconds(30)));
        assertBlocked(facts, Refusal.Code.FLAPPING);
        facts.request = Optional.of(new OperatorRequest.AcknowledgeFlapping(1, "alice"));
        assertThat(facts.decide().record().phase()).isEqualTo(FailoverPhase.FENCING);
    }

    @Test
    void refusesWhenNothingIsProvenOfTheStandbysYet() {
        Facts facts = new Facts().lost();
        facts.record = PrimaryRecord.initial(A, 1, ANY_1, facts.now);
        assertBlocked(facts, Refusal.Code.TOO_FEW_STANDBYS);
    }

    @Test
    void restartsInPlaceWhenThePolicySaysSoOrNobodyIsReady() {
        Facts facts = new Facts();
        facts.policy = Facts.policy(FailoverPolicy.Durability.QUORUM, FailoverPolicy.OnCrash.RESTART);
        facts.stopped(A, Role.PRIMARY, Postgres.CRASHED, false, 1, 100);
        assertThat(facts.decide().orders()).contains(new Order.Resume(A, facts.record.number()));
        Facts alone = new Facts();
        alone.stopped(A, Role.PRIMARY, Postgres.CRASHED, false, 1, 100);
        alone.unreachable(B);
        FailoverDecision decision = alone.decide();
        assertThat(decision.record().phase()).isEqualTo(FailoverPhase.SUSPECTED);
        assertThat(decision.orders()).contains(new Order.Resume(A, alone.record.number()));
    }

    @Test
    void refusesASecondOperationAndAStaleRequest() {
        Facts facts = Facts.promoting();
        facts.request = Optional.of(new OperatorRequest.Switchover(2, "alice", Optional.empty(), ""));
        assertThat(code(facts.decide().refused())).contains(Refusal.Code.OPERATION_RUNS);
        facts.request = Optional.of(new OperatorRequest.Switchover(1, "alice", Optional.empty(), ""));
        assertThat(code(facts.decide().refused())).contains(Refusal.Code.STALE_EPOCH);
        facts.request = Optional.of(new OperatorRequest.Cancel(2, "alice"));
        assertThat(code(facts.decide().refused())).contains(Refusal.Code.POINT_OF_NO_RETURN);
    }

    @Test
    void losesDataOnlyForAReasonAndClaimsNothingAfterwards() {
        Facts facts = new Facts().lost();
        facts.unreachable(C);
        facts.decide();
        facts.request = Optional.of(new OperatorRequest.Failover(1, "alice", Optional.empty(), true, " "));
        assertThat(code(facts.decide().refused())).contains(Refusal.Code.REASON_MISSING);
        facts.request = Optional.of(new OperatorRequest.Failover(1, "alice", Optional.empty(), true, "the rest burnt"));
        assertThat(facts.decide().record().phase()).isEqualTo(FailoverPhase.FENCING);
        facts.detached(B, 1, 90);
        facts.decide();
        assertThat(facts.record.phase()).isEqualTo(FailoverPhase.FENCING);
        facts.pass(Facts.FENCE);
        FailoverDecision decision = facts.decide();
        assertThat(decision.record().reign().primary()).isEqualTo(B);
        assertThat(decision.record().reign().claimed()).isEqualTo(Synchronous.NONE);
        assertThat(decision.events().getLast().evidence()).containsEntry("allowDataLoss", "the rest burnt");
    }

    @Test
    void switchesOverOnceTheCandidateHasThePrimarysLastRecord() {
        Facts facts = new Facts();
        facts.request = Optional.of(new OperatorRequest.Switchover(1, "alice", Optional.of(C), ""));
        assertThat(facts.decide().orders()).containsExactly(new Order.Fence(A, facts.record.number(), Order.Mode.FAST));
        facts.stopped(A, Role.PRIMARY, Postgres.FENCED, true, 1, 120);
        facts.following(C, A, 1, 119);
        assertThat(facts.decide().orders()).noneMatch(Order.Detach.class::isInstance);
        facts.following(C, A, 1, 120);
        assertThat(facts.decide().orders()).contains(new Order.Detach(C, facts.record.number()));
        facts.detached(C, 1, 120);
        assertThat(facts.decide().record().reign().primary()).isEqualTo(C);
    }

    @Test
    void putsThePrimaryBackWhenASwitchoverIsCancelled() {
        Facts facts = new Facts();
        facts.request = Optional.of(new OperatorRequest.Switchover(1, "alice", Optional.empty(), ""));
        facts.decide();
        facts.stopped(A, Role.PRIMARY, Postgres.FENCED, true, 1, 120);
        facts.request = Optional.of(new OperatorRequest.Cancel(2, "alice"));
        FailoverDecision decision = facts.decide();
        assertThat(decision.record().phase()).isEqualTo(FailoverPhase.REPOINTING);
        assertThat(decision.record().reign().primary()).isEqualTo(A);
        assertThat(decision.orders()).contains(new Order.Resume(A, facts.record.number()));
    }

    @Test
    void asyncWaitsForTheLeaseAndCapsTheLoss() {
        Facts facts = new Facts();
        facts.policy = Facts.policy(FailoverPolicy.Durability.ASYNC, FailoverPolicy.OnCrash.FAIL_OVER);
        facts.record = PrimaryRecord.initial(A, 1, Synchronous.NONE, facts.now);
        facts.primary(A, 1, 100, Synchronous.NONE);
        FailoverDecision leased = facts.decide();
        assertThat(leased.orders()).anyMatch(Order.Lease.class::isInstance);
        facts.lost().decide();
        facts.detached(B, 1, 49);
        assertThat(code(facts.decide().inaction())).contains(Refusal.Code.LEASE_RUNS);
        facts.record = facts.record.in(FailoverPhase.FENCING, facts.now.plusSeconds(11), Optional.empty());
        facts.pass(Duration.ofSeconds(11));
        assertThat(code(facts.decide().inaction())).contains(Refusal.Code.LAG_ABOVE_MAXIMUM);
        facts.detached(B, 1, 50);
        FailoverDecision decision = facts.decide();
        assertThat(decision.record().phase()).isEqualTo(FailoverPhase.PROMOTING);
        assertThat(decision.events().getLast().evidence().get("loss")).startsWith("50 bytes");
    }

    @Test
    void clonesWhatMayHoldAnotherTimelineOfTheSameNumber() {
        Facts facts = Facts.repointing();
        // b has opened timeline 2, which nobody followed, and a opens another of that number.
        facts.following(A, B, 1, 100);
        facts.lost().decide();
        facts.detached(C, 1, 100);
        facts.detached(A, 1, 100);
        facts.decide();
        assertThat(facts.record.phase()).isEqualTo(FailoverPhase.PROMOTING);
        facts.primary(
                facts.record.reign().primary(), 2, 110, facts.record.reign().wanted());
        facts.verdict = HealthStatus.HEALTHY;
        FailoverDecision decision = facts.decide();
        assertThat(decision.record().doubtful()).containsExactly(B);
    }

    @Test
    void strengthensTheClaimOnlyWhenTheOlderRowsHaveArrived() {
        Facts facts = new Facts();
        Synchronous stronger = new Synchronous(1, Set.of(B));
        facts.record = facts.record.with(facts.record.reign().withSettings(ANY_1, stronger, 1));
        facts.primary(A, 1, 100, new AgentReport.Sender(stronger, new Lsn(100), Map.of(B, new Lsn(99))));
        assertThat(facts.decide().record().reign().claimed()).isEqualTo(ANY_1);
        facts.primary(A, 1, 100, new AgentReport.Sender(stronger, new Lsn(100), Map.of(B, new Lsn(100))));
        assertThat(facts.decide().record().reign().claimed()).isEqualTo(stronger);
    }

    @Test
    void tellsThatWritesWait() {
        Facts facts = Facts.repointing();
        assertThat(facts.decide().inaction()).isEmpty();
        facts.pass(Duration.ofSeconds(3));
        assertThat(code(facts.decide().inaction())).contains(Refusal.Code.TOO_FEW_STANDBYS);
    }

    @Test
    void decidingAgainOnTheSameFactsChangesNothing() {
        for (Facts facts :
                List.of(Facts.promoting(), Facts.repointing(), Facts.verifying(), Facts.blockedAfterPromotion())) {
            FailoverDecision once = facts.decide();
            FailoverDecision again = facts.decide();
            assertThat(again.changes()).isFalse();
            assertThat(again.orders()).isEqualTo(once.orders());
        }
    }

    @Test
    void visitsEveryEdge() {
        Set<FailoverEdge> taken = new HashSet<>();
        for (Facts facts : stories()) {
            taken.addAll(facts.decide().taken());
        }
        assertThat(FailoverEdges.TABLE.edges())
                .allSatisfy(edge -> assertThat(taken).contains(edge));
    }

    /** One for each edge, in the order of the table, up to the decision that takes it. */
    private static List<Facts> stories() {
        List<Facts> stories = new ArrayList<>();
        stories.add(asked(new Facts(), new OperatorRequest.Switchover(1, "alice", Optional.empty(), "")));
        OperatorRequest failover = new OperatorRequest.Failover(1, "alice", Optional.empty(), false, "a drill");
        stories.add(asked(new Facts(), failover));
        stories.add(new Facts().lost());
        stories.add(asked(suspected(new Facts()), failover));
        stories.add(suspected(new Facts()));
        Facts unfinished = suspected(Facts.repointing());
        stories.add(unfinished);
        Facts begins = suspected(new Facts().lost());
        stories.add(begins);
        Facts refused = suspected(new Facts().lost());
        refused.paused = true;
        refused.pass(Duration.ofSeconds(1));
        stories.add(refused);
        stories.add(asked(blocked(), failover));
        Facts well = blocked();
        well.primary(A, 1, 100, ANY_1);
        well.verdict = HealthStatus.HEALTHY;
        stories.add(well);
        Facts gone = blocked();
        gone.paused = false;
        stories.add(gone);
        Facts switching = asked(new Facts(), new OperatorRequest.Switchover(1, "alice", Optional.empty(), ""));
        switching.decide();
        stories.add(asked(switching, new OperatorRequest.Cancel(2, "alice")));
        Facts late = Facts.promoting();
        late.pass(Duration.ofSeconds(4));
        late.unreachable(B);
        late.decide();
        late.primary(B, 2, 110, late.record.reign().wanted());
        stories.add(late);
        Facts fenced = new Facts().lost();
        fenced.decide();
        fenced.detached(B, 1, 100);
        fenced.detached(C, 1, 100);
        stories.add(fenced);
        Facts forced = new Facts().lost();
        forced.request =
                Optional.of(new OperatorRequest.Failover(1, "alice", Optional.empty(), true, "the rest burnt"));
        forced.decide();
        forced.detached(B, 1, 90);
        forced.pass(Facts.FENCE);
        stories.add(forced);
        Facts alone = new Facts().lost();
        alone.decide();
        alone.pass(Facts.FENCE);
        stories.add(alone);
        Facts hung = Facts.promoting();
        hung.unreachable(B);
        hung.pass(Duration.ofSeconds(4));
        hung.decide();
        hung.pass(Facts.FENCE);
        stories.add(hung);
        Facts promoted = Facts.promoting();
        promoted.primary(B, 2, 110, promoted.record.reign().wanted());
        promoted.verdict = HealthStatus.HEALTHY;
        stories.add(promoted);
        Facts hangs = Facts.promoting();
        hangs.pass(Duration.ofSeconds(4));
        stories.add(hangs);
        stories.add(Facts.repointing().lost());
        Facts followed = Facts.repointing();
        followed.following(C, B, 2, 110);
        stories.add(followed);
        stories.add(Facts.verifying().lost());
        Facts verified = Facts.verifying();
        verified.verification = Optional.of(new Verification(2, true, "read back"));
        stories.add(verified);
        Facts unverified = Facts.verifying();
        unverified.pass(Duration.ofSeconds(3));
        stories.add(unverified);
        stories.add(Facts.recovering().lost());
        Facts whole = Facts.recovering();
        whole.following(A, B, 2, 110);
        stories.add(whole);
        Facts lasting = Facts.recovering();
        lasting.pass(Duration.ofSeconds(30));
        stories.add(lasting);
        return stories;
    }

    private static Facts asked(Facts facts, OperatorRequest request) {
        facts.request = Optional.of(request);
        return facts;
    }

    /** As a controller leaves it that stops right after it had doubts. */
    private static Facts suspected(Facts facts) {
        facts.record = facts.record.in(FailoverPhase.SUSPECTED, facts.now, Optional.empty());
        return facts;
    }

    private static Facts blocked() {
        Facts facts = suspected(new Facts().lost());
        facts.paused = true;
        facts.pass(Duration.ofSeconds(1));
        facts.decide();
        return facts;
    }

    private static void assertBlocked(Facts facts, Refusal.Code code) {
        FailoverDecision doubting = facts.decide();
        assertThat(doubting.record().phase()).isEqualTo(FailoverPhase.SUSPECTED);
        assertThat(code(doubting.inaction())).contains(code);
        facts.pass(Duration.ofSeconds(1));
        FailoverDecision decision = facts.decide();
        assertThat(decision.record().phase()).isEqualTo(FailoverPhase.BLOCKED);
        assertThat(code(decision.inaction())).contains(code);
        assertThat(decision.orders())
                .noneMatch(order -> order instanceof Order.Detach || order instanceof Order.Promote);
    }

    private static Optional<Refusal.Code> code(Optional<Refusal> refusal) {
        return refusal.map(Refusal::code);
    }
}
