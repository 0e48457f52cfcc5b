package dev.holdfast.failover.agent;

import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the agents and the PostgreSQL servers of a cluster's nodes answer, as declared. */
public record Addresses(Map<NodeId, Endpoint> agents, Map<NodeId, Endpoint> servers) {

    public Addresses {
        agents = Map.copyOf(agents);
        servers = Map.copyOf(servers);
    }

    public static Addresses of(List<Node> nodes) {
        Map<NodeId, Endpoint> agents = new HashMap<>();
        Map<NodeId, Endpoint> servers = new HashMap<>();
        for (Node node : nodes) {
            FailoverTraits traits = node.failover();
            traits.agent().ifPresent(agent -> agents.put(node.id(), agent));
            servers.put(node.id(), node.address());
        }
        return new Addresses(agents, servers);
    }

    Optional<Endpoint> agentOf(NodeId node) {
        return Optional.ofNullable(agents.get(node));
    }

    Optional<Endpoint> postgresOf(NodeId node) {
        return Optional.ofNullable(servers.get(node));
    }
}
