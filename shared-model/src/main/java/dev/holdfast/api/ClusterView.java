package dev.holdfast.api;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import java.util.List;
import java.util.Optional;

/**
 * A cluster as the API shows it.
 *
 * @param declaration what declares it, as a {@code PUT} would take it
 * @param nodes its nodes as they stand
 * @param primary of a PostgreSQL cluster, once its primary is known
 */
public record ClusterView(
        ClusterId id,
        ClusterDeclaration declaration,
        List<NodeView> nodes,
        Optional<PrimaryView> primary,
        Revision version) {}
