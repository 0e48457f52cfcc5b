package dev.holdfast.region.declaration;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.NodeDeclaration;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.replication.PostgresSettings;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodeRole;
import java.util.List;
import java.util.Optional;

/**
 * What can't be done to a cluster that has a primary: it stays of its kind, and its primary stays where it is and in
 * service until another node is the primary.
 */
public final class PrimaryRules {

    private static final String FIRST = "; switch over to another node first";

    private PrimaryRules() {}

    /** Checks what shall become of {@code present}. */
    public static void check(ClusterState.Members present, ClusterDeclaration declared, Violations violations) {
        boolean postgresql = present.cluster().settings().postgresql().isPresent();
        if (postgresql != declared.postgresql().isPresent()) {
            violations.conflict(
                    ProblemCode.WRONG_KIND_OF_CLUSTER,
                    "postgresql",
                    postgresql
                            ? "can't be taken from a PostgreSQL cluster; delete the cluster first"
                            : "can't be added to a cluster of another kind; delete the cluster first");
        }
        List<NodeDeclaration> nodes = declared.nodes();
        for (Node node : present.nodes()) {
            if (present.roleOf(node.id()) != NodeRole.PRIMARY) {
                continue;
            }
            int place = place(node.id(), nodes);
            if (place < 0) {
                violations.conflict(
                        ProblemCode.NODE_IS_PRIMARY,
                        "nodes",
                        "leave out " + node.id() + ", which is the primary" + FIRST);
            } else {
                check(node, nodes.get(place), "nodes[" + place + "].", violations);
            }
        }
    }

    /** Checks what shall become of one node of {@code cluster}, which may be new to it. */
    public static void check(ClusterState.Members cluster, NodeId id, NodeDeclaration declared, Violations violations) {
        cluster.nodes().stream()
                .filter(node -> node.id().equals(id) && cluster.roleOf(id) == NodeRole.PRIMARY)
                .forEach(node -> check(node, declared, "", violations));
    }

    /** Checks an admin state that an operator wants for one node of {@code cluster}. */
    public static void check(ClusterState.Members cluster, Node node, AdminState wanted, Violations violations) {
        if (cluster.roleOf(node.id()) == NodeRole.PRIMARY) {
            checkAdminState(node, wanted, "", violations);
        }
    }

    /** Throws a problem unless one node of {@code cluster} can be deleted. */
    public static void requireDispensable(ClusterState.Members cluster, Node node) {
        if (cluster.roleOf(node.id()) == NodeRole.PRIMARY) {
            throw new ProblemException(
                    ProblemCode.NODE_IS_PRIMARY,
                    node.id() + " is the primary of " + cluster.cluster().id() + FIRST
                            + ", or delete the whole cluster.");
        }
        Optional<PostgresSettings> postgresql = cluster.cluster().settings().postgresql();
        int standbysLeft = cluster.nodes().size() - 2;
        if (postgresql
                .filter(settings -> standbysLeft < settings.failover().synchronousStandbys())
                .isPresent()) {
            throw new ProblemException(
                    ProblemCode.CLUSTER_NOT_READY,
                    "Without %s the cluster %s would have too few nodes for %d synchronous standbys; add another node or lower postgresql.failover.synchronousStandbys first."
                            .formatted(
                                    node.id(),
                                    cluster.cluster().id(),
                                    postgresql.get().failover().synchronousStandbys()));
        }
    }

    private static void check(Node primary, NodeDeclaration declared, String prefix, Violations violations) {
        if (declared.address() != null && !declared.address().equals(primary.address())) {
            violations.conflict(
                    ProblemCode.NODE_IS_PRIMARY,
                    prefix + "address",
                    "can't be changed while " + primary.id() + " is the primary" + FIRST);
        }
        declared.adminState().ifPresent(wanted -> checkAdminState(primary, wanted, prefix, violations));
    }

    private static void checkAdminState(Node primary, AdminState wanted, String prefix, Violations violations) {
        if (wanted != AdminState.ENABLED && wanted != primary.adminState()) {
            violations.conflict(
                    ProblemCode.NODE_IS_PRIMARY,
                    prefix + "adminState",
                    "can't be " + wanted + " while " + primary.id() + " is the primary" + FIRST);
        }
    }

    private static int place(NodeId id, List<NodeDeclaration> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            NodeDeclaration node = nodes.get(i);
            if (node != null && node.id().filter(id::equals).isPresent()) {
                return i;
            }
        }
        return -1;
    }
}
