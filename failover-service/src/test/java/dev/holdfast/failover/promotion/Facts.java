package dev.holdfast.failover.promotion;

import dev.holdfast.failover.promotion.AgentReport.Postgres;
import dev.holdfast.failover.promotion.AgentReport.Role;
import dev.holdfast.failover.promotion.AgentReport.Sender;
import dev.holdfast.failover.promotion.FailoverSnapshot.Verification;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster of a primary {@code a} and standbys {@code b} and {@code c}, {@code ANY 1 (b, c)}, all well; tests take away what
 * they need. Deciding stores what was decided, as a runner does.
 */
final class Facts {

    static final NodeId A = new NodeId("a");
    static final NodeId B = new NodeId("b");
    static final NodeId C = new NodeId("c");
    static final Synchronous ANY_1 = new Synchronous(1, java.util.Set.of(B, C));
    static final Duration FENCE = Duration.ofSeconds(3);

    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    FailoverPolicy policy = policy(FailoverPolicy.Durability.QUORUM, FailoverPolicy.OnCrash.FAIL_OVER);
    final List<Member> members = new ArrayList<>(List.of(member(A), member(B), member(C)));
    final Map<NodeId, AgentReport> reports = new HashMap<>();
    HealthStatus verdict = HealthStatus.HEALTHY;
    boolean paused;
    Optional<Verification> verification = Optional.empty();
    Optional<OperatorRequest> request = Optional.empty();
    PrimaryRecord record;

    Facts() {
        PrimaryRecord initial = PrimaryRecord.initial(A, 1, ANY_1, now);
        record = initial.with(initial.reign().withSettings(ANY_1, ANY_1, 1));
        primary(A, 1, 100, ANY_1);
        following(B, A, 1, 100);
        following(C, A, 1, 100);
    }

    static FailoverPolicy policy(FailoverPolicy.Durability durability, FailoverPolicy.OnCrash onCrash) {
        return new FailoverPolicy(
                durability,
                1,
                onCrash,
                50L,
                new FailoverPolicy.Timing(
                        Duration.ofSeconds(1),
                        FENCE,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1)),
                new FailoverPolicy.Flapping(2, Duration.ofMinutes(10)));
    }

    static Member member(NodeId id) {
        return new Member(id, new RegionId("eu"), 0, false);
    }

    void tag(NodeId id, int priority, boolean nofailover) {
        members.replaceAll(
                member -> member.id().equals(id) ? new Member(id, member.region(), priority, nofailover) : member);
    }

    void primary(NodeId node, int timeline, long end, Synchronous settings) {
        Map<NodeId, Lsn> flushed = new HashMap<>();
        settings.standbys().forEach(standby -> flushed.put(standby, new Lsn(end)));
        primary(node, timeline, end, new Sender(settings, Lsn.ZERO, flushed));
    }

    void primary(NodeId node, int timeline, long end, Sender sender) {
        report(
                node,
                Postgres.RUNNING,
                Role.PRIMARY,
                false,
                false,
                timeline,
                end,
                Optional.empty(),
                Optional.of(sender));
    }

    void following(NodeId node, NodeId upstream, int timeline, long end) {
        report(
                node,
                Postgres.RUNNING,
                Role.STANDBY,
                false,
                false,
                timeline,
                end,
                Optional.of(upstream),
                Optional.empty());
    }

    void detached(NodeId node, int timeline, long end) {
        report(node, Postgres.RUNNING, Role.STANDBY, true, false, timeline, end, Optional.empty(), Optional.empty());
    }

    void stopped(NodeId node, Role role, Postgres state, boolean cleanly, int timeline, long end) {
        report(node, state, role, false, cleanly, timeline, end, Optional.empty(), Optional.empty());
    }

    /** The node has accepted what is in the store. */
    private void report(
            NodeId node,
            Postgres state,
            Role role,
            boolean detached,
            boolean cleanly,
            int timeline,
            long end,
            Optional<NodeId> upstream,
            Optional<Sender> sender) {
        reports.put(
                node,
                new AgentReport(
                        node,
                        record.number(),
                        state,
                        role,
                        detached,
                        cleanly,
                        new Position(timeline, new Lsn(end)),
                        timeline == 1 ? Lsn.ZERO : new Lsn(100),
                        upstream,
                        sender,
                        Optional.empty(),
                        new AgentReport.Clock("1", Duration.ofSeconds(5)),
                        Duration.ofMillis(100)));
    }

    /** Its newest report grows old: the node can't be reached. */
    void unreachable(NodeId node) {
        AgentReport report = java.util.Objects.requireNonNull(reports.get(node));
        reports.put(node, report.withAge(Duration.ofMinutes(1)));
    }

    /** The primary is gone, and everybody agrees. */
    Facts lost() {
        unreachable(record.reign().primary());
        verdict = HealthStatus.UNHEALTHY;
        return this;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    FailoverSnapshot snapshot() {
        return new FailoverSnapshot(now, policy, record, members, reports, verdict, paused, verification, request);
    }

    FailoverDecision decide() {
        FailoverDecision decision = new FailoverDecider().decide(snapshot());
        record = decision.record();
        request = Optional.empty();
        return decision;
    }

    /** Until {@code b} has been ordered to be primary, in place of a lost {@code a}. */
    static Facts promoting() {
        Facts facts = new Facts().lost();
        facts.decide();
        facts.detached(B, 1, 100);
        facts.detached(C, 1, 90);
        facts.decide();
        return facts;
    }

    /** Until {@code b} is primary, and nobody follows it yet. */
    static Facts repointing() {
        Facts facts = promoting();
        facts.primary(B, 2, 110, facts.record.reign().wanted());
        facts.verdict = HealthStatus.HEALTHY;
        facts.decide();
        return facts;
    }

    static Facts verifying() {
        Facts facts = repointing();
        facts.following(C, B, 2, 110);
        facts.decide();
        return facts;
    }

    static Facts recovering() {
        Facts facts = verifying();
        facts.verification = Optional.of(new Verification(facts.record.number().epoch(), true, "read back"));
        // A synchronous standby that answers and does not follow yet.
        facts.stopped(A, Role.STANDBY, Postgres.STARTING, false, 1, 100);
        facts.decide();
        return facts;
    }

    /** The designated {@code b} hangs, and too few others can tell what was acknowledged. */
    static Facts blockedAfterPromotion() {
        Facts facts = promoting();
        facts.unreachable(B);
        facts.pass(Duration.ofSeconds(4));
        facts.decide();
        facts.pass(FENCE);
        facts.decide();
        return facts;
    }
}
