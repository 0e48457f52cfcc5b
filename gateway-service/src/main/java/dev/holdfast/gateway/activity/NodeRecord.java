package dev.holdfast.gateway.activity;

import dev.holdfast.gateway.activity.NodeActivity.SeenFailure;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What the gateway has seen of one node. Safe for use by many threads. */
public final class NodeRecord {

    private final NodeId node;
    private final ClusterId cluster;
    private final AtomicInteger outstanding = new AtomicInteger();
    private volatile long lastAnswer;
    private volatile boolean answered;
    private volatile @Nullable SeenFailure lastFailure;

    NodeRecord(NodeId node, ClusterId cluster) {
        this.node = node;
        this.cluster = cluster;
    }

    public NodeId node() {
        return node;
    }

    public ClusterId cluster() {
        return cluster;
    }

    /** A request goes to the node. Each call is paired with one of {@link #requestEnded}. */
    public void requestBegins() {
        outstanding.incrementAndGet();
    }

    public void requestEnded() {
        outstanding.decrementAndGet();
    }

    /** Requests under way, response bodies included. */
    public int outstanding() {
        return outstanding.get();
    }

    /** The node has answered some request, at {@code now} by the monotonic clock. */
    public void answered(long now) {
        lastAnswer = now;
        answered = true;
    }

    /** Whether the node has answered any request since then, by the monotonic clock. */
    public boolean hasAnsweredSince(long then) {
        return answered && lastAnswer - then >= 0;
    }

    public void failed(SeenFailure failure) {
        lastFailure = failure;
    }

    public Optional<SeenFailure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }
}
