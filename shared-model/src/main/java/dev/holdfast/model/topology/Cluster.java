package dev.holdfast.model.topology;

import dev.holdfast.model.journal.Revision;

/**
 * A group of interchangeable nodes behind common routes.
 *
 * @param version the revision that last changed the cluster's settings or the declaration of one of its nodes
 */
public record Cluster(ClusterId id, ClusterSettings settings, Revision version) {

    public Cluster withVersion(Revision newVersion) {
        return new Cluster(id, settings, newVersion);
    }
}
