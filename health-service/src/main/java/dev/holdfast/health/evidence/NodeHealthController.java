package dev.holdfast.health.evidence;

import dev.holdfast.api.NodeHealthView;
import dev.holdfast.api.NodeHealthView.ObserverEvidence;
import dev.holdfast.api.ObserverView;
import dev.holdfast.health.observer.LocalObserver;
import dev.holdfast.health.opinion.Standing;
import dev.holdfast.health.verdict.VerdictDecider;
import dev.holdfast.health.verdict.VerdictDecision;
import dev.holdfast.health.verdict.VerdictSnapshot;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Shows what the observers hold and why, and takes hints to look again. */
@RestController
class NodeHealthController {

    private final ClusterStateStore store;
    private final LocalObserver local;

    NodeHealthController(ClusterStateStore store, LocalObserver local) {
        this.store = store;
        this.local = local;
    }

    @Operation(summary = "Why a node is held healthy or not: each observer's evidence, the rule, and the next deadline")
    @GetMapping("/api/v1/nodes/{id}/health")
    NodeHealthView health(@PathVariable NodeId id) {
        return store.read(view -> explain(view, Nodes.node(view, id)));
    }

    @Operation(summary = "All observers, and whether their opinions count")
    @GetMapping("/api/v1/observers")
    List<ObserverView> observers() {
        return store.read(view -> view.observers().stream()
                .map(observer -> new ObserverView(
                        observer.id(),
                        observer.location(),
                        observer.live(),
                        observer.isolated(),
                        observer.votes(),
                        observer.declaredObservers(),
                        observer.heartbeatAt()))
                .toList());
    }

    @Operation(
            summary = "Says that requests to the node fail",
            description =
                    "Each observer that is told checks the node at once, at most once a second. It is never a verdict.")
    @PostMapping("/api/v1/nodes/{id}/hints")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void hint(@PathVariable NodeId id) {
        // The store is asked about strangers only: hints must be cheap, and arrive above all when much is broken.
        if (local.standing(id).isEmpty()) {
            store.read(view -> Nodes.node(view, id));
        }
        local.hint(id);
    }

    private NodeHealthView explain(StateView view, Node node) {
        HealthCheck check = Nodes.check(view, node);
        List<Observer> observers = view.observers();
        List<NodeOpinion> opinions = view.opinionsOn(node.id());
        Optional<NodeHealth> health = view.health(node.id());
        VerdictDecision decision =
                VerdictDecider.decide(new VerdictSnapshot(node.id(), view.now(), observers, opinions, health));
        Standing standing = local.standing(node.id()).orElse(Standing.NEW);
        HealthStatus status = health.map(NodeHealth::status).orElse(HealthStatus.UNKNOWN);
        Map<ObserverId, NodeOpinion> byObserver =
                opinions.stream().collect(Collectors.toMap(NodeOpinion::observer, Function.identity()));
        return new NodeHealthView(
                node.id(),
                node.cluster(),
                status,
                health.flatMap(NodeHealth::decided),
                health.map(NodeHealth::incarnation).orElse(0L),
                health.map(NodeHealth::since),
                HealthRule.inWords(decision.tally(), check, standing),
                decision.reason(),
                decision.tally().quorum(),
                HealthRule.nextDeadline(status, view.now(), check, standing),
                observers.stream()
                        .map(observer ->
                                evidence(node.id(), observer, Optional.ofNullable(byObserver.get(observer.id()))))
                        .toList());
    }

    private ObserverEvidence evidence(NodeId node, Observer observer, Optional<NodeOpinion> opinion) {
        Optional<ProbeResult> lastProbe = observer.id().equals(local.id()) ? local.lastProbe(node) : Optional.empty();
        return new ObserverEvidence(
                observer.id(),
                observer.location(),
                observer.live(),
                observer.isolated(),
                observer.votes(),
                opinion.map(NodeOpinion::opinion),
                opinion.map(NodeOpinion::since),
                opinion.map(NodeOpinion::evidence),
                lastProbe);
    }
}
