package dev.holdfast.region.synchronisation;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.CheckType;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodePhase;
import dev.holdfast.model.topology.SynchronisationHook;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A node that has answered its checks and is not yet found synchronised.
 *
 * @param incarnation what {@link Node#synchronisedIn()} becomes
 * @param question what it is asked first; empty when answering its checks is enough
 */
record JoiningNode(NodeId id, ClusterId cluster, Endpoint address, long incarnation, Optional<Question> question) {

    /**
     * A synchronisation hook, as it is asked.
     *
     * @param tlsVerify whether an HTTPS answer must come with a trusted certificate
     */
    record Question(URI uri, boolean tlsVerify, Duration interval, Duration timeout) {}

    /**
     * The node as a joining one; empty when it has joined, is in maintenance (which it leaves as a joining node anyhow), or
     * when no quorum holds it healthy now.
     */
    static Optional<JoiningNode> of(Node node, ClusterSettings settings, Optional<NodeHealth> health) {
        if (node.adminState() == AdminState.MAINTENANCE || node.phase(settings, health) != NodePhase.SYNCHRONISING) {
            return Optional.empty();
        }
        return health.filter(verdict -> verdict.status() == HealthStatus.HEALTHY)
                .map(verdict -> new JoiningNode(
                        node.id(),
                        node.cluster(),
                        node.address(),
                        verdict.incarnation(),
                        settings.synchronisation().map(hook -> question(node.address(), settings, hook))));
    }

    /** The hook is asked on the node's own port, over TLS when that is where HTTPS checks go. */
    private static Question question(Endpoint address, ClusterSettings settings, SynchronisationHook hook) {
        boolean tls = settings.check().type() == CheckType.HTTPS
                && settings.check()
                        .port()
                        .filter(port -> port != address.port())
                        .isEmpty();
        URI uri = URI.create((tls ? "https://" : "http://") + address + hook.path());
        return new Question(uri, settings.check().tlsVerify(), hook.interval(), hook.timeout());
    }
}
