package dev.holdfast.model.replication;

import dev.holdfast.model.journal.Revision;

/**
 * While it is there, no failover begins by itself in any cluster, also in those declared later.
 *
 * @param version the revision that made it
 */
public record PauseEverywhere(ClusterPrimary.Pause pause, Revision version) {

    public PauseEverywhere withVersion(Revision newVersion) {
        return new PauseEverywhere(pause, newVersion);
    }
}
