package dev.holdfast.gateway.control;

import dev.holdfast.api.GatewayNodeView;
import dev.holdfast.gateway.activity.NodeActivity;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a gateway does, as a test says it. Nodes it was told nothing of take traffic and have nothing outstanding. */
public final class ActivityForTests implements NodeActivity {

    private final Map<NodeId, GatewayNodeView> told = new ConcurrentHashMap<>();
    private final Set<ClusterId> panicking = ConcurrentHashMap.newKeySet();

    public void tell(String node, boolean takesTraffic, int outstanding, Optional<Instant> ejectedUntil) {
        NodeId id = new NodeId(node);
        told.put(id, new GatewayNodeView(id, tableRevision(), true, takesTraffic, outstanding, ejectedUntil));
    }

    public void panic(String cluster) {
        panicking.add(new ClusterId(cluster));
    }

    @Override
    public Revision tableRevision() {
        return new Revision(7);
    }

    @Override
    public GatewayNodeView of(NodeId node) {
        return told.getOrDefault(node, new GatewayNodeView(node, tableRevision(), true, true, 0, Optional.empty()));
    }

    @Override
    public boolean inPanic(ClusterId cluster) {
        return panicking.contains(cluster);
    }

    @Override
    public Optional<SeenFailure> lastFailure(NodeId node) {
        return Optional.empty();
    }
}
