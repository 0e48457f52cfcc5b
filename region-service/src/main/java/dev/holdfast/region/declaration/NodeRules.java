package dev.holdfast.region.declaration;

import dev.holdfast.api.NodeDeclaration;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.net.Inet6Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a node's declaration must satisfy beyond the form of its fields, inside a cluster's declaration and by itself. */
public final class NodeRules {

    /** As many as a cluster's declaration may list. */
    static final int MAX_NODES = 5000;

    private NodeRules() {}

    /** Checks the nodes of a cluster's declaration. */
    static void checkAll(
            ClusterId cluster, List<NodeDeclaration> nodes, Surroundings surroundings, Violations violations) {
        Set<NodeId> ids = new HashSet<>();
        Map<Endpoint, String> addresses = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            NodeDeclaration node = nodes.get(i);
            if (node == null) {
                continue;
            }
            String prefix = "nodes[" + i + "].";
            if (node.id().isEmpty()) {
                violations.add(prefix + "id", "is required");
            } else if (!ids.add(node.id().get())) {
                violations.add(prefix + "id", "is listed twice: " + node.id().get());
            }
            node.cluster()
                    .filter(given -> !given.equals(cluster))
                    .ifPresent(given -> violations.add(
                            prefix + "cluster", "is " + given + ", and this declares the cluster " + cluster));
            node.id().ifPresent(id -> checkOwner(prefix + "id", id, cluster, surroundings, violations));
            if (node.address() != null) {
                String field = prefix + "address";
                String first = addresses.putIfAbsent(comparable(node.address()), field);
                if (first != null) {
                    violations.add(field, "is the same address as " + first);
                }
            }
            checkOne(prefix, node, surroundings, violations);
        }
    }

    /** Checks a node that is declared by itself, against its {@code peers}, which may include its present form. */
    public static void check(
            NodeId id, NodeDeclaration node, List<Node> peers, Surroundings surroundings, Violations violations) {
        node.id()
                .filter(given -> !given.equals(id))
                .ifPresent(given -> violations.add("id", "is " + given + ", and the path says " + id));
        if (node.cluster().isEmpty()) {
            violations.add("cluster", "is required");
        }
        node.cluster().ifPresent(cluster -> checkOwner("cluster", id, cluster, surroundings, violations));
        List<Node> others = peers.stream().filter(peer -> !peer.id().equals(id)).toList();
        if (others.size() >= MAX_NODES) {
            violations.add("cluster", "has " + MAX_NODES + " nodes, and takes no more");
        }
        if (node.address() != null) {
            others.stream()
                    .filter(peer -> comparable(peer.address()).equals(comparable(node.address())))
                    .findFirst()
                    .ifPresent(peer -> violations.add("address", "is the address of the node " + peer.id()));
        }
        checkOne("", node, surroundings, violations);
    }

    private static void checkOne(
            String prefix, NodeDeclaration node, Surroundings surroundings, Violations violations) {
        TextRules.checkLabels(prefix + "labels", node.labels(), violations);
        checkPlace(prefix, node.region(), node.zone(), surroundings, violations);
        if (node.address() != null && !isPossible(node.address())) {
            violations.add(prefix + "address", "has brackets around what is no IPv6 address");
        }
        node.agent()
                .filter(agent -> !isPossible(agent))
                .ifPresent(any -> violations.add(prefix + "agent", "has brackets around what is no IPv6 address"));
    }

    /** Whether what looks like an IPv6 address is one. Whether a name stands for anything is found out by the checks. */
    private static boolean isPossible(Endpoint address) {
        if (!address.urlHost().startsWith("[")) {
            return true;
        }
        try {
            Inet6Address.ofLiteral(address.host());
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void checkPlace(
            String prefix,
            @Nullable RegionId region,
            @Nullable ZoneId zone,
            Surroundings surroundings,
            Violations violations) {
        if (region == null) {
            return;
        }
        List<ZoneId> zones = surroundings.zones().get(region);
        if (zones == null) {
            violations.add(prefix + "region", "no region " + region + " is declared; declare it first");
        } else if (zone != null && !zones.contains(zone)) {
            violations.add(prefix + "zone", "the region " + region + " has no zone " + zone + "; it has " + zones);
        }
    }

    private static void checkOwner(
            String field, NodeId id, ClusterId cluster, Surroundings surroundings, Violations violations) {
        ClusterId owner = surroundings.nodes().get(id);
        if (owner != null && !owner.equals(cluster)) {
            violations.conflict(
                    ProblemCode.NODE_IN_OTHER_CLUSTER,
                    field,
                    "the node " + id + " belongs to the cluster " + owner + "; delete it there first");
        }
    }

    static Endpoint comparable(Endpoint address) {
        return new Endpoint(address.host().toLowerCase(Locale.ROOT), address.port());
    }
}
