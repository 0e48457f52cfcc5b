package dev.holdfast.api;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import java.util.List;

/**
 * A cluster as the API shows it.
 *
 * @param declaration what declares it, as a {@code PUT} would take it
 * @param nodes its nodes as they stand
 */
public record ClusterView(ClusterId id, ClusterDeclaration declaration, List<NodeView> nodes, Revision version) {}
