package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An operation while it is decided on. Whatever guards ask about all steps or all nodes is kept ready, so that each move
 * costs the same however many there are: a rolling restart may have 5,000 nodes with 8 steps each.
 */
final class Progress {

    private final OperationSnapshot snapshot;
    private final OperationParameters parameters;
    private final Map<NodeId, Node> nodes = new HashMap<>();
    private final Set<NodeId> inService = new HashSet<>();
    private final long sharing;

    private final List<OperationStep> steps;
    private final Map<NodeId, List<Integer>> stepsOf = new LinkedHashMap<>();
    /** The places of those that have not ended, in their order, of nodes with such a step. */
    private final Map<NodeId, TreeSet<Integer>> openOf = new LinkedHashMap<>();

    /** The places of nodes that have yet to begin. */
    private final TreeSet<Integer> waitingForPeers = new TreeSet<>();

    private final Set<NodeId> begun = new HashSet<>();
    private final Set<NodeId> underWay = new LinkedHashSet<>();
    private final Set<NodeId> broken = new HashSet<>();
    private Operation operation;

    Progress(OperationSnapshot snapshot) {
        this.snapshot = snapshot;
        this.operation = snapshot.operation();
        this.parameters = OperationParameters.of(operation.parameters());
        this.steps = new ArrayList<>(operation.steps().size());
        List<Node> members = snapshot.cluster().map(ClusterState.Members::nodes).orElse(List.of());
        for (Node node : members) {
            nodes.put(node.id(), node);
            if (snapshot.cluster().orElseThrow().takesTraffic(node)) {
                inService.add(node.id());
            }
        }
        this.sharing = Serving.sharing(members);
        operation.steps().forEach(this::add);
    }

    OperationSnapshot snapshot() {
        return snapshot;
    }

    OperationParameters parameters() {
        return parameters;
    }

    OperationState state() {
        return operation.state();
    }

    /** The operation as it stands by now. */
    Operation operation() {
        return operation.steps().equals(steps) ? operation : Documents.withSteps(operation, steps);
    }

    List<OperationStep> steps() {
        return Collections.unmodifiableList(steps);
    }

    List<OperationStep> stepsOf(NodeId node) {
        return stepsOf.getOrDefault(node, List.of()).stream().map(steps::get).toList();
    }

    /** The nodes with a step that has not ended, in the order of the plan. */
    Collection<NodeId> openNodes() {
        return List.copyOf(openOf.keySet());
    }

    /** The place of the first step of the node that has not ended: the only one that can move. */
    Optional<Integer> firstOpen(NodeId node) {
        return Optional.ofNullable(openOf.get(node)).map(TreeSet::getFirst);
    }

    OperationStep step(int place) {
        return steps.get(place);
    }

    boolean hasEnded() {
        return openOf.isEmpty();
    }

    boolean hasFailed() {
        return !broken.isEmpty();
    }

    boolean hasFailed(NodeId node) {
        return broken.contains(node);
    }

    Optional<Node> node(NodeId id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /** The nodes with a step begun and a step not ended. */
    Set<NodeId> nodesUnderWay() {
        return Collections.unmodifiableSet(underWay);
    }

    /** Whether no node before this one in the plan has yet to begin. */
    boolean isNextToBegin(OperationStep step) {
        return !waitingForPeers.isEmpty() && steps.get(waitingForPeers.first()).equals(step);
    }

    /** How many nodes besides {@code node} take traffic and are not about to stop. */
    long peersInService(NodeId node) {
        long leaving = underWay.stream()
                .filter(other -> !other.equals(node) && inService.contains(other))
                .count();
        return inService.size() - leaving - (inService.contains(node) ? 1 : 0);
    }

    /** How many have to, before {@code node} may leave. */
    long peersNeeded(NodeId node) {
        return nodes.containsKey(node) ? Serving.peersNeeded(inService.contains(node), sharing, parameters) : 0;
    }

    /** Puts {@code after} in the place of a step. */
    void move(int place, OperationStep after) {
        OperationStep before = steps.set(place, after);
        before.node().ifPresent(node -> index(place, node));
    }

    void move(OperationState to) {
        operation = Documents.withState(operation(), to);
    }

    void end(OperationState state, Instant at, String outcome) {
        operation = Documents.ended(operation(), state, at, outcome);
    }

    void add(OperationStep step) {
        int place = steps.size();
        steps.add(step);
        step.node().ifPresent(node -> {
            stepsOf.computeIfAbsent(node, any -> new ArrayList<>()).add(place);
            index(place, node);
        });
    }

    private void index(int place, NodeId node) {
        OperationStep step = steps.get(place);
        TreeSet<Integer> open = openOf.computeIfAbsent(node, any -> new TreeSet<>());
        if (StepSituation.isEnded(step.state())) {
            open.remove(place);
        } else {
            open.add(place);
        }
        if (open.isEmpty()) {
            openOf.remove(node);
        }
        if (step.state() == StepState.PENDING && StepKind.of(step) == StepKind.AWAIT_PEERS) {
            waitingForPeers.add(place);
        } else {
            waitingForPeers.remove(place);
        }
        if (step.startedAt().isPresent()) {
            begun.add(node);
        }
        if (step.state() == StepState.FAILED) {
            broken.add(node);
        }
        if (begun.contains(node) && openOf.containsKey(node)) {
            underWay.add(node);
        } else {
            underWay.remove(node);
        }
    }
}
