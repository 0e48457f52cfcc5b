package dev.holdfast.failover.promotion;

import dev.holdfast.failover.promotion.AgentReport.Role;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.Reign;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides what happens to a cluster's primary: follows the {@link FailoverEdges} as far as the facts carry, fits the
 * replication settings, and tells which orders belong to the outcome.
 *
 * <p>Whoever carries a decision out stores its record by compare-and-set first, and gives the orders only when that
 * succeeded. Any controller may decide again on what is stored: orders repeat, and do no harm.
 */
public final class FailoverDecider {

    /** Each phase is passed once at most with the same facts; more would be a circle in the table. */
    private static final int MOST_EDGES = 12;

    private final Rules rules;

    public FailoverDecider() {
        this(Rules.SOUND);
    }

    /** Only for tests that break a rule. */
    public FailoverDecider(Rules rules) {
        this.rules = rules;
    }

    public FailoverDecision decide(FailoverSnapshot snapshot) {
        PrimaryRecord before = snapshot.record();
        Situation situation = new Situation(snapshot, rules);
        List<FailoverEvent> events = new ArrayList<>();
        List<FailoverEdge> taken = new ArrayList<>();
        Optional<Refusal> refused =
                snapshot.request().flatMap(request -> Requests.refusal(new Situation(snapshot, rules), request));
        refused.ifPresent(refusal ->
                events.add(new FailoverEvent(EventType.FAILOVER_REFUSED, refusal.toString(), evidence(snapshot))));
        if (refused.isPresent()) {
            situation = situation.withoutRequest();
        }
        if (situation.snapshot().request().orElse(null) instanceof OperatorRequest.AcknowledgeFlapping acknowledged) {
            events.add(new FailoverEvent(
                    EventType.FAILOVERS_ACKNOWLEDGED,
                    acknowledged.operator() + " has looked into the failovers",
                    evidence(snapshot)));
            situation = situation.with(situation.record().withFailovers(List.of()));
        }
        for (Optional<FailoverEdge> edge = edge(situation); edge.isPresent(); edge = edge(situation)) {
            situation = moved(situation, edge.get());
            taken.add(edge.get());
            events.add(event(situation, edge.get()));
            if (taken.size() > MOST_EDGES) {
                throw new IllegalStateException("the edges lead in a circle: " + taken);
            }
        }
        Optional<Refusal> inaction = inaction(situation);
        situation = kept(situation, events);
        if (!situation.record().equals(before)) {
            OrderNumber number = situation.record().number();
            situation = situation.with(situation
                    .record()
                    .at(new OrderNumber(number.epoch(), before.number().step() + 1)));
        }
        return new FailoverDecision(
                before, situation.record(), new FailoverOrders(situation).orders(), events, taken, inaction, refused);
    }

    /** Why no failover would begin by itself if the primary were found lost now; empty when one would. */
    public Optional<Refusal> refusalToBegin(FailoverSnapshot snapshot) {
        return new Situation(snapshot.withVerdict(HealthStatus.UNHEALTHY), rules).refusalToBegin();
    }

    private static Optional<FailoverEdge> edge(Situation situation) {
        return FailoverEdges.TABLE.edges().stream()
                .filter(edge -> edge.from() == situation.record().phase())
                .filter(edge -> edge.guard().holds(situation))
                .findFirst();
    }

    /** A request is used up by the edge that it brings about. */
    private static Situation moved(Situation situation, FailoverEdge edge) {
        Optional<Refusal> reason =
                edge.to() == FailoverPhase.BLOCKED ? Optional.of(reason(situation)) : Optional.empty();
        PrimaryRecord next =
                edge.work().done(situation).in(edge.to(), situation.snapshot().now(), reason);
        return situation.with(next).withoutRequest();
    }

    private static Refusal reason(Situation situation) {
        return switch (situation.record().phase()) {
            case VERIFYING ->
                new Refusal(
                        Refusal.Code.VERIFICATION_FAILED,
                        situation
                                .snapshot()
                                .verification()
                                .map(FailoverSnapshot.Verification::detail)
                                .orElse("no row could be written through " + situation.primary()));
            case FENCING -> new Candidates(situation).refusal().orElseThrow();
            case STEADY, SUSPECTED, PROMOTING, REPOINTING, RECOVERING, BLOCKED ->
                situation.refusalToBegin().orElseThrow();
        };
    }

    /** Why the primary isn't replaced although something is wrong with it. */
    private static Optional<Refusal> inaction(Situation situation) {
        return switch (situation.record().phase()) {
            case FENCING -> new Candidates(situation).refusal();
            case BLOCKED -> situation.record().blocked();
            case SUSPECTED -> situation.refusalToBegin();
            case REPOINTING -> waiting(situation);
            case STEADY, PROMOTING, VERIFYING, RECOVERING -> Optional.empty();
        };
    }

    /** Writes wait for as long as too few standbys follow: that is what quorum durability means, and an operator should know. */
    private static Optional<Refusal> waiting(Situation situation) {
        return Optional.of(situation)
                .filter(waits -> waits.hasLasted(waits.policy().timing().promote()))
                .map(waits -> new Refusal(
                        Refusal.Code.TOO_FEW_STANDBYS,
                        "writes wait on " + waits.primary() + " until "
                                + waits.reign().wanted() + " follow it"));
    }

    /** What changes without any edge: the reason to be blocked, settings, lease, and doubts that are settled. */
    private Situation kept(Situation situation, List<FailoverEvent> events) {
        PrimaryRecord record = situation.record();
        switch (record.phase()) {
            case BLOCKED -> {
                Optional<Refusal> now = situation.refusalToBegin();
                boolean other = now.isPresent()
                        && record.blocked()
                                .map(Refusal::code)
                                .filter(now.get().code()::equals)
                                .isEmpty();
                if (other) {
                    events.add(new FailoverEvent(
                            EventType.FAILOVER_BLOCKED, now.get().toString(), evidence(situation.snapshot())));
                    record = record.in(FailoverPhase.BLOCKED, record.since(), now);
                }
            }
            case STEADY, REPOINTING, VERIFYING, RECOVERING -> {
                Reign settings = new ReplicationSettings(situation).next();
                if (!settings.equals(record.reign())) {
                    events.add(new FailoverEvent(
                            EventType.REPLICATION_CHANGED,
                            "claimed " + settings.claimed() + ", PostgreSQL is told " + settings.wanted(),
                            evidence(situation.snapshot())));
                }
                record = leased(situation, withoutSettledDoubts(situation, record.with(settings), events));
            }
            case SUSPECTED, FENCING, PROMOTING -> {}
        }
        return situation.with(record);
    }

    private static PrimaryRecord withoutSettledDoubts(
            Situation situation, PrimaryRecord record, List<FailoverEvent> events) {
        Set<NodeId> doubtful = new HashSet<>(record.doubtful());
        doubtful.removeIf(node -> {
            boolean cloned = situation.follows(node)
                    && situation
                            .fresh(node)
                            .flatMap(AgentReport::clonedBy)
                            .filter(number -> number.epoch() == record.number().epoch())
                            .isPresent();
            if (cloned) {
                events.add(new FailoverEvent(
                        EventType.NODE_CLONED, node + " has been cloned", evidence(situation.snapshot())));
            }
            return cloned;
        });
        return record.withDoubtful(doubtful);
    }

    /** The lease in the store ends no earlier than the one that the agent is then granted. */
    private static PrimaryRecord leased(Situation situation, PrimaryRecord record) {
        if (!situation.isAsync() || !situation.isPrimaryOfEpoch()) {
            return record;
        }
        Instant now = situation.snapshot().now();
        Duration lease = situation.policy().timing().lease();
        boolean due = record.reign()
                .leaseUntil()
                .map(until -> Duration.between(now, until).compareTo(lease.dividedBy(2)) < 0)
                .orElse(true);
        return due ? record.with(record.reign().withLeaseUntil(now.plus(lease))) : record;
    }

    private static FailoverEvent event(Situation after, FailoverEdge edge) {
        String blocked = after.record().blocked().map(refusal -> "; " + refusal).orElse("");
        Map<String, String> evidence = evidence(after.snapshot());
        if (edge.work() == FailoverWork.DESIGNATE) {
            evidence.put("loss", loss(after, edge));
        }
        return new FailoverEvent(
                edge.event(),
                edge.from() + " to " + edge.to() + ": " + edge.guard().description() + blocked,
                evidence);
    }

    /** What the promotion may lose, as far as can be known before the former primary is back. */
    private static String loss(Situation after, FailoverEdge edge) {
        if (!after.isAsync() && edge.guard() == FailoverGuard.CANDIDATE_PROVEN) {
            return "no acknowledged write";
        }
        Optional<Lsn> former = after.record()
                .handover()
                .flatMap(handover -> after.newest(handover.former()))
                .map(report -> report.position().flushed());
        Optional<Lsn> candidate =
                after.newest(after.primary()).map(report -> report.position().flushed());
        return former.isPresent() && candidate.isPresent()
                ? Math.max(0, former.get().value() - candidate.get().value())
                        + " bytes of what the former primary last reported, and what it wrote since"
                : "unknown";
    }

    private static Map<String, String> evidence(FailoverSnapshot snapshot) {
        PrimaryRecord record = snapshot.record();
        Map<String, String> evidence = new TreeMap<>();
        evidence.put("epoch", Long.toString(record.number().epoch()));
        evidence.put("primary", record.reign().primary().value());
        evidence.put("verdict", snapshot.verdict().name());
        evidence.put("claimed", record.reign().claimed().toString());
        record.handover().ifPresent(handover -> {
            evidence.put("kind", handover.kind().name());
            evidence.put("operation", handover.kind() + ", " + handover.cause());
            handover.allowDataLoss().ifPresent(reason -> evidence.put("allowDataLoss", reason));
        });
        snapshot.reports()
                .forEach((node, report) -> evidence.put(
                        "node." + node,
                        report.postgres() + " " + report.role() + " at " + report.position()
                                + (report.role() == Role.STANDBY && report.detached() ? ", detached" : "") + ", epoch "
                                + report.accepted().epoch() + ", "
                                + report.age().toMillis() + " ms ago"));
        return evidence;
    }
}
