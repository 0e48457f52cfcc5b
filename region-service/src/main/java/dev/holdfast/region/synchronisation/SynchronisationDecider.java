package dev.holdfast.region.synchronisation;

import dev.holdfast.model.store.ClusterState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Decides which joining nodes are marked synchronised, and which are asked first. Pure. */
final class SynchronisationDecider {

    private SynchronisationDecider() {}

    /** How far a joining node has come. A node without one has not been tried yet. */
    sealed interface Attempt {

        /** The node is being asked or marked. */
        record UnderWay() implements Attempt {}

        /** It is tried again at this time of the monotonic clock. */
        record NotBefore(long nanos) implements Attempt {}
    }

    /**
     * @param nodes those that join, in any order
     * @param nowNanos of the monotonic clock
     * @param places how many more nodes may be asked at once
     */
    record Snapshot(List<JoiningNode> nodes, Map<JoiningNode, Attempt> attempts, long nowNanos, int places) {

        Snapshot {
            nodes = List.copyOf(nodes);
            attempts = Map.copyOf(attempts);
        }
    }

    /**
     * @param mark nodes that are synchronised because nothing is to be asked of them
     * @param ask nodes whose hook is due
     * @param lookAgain when the next hook is due if nothing happens meanwhile; at most {@link #LONGEST_REST}
     */
    record Decision(List<JoiningNode> mark, List<JoiningNode> ask, Duration lookAgain) {}

    /** A wake-up that was missed for whatever reason costs no more than this. */
    static final Duration LONGEST_REST = Duration.ofSeconds(1);

    /** The nodes of {@code state} that join. */
    static List<JoiningNode> joining(ClusterState state) {
        return state.clusters().values().stream()
                .flatMap(SynchronisationDecider::joining)
                .sorted(Comparator.comparing(JoiningNode::id))
                .toList();
    }

    private static Stream<JoiningNode> joining(ClusterState.Members members) {
        return members.nodes().stream()
                .flatMap(node ->
                        JoiningNode.of(node, members.cluster().settings(), members.healthOf(node.id())).stream());
    }

    static Decision decide(Snapshot snapshot) {
        List<JoiningNode> mark = new ArrayList<>();
        List<JoiningNode> ask = new ArrayList<>();
        long rest = LONGEST_REST.toNanos();
        for (JoiningNode node : snapshot.nodes()) {
            long wait = switch (snapshot.attempts().get(node)) {
                case null -> 0;
                case Attempt.UnderWay underWay -> Long.MAX_VALUE;
                case Attempt.NotBefore notBefore -> notBefore.nanos() - snapshot.nowNanos();
            };
            if (wait > 0) {
                rest = Math.min(rest, wait);
            } else if (node.question().isEmpty()) {
                mark.add(node);
            } else if (ask.size() < snapshot.places()) {
                ask.add(node);
            }
        }
        return new Decision(mark, ask, Duration.ofNanos(rest));
    }
}
