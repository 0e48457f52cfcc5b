package dev.holdfast.health.publication;

import dev.holdfast.health.verdict.VerdictDecider;
import dev.holdfast.health.verdict.VerdictSnapshot;
import dev.holdfast.health.watch.FormerLife;
import dev.holdfast.health.watch.HeldOpinion;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides anew on all nodes after the voters have changed, and states which observers are lost.
 *
 * <p>It plans on a snapshot and decides again inside each change, so several replicas may sweep at once: each verdict and
 * each loss is recorded by one of them.
 */
final class VerdictSweep {

    /** An observer silent for so long is not coming back under this name. */
    private static final Duration FORGET_AFTER = Duration.ofDays(7);

    /** Between an observer's last sign of life and now there are rarely more losses than this. */
    private static final int LOSSES_READ = 1_000;

    private static final String OBSERVER = "observer";

    private static final String LAST_HEARTBEAT = "lastHeartbeat";

    private final ObserverId self;
    private final ClusterStateStore store;

    VerdictSweep(ObserverId self, ClusterStateStore store) {
        this.self = self;
        this.store = store;
    }

    /**
     * What a sweep has to do.
     *
     * @param own what the store has of this observer's opinions
     * @param undecided nodes whose verdict is not what the votes come to
     * @param lost dead observers whose loss isn't journaled
     * @param forgotten observers dead for long
     */
    record Plan(List<HeldOpinion> own, List<NodeId> undecided, List<ObserverId> lost, List<ObserverId> forgotten) {}

    Plan plan() {
        return store.read(view -> {
            List<Observer> observers = view.observers();
            List<NodeOpinion> opinions = view.opinions();
            List<NodeId> undecided = undecided(view, observers, opinions);
            List<ObserverId> lost = observers.stream()
                    .filter(observer -> isUnstatedLoss(view, observer))
                    .map(Observer::id)
                    .toList();
            List<ObserverId> forgotten = observers.stream()
                    .filter(observer -> isLongDead(view, observer))
                    .map(Observer::id)
                    .toList();
            return new Plan(FormerLife.opinionsOf(self, view), undecided, lost, forgotten);
        });
    }

    private static List<NodeId> undecided(StateView view, List<Observer> observers, List<NodeOpinion> opinions) {
        Map<NodeId, List<NodeOpinion>> byNode = opinions.stream().collect(Collectors.groupingBy(NodeOpinion::node));
        Map<NodeId, NodeHealth> health =
                view.health().stream().collect(Collectors.toMap(NodeHealth::node, Function.identity()));
        return view.nodes().stream()
                .map(Node::id)
                .filter(node -> VerdictDecider.decide(new VerdictSnapshot(
                                node,
                                view.now(),
                                observers,
                                byNode.getOrDefault(node, List.of()),
                                Optional.ofNullable(health.get(node))))
                        .change()
                        .isPresent())
                .toList();
    }

    /** Carries the plan out as far as it still holds, at most {@code batch} nodes a change. Returns the new verdicts. */
    List<NodeHealth> execute(Plan plan, int batch) {
        if (!plan.lost().isEmpty() || !plan.forgotten().isEmpty()) {
            Set<ObserverId> lost = Set.copyOf(plan.lost());
            Set<ObserverId> forgotten = Set.copyOf(plan.forgotten());
            store.change(change -> {
                List<Observer> observers = change.observers();
                observers.stream()
                        .filter(observer -> lost.contains(observer.id()) && isUnstatedLoss(change, observer))
                        .forEach(observer -> recordLoss(change, observer));
                observers.stream()
                        .filter(observer -> forgotten.contains(observer.id()) && isLongDead(change, observer))
                        .forEach(observer -> change.forget(observer.id()));
                return observers.size();
            });
        }
        List<NodeHealth> verdicts = new ArrayList<>();
        for (int from = 0; from < plan.undecided().size(); from += batch) {
            List<NodeId> nodes = plan.undecided()
                    .subList(from, Math.min(from + batch, plan.undecided().size()));
            verdicts.addAll(store.change(change -> decide(change, nodes)));
        }
        return verdicts;
    }

    private static List<NodeHealth> decide(StateChange change, List<NodeId> nodes) {
        List<Observer> observers = change.observers();
        return nodes.stream()
                .flatMap(id -> change.node(id).stream())
                .flatMap(node -> VerdictRecorder.decideAndRecord(change, observers, node).stream())
                .toList();
    }

    /** A loss is known by the observer and its last sign of life: it is journaled once for each. */
    private static boolean isUnstatedLoss(StateView view, Observer observer) {
        if (observer.live() || isLongDead(view, observer)) {
            return false;
        }
        JournalFilter since = new JournalFilter(
                Set.of(EventType.OBSERVER_LOST),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(observer.heartbeatAt()),
                Optional.empty());
        return view.journal(since, Optional.empty(), LOSSES_READ).stream()
                .map(event -> event.entry().evidence())
                .noneMatch(evidence -> observer.id().value().equals(evidence.get(OBSERVER))
                        && observer.heartbeatAt().toString().equals(evidence.get(LAST_HEARTBEAT)));
    }

    private static void recordLoss(StateChange change, Observer observer) {
        String message = "Observer %s at %s has shown no sign of life since %s; its opinions don't count"
                .formatted(observer.id(), observer.location(), observer.heartbeatAt());
        change.record(JournalEntry.of(EventType.OBSERVER_LOST, VerdictRecorder.ACTOR, message)
                .with(Map.of(
                        OBSERVER,
                        observer.id().value(),
                        "location",
                        observer.location(),
                        LAST_HEARTBEAT,
                        observer.heartbeatAt().toString())));
    }

    private static boolean isLongDead(StateView view, Observer observer) {
        return !observer.live()
                && Duration.between(observer.heartbeatAt(), view.now()).compareTo(FORGET_AFTER) > 0;
    }
}
