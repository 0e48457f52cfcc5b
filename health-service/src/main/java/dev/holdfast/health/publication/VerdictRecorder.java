package dev.holdfast.health.publication;

import dev.holdfast.health.verdict.VerdictDecider;
import dev.holdfast.health.verdict.VerdictDecision;
import dev.holdfast.health.verdict.VerdictSnapshot;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Decides on nodes inside a change of the store and records what changes, with its evidence. */
final class VerdictRecorder {

    static final String ACTOR = "health-service";

    private VerdictRecorder() {}

    /** Decides anew on the node and records the verdict if it changes; it is returned then. */
    static Optional<NodeHealth> decideAndRecord(StateChange change, List<Observer> observers, Node node) {
        List<NodeOpinion> opinions = change.opinionsOn(node.id());
        VerdictDecision decision = VerdictDecider.decide(
                new VerdictSnapshot(node.id(), change.now(), observers, opinions, change.health(node.id())));
        decision.change().ifPresent(health -> {
            String message = "Node %s is %s: %s".formatted(node.id(), health.status(), decision.reason());
            change.record(JournalEntry.of(eventFor(health.status()), ACTOR, message)
                    .about(node.cluster(), node.id())
                    .with(evidence(decision, health, observers, opinions)));
            change.put(health);
        });
        return decision.change();
    }

    private static EventType eventFor(HealthStatus status) {
        return switch (status) {
            case HEALTHY -> EventType.NODE_BECAME_HEALTHY;
            case UNHEALTHY -> EventType.NODE_BECAME_UNHEALTHY;
            case UNKNOWN -> EventType.NODE_HEALTH_BECAME_UNKNOWN;
        };
    }

    private static Map<String, Object> evidence(
            VerdictDecision decision, NodeHealth health, List<Observer> observers, List<NodeOpinion> opinions) {
        Map<ObserverId, NodeOpinion> byObserver =
                opinions.stream().collect(Collectors.toMap(NodeOpinion::observer, Function.identity()));
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("quorum", decision.tally().quorum());
        evidence.put("expectedObservers", decision.tally().expected());
        evidence.put("votingObservers", decision.tally().voting());
        evidence.put("incarnation", health.incarnation());
        health.decided().ifPresent(decided -> evidence.put("decided", decided.name()));
        evidence.put(
                "observers",
                observers.stream()
                        .map(observer -> evidenceOf(observer, Optional.ofNullable(byObserver.get(observer.id()))))
                        .toList());
        return evidence;
    }

    private static Map<String, Object> evidenceOf(Observer observer, Optional<NodeOpinion> opinion) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("observer", observer.id().value());
        evidence.put("location", observer.location());
        evidence.put("live", observer.live());
        evidence.put("isolated", observer.isolated());
        opinion.ifPresent(held -> {
            evidence.put("opinion", held.opinion().name());
            evidence.put("since", held.since().toString());
            evidence.put("outcome", held.evidence().outcome().name());
            evidence.put("detail", held.evidence().detail());
        });
        return evidence;
    }
}
