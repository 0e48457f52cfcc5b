package dev.holdfast.failover.primary;

import dev.holdfast.api.PrimaryView;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.failover.agent.Addresses;
import dev.holdfast.failover.agent.AgentSurvey;
import dev.holdfast.failover.promotion.Appointment;
import dev.holdfast.failover.promotion.FailoverDecider;
import dev.holdfast.failover.promotion.FailoverDecision;
import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.ScheduledSwitchover;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * Takes what operators ask about primaries, and answers what would be done. Any replica does; the one that keeps the cluster
 * goes on with what is stored. Refusals are problems.
 */
public final class FailoverDesk {

    /** How far ahead a switchover may be scheduled: nobody remembers what was planned earlier than that. */
    private static final Duration FURTHEST = Duration.ofDays(30);

    private final ClusterStateStore store;
    private final AgentSurvey survey;
    private final FailoverDecider decider = new FailoverDecider();

    public FailoverDesk(ClusterStateStore store, AgentSurvey survey) {
        this.store = store;
        this.survey = survey;
    }

    /** The primary; a problem when there is no such cluster, or it has none. */
    static ClusterPrimary primary(StateView view, ClusterId cluster) {
        return replicated(view, cluster)
                .primary()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NO_PRIMARY,
                        cluster + " has no primary yet; GET /api/v1/clusters/" + cluster
                                + "/explain says what it waits for."));
    }

    /** The cluster; a problem when there is none, or none whose primary is kept. */
    private static ClusterState.Members replicated(StateView view, ClusterId cluster) {
        ClusterState.Members members = ClusterState.Members.of(view, cluster)
                .orElseThrow(() ->
                        new ProblemException(ProblemCode.CLUSTER_NOT_FOUND, "There is no cluster " + cluster + "."));
        if (members.cluster().settings().postgresql().isEmpty()) {
            throw new ProblemException(
                    ProblemCode.NO_PRIMARY, cluster + " is not a cluster of PostgreSQL nodes: it has no primary.");
        }
        return members;
    }

    /** What the agents of the cluster say now. Asked outside of any change, for it takes time. */
    AgentSurvey.Answers survey(ClusterId cluster) {
        return survey.ask(Addresses.of(store.<ClusterState.Members>read(view -> replicated(view, cluster))
                .nodes()));
    }

    /** What came of a request: the primary as it is now, and why it was refused, if it was. */
    record Outcome(ClusterPrimary primary, Optional<Refusal> refused) {

        static Outcome done(ClusterPrimary primary) {
            return new Outcome(primary, Optional.empty());
        }
    }

    /**
     * What an operator asks for.
     *
     * @param epoch that the operator has seen; empty for the present one
     * @param of the request, made for the epoch that it is given
     */
    record Asked(Optional<Long> epoch, LongFunction<OperatorRequest> of) {}

    /** Follows the request, or refuses it and changes nothing else; both are journaled. A target that is no node is a problem. */
    Outcome request(StateChange change, ClusterId cluster, AgentSurvey.Answers answers, Asked asked) {
        ClusterPrimary stored = primary(change, cluster);
        ClusterState.Members members = replicated(change, cluster);
        OperatorRequest request =
                asked.of().apply(asked.epoch().orElse(stored.record().number().epoch()));
        request.wanted().ifPresent(target -> requireMember(members, target));
        PrimaryFacts facts =
                PrimaryFacts.of(change, members, survey.forDecision(answers)).asking(request);
        FailoverDecision decision = decider.decide(facts.snapshot(stored));
        if (decision.refused().isPresent()) {
            // What else the facts call for is left to the replica that keeps the cluster.
            PrimaryJournal.refused(change, stored, decision, request.operator());
            return new Outcome(stored, decision.refused());
        }
        return Outcome.done(
                decision.changes() ? PrimaryJournal.store(change, stored, decision, request.operator()) : stored);
    }

    private static void requireMember(ClusterState.Members members, NodeId target) {
        List<NodeId> nodes = members.nodes().stream().map(Node::id).toList();
        if (!nodes.contains(target)) {
            throw ProblemException.ofField(
                    ProblemCode.VALIDATION_FAILED,
                    "target",
                    "is none of the nodes of " + members.cluster().id() + ", which are "
                            + nodes.stream().map(NodeId::value).collect(Collectors.joining(", ")));
        }
    }

    /** Has a switchover begin at a time, or refuses to; both are journaled. A time or target that can't be is a problem. */
    static Outcome schedule(StateChange change, ClusterId cluster, SwitchoverRequest request, String caller) {
        ClusterPrimary stored = primary(change, cluster);
        Instant at = request.at().orElseThrow();
        if (!at.isAfter(change.now()) || at.isAfter(change.now().plus(FURTHEST))) {
            throw ProblemException.ofField(
                    ProblemCode.VALIDATION_FAILED,
                    "at",
                    "must lie in the future, at most " + FURTHEST.toDays() + " days from now, which is "
                            + change.now());
        }
        request.target().ifPresent(target -> requireMember(replicated(change, cluster), target));
        Optional<Refusal> refused = refusalToSchedule(stored, request);
        if (refused.isPresent()) {
            PrimaryJournal.told(
                    change,
                    stored,
                    EventType.FAILOVER_REFUSED,
                    caller,
                    refused.get().toString());
            return new Outcome(stored, refused);
        }
        ScheduledSwitchover scheduled = new ScheduledSwitchover(
                at,
                stored.record().reign().primary(),
                request.target(),
                caller,
                request.reason().orElse(""));
        PrimaryJournal.told(
                change,
                stored,
                EventType.SWITCHOVER_SCHEDULED,
                caller,
                caller + " schedules a switchover from " + scheduled.from() + " to "
                        + scheduled.target().map(NodeId::value).orElse("the best standby") + " for " + at
                        + (scheduled.reason().isBlank() ? "" : ": " + scheduled.reason()));
        return Outcome.done(change.put(stored.withScheduled(Optional.of(scheduled))));
    }

    private static Optional<Refusal> refusalToSchedule(ClusterPrimary stored, SwitchoverRequest request) {
        long epoch = stored.record().number().epoch();
        if (request.epoch().filter(seen -> seen != epoch).isPresent()) {
            return Optional.of(new Refusal(
                    Refusal.Code.STALE_EPOCH,
                    "the request was made for epoch " + request.epoch().get() + ", and it is epoch " + epoch + " now"));
        }
        if (request.target().equals(Optional.of(stored.record().reign().primary()))) {
            return Optional.of(new Refusal(
                    Refusal.Code.NO_CANDIDATE, stored.record().reign().primary() + " is the primary already"));
        }
        return stored.scheduled()
                .map(other -> new Refusal(
                        Refusal.Code.OPERATION_RUNS,
                        other.by() + " has scheduled a switchover for " + other.at()
                                + " already; POST /switchover/cancel takes it back"));
    }

    /** Takes the scheduled switchover back. */
    static Outcome unschedule(StateChange change, ClusterId cluster, String caller) {
        ClusterPrimary stored = primary(change, cluster);
        Optional<ScheduledSwitchover> scheduled = stored.scheduled();
        if (scheduled.isEmpty()) {
            Refusal refusal = new Refusal(
                    Refusal.Code.NOTHING_RUNS,
                    "no switchover is scheduled; POST /failover/cancel gives one up that has begun");
            PrimaryJournal.told(change, stored, EventType.FAILOVER_REFUSED, caller, refusal.toString());
            return new Outcome(stored, Optional.of(refusal));
        }
        PrimaryJournal.told(
                change,
                stored,
                EventType.SWITCHOVER_UNSCHEDULED,
                caller,
                caller + " takes back the switchover that was scheduled for "
                        + scheduled.get().at());
        return Outcome.done(change.put(stored.withScheduled(Optional.empty())));
    }

    /** Nothing begins by itself until {@link #resume}; what has begun goes on. */
    static Outcome pause(StateChange change, ClusterId cluster, String caller, String reason) {
        ClusterPrimary stored = primary(change, cluster);
        PrimaryJournal.told(
                change, stored, EventType.FAILOVER_PAUSED, caller, caller + " pauses automatic failover: " + reason);
        return Outcome.done(
                change.put(stored.withPaused(Optional.of(new ClusterPrimary.Pause(caller, reason, change.now())))));
    }

    static Outcome resume(StateChange change, ClusterId cluster, String caller) {
        ClusterPrimary stored = primary(change, cluster);
        if (stored.paused().isEmpty()) {
            return Outcome.done(stored);
        }
        PrimaryJournal.told(change, stored, EventType.FAILOVER_RESUMED, caller, caller + " resumes automatic failover");
        return Outcome.done(change.put(stored.withPaused(Optional.empty())));
    }

    ExplanationView explain(ClusterId cluster) {
        AgentSurvey.Answers answers = survey(cluster);
        return store.read(view -> {
            ClusterState.Members members = replicated(view, cluster);
            PrimaryFacts facts = PrimaryFacts.of(view, members, survey.forDecision(answers));
            return members.primary()
                    .map(primary -> explain(PrimaryView.of(view, primary), facts, primary, answers))
                    .orElseGet(() -> waiting(facts, answers));
        });
    }

    private ExplanationView explain(
            PrimaryView shown, PrimaryFacts facts, ClusterPrimary primary, AgentSurvey.Answers answers) {
        FailoverDecision decision = decider.decide(facts.snapshot(primary));
        return new ExplanationView(
                Optional.of(shown),
                primary.record().phase().promise(),
                facts.verdict(primary.record().reign().primary()),
                decision.events().stream().map(event -> event.text()).toList(),
                decision.orders().stream().map(Object::toString).toList(),
                decision.inaction(),
                decider.refusalToBegin(facts.snapshot(primary)),
                answers.silent(),
                answers.reports());
    }

    private static ExplanationView waiting(PrimaryFacts facts, AgentSurvey.Answers answers) {
        Appointment appointment =
                Appointment.decide(facts.now(), facts.policy(), facts.members(), facts.reports(), facts.verdicts());
        return new ExplanationView(
                Optional.empty(),
                "no primary has been appointed yet",
                HealthStatus.UNKNOWN,
                List.of(appointment.toString()),
                appointment.order().map(Object::toString).stream().toList(),
                Optional.empty(),
                Optional.empty(),
                answers.silent(),
                answers.reports());
    }
}
