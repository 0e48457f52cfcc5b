package dev.holdfast.simulation;

import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.simulation.SimulatedNode.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a running primary knows of its standbys, and who waits for them. All of it is lost when it stops. */
final class SynchronousCommit {

    /** A client that waits until enough standbys have flushed its row. */
    record Session(Row row, int end) {}

    private static final int CONNECTION_TIMEOUT = 1000;

    private Synchronous inForce = Synchronous.NONE;
    /** Older settings that some WAL sender has not laid off yet. */
    private final List<Synchronous> fading = new ArrayList<>();

    private int since;
    private final Map<NodeId, Integer> flushed = new HashMap<>();
    private final Map<NodeId, Long> heard = new HashMap<>();
    private final List<Session> waiting = new ArrayList<>();

    void start(Synchronous settings, int end) {
        stop();
        inForce = settings;
        since = end;
    }

    void stop() {
        fading.clear();
        flushed.clear();
        heard.clear();
        waiting.clear();
    }

    void tell(Synchronous settings) {
        fading.add(inForce);
        inForce = settings;
    }

    void settle(int end) {
        fading.clear();
        since = end;
    }

    boolean isSettled() {
        return fading.isEmpty();
    }

    Synchronous inForce() {
        return inForce;
    }

    int since() {
        return since;
    }

    void hear(NodeId node, int end, long now) {
        flushed.merge(node, end, Math::max);
        heard.put(node, now);
    }

    static boolean isConnected(long now, long heardAt) {
        return now - heardAt < CONNECTION_TIMEOUT;
    }

    Map<NodeId, Lsn> connected(long now) {
        Map<NodeId, Lsn> standbys = new HashMap<>();
        flushed.forEach((node, end) -> {
            if (isConnected(now, heard.getOrDefault(node, -10_000L))) {
                standbys.put(node, new Lsn(end));
            }
        });
        return standbys;
    }

    void await(Session session) {
        waiting.add(session);
    }

    void endSessions() {
        waiting.clear();
    }

    /** Those who need not wait any more, in order. */
    List<Session> released() {
        int end = end(inForce);
        for (Synchronous settings : fading) {
            end = Math.max(end, end(settings));
        }
        List<Session> released = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.getFirst().end() <= end) {
            released.add(waiting.removeFirst());
        }
        return released;
    }

    boolean hasCaughtUp() {
        return end(inForce) >= since;
    }

    /** Up to where the k-th of the standbys has flushed. */
    private int end(Synchronous settings) {
        if (settings.required() == 0) {
            return Integer.MAX_VALUE;
        }
        return settings.standbys().stream()
                .map(node -> flushed.getOrDefault(node, 0))
                .sorted(Comparator.reverseOrder())
                .skip(settings.required() - 1L)
                .findFirst()
                .orElse(0);
    }

    List<Synchronous> anyInForce() {
        List<Synchronous> all = new ArrayList<>(fading);
        all.add(inForce);
        return all;
    }
}
