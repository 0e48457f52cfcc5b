package dev.holdfast.gateway.tcp.route;

import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PrimaryRecord;
import java.util.Optional;

/**
 * What a gateway holds of a cluster's primary: the record of the highest number it has seen. An older one, from a store that
 * was restored for example, is not followed.
 *
 * @param record empty while no primary is known
 */
public record FollowedPrimary(Optional<PrimaryRecord> record) {

    public static final FollowedPrimary NONE = new FollowedPrimary(Optional.empty());

    /**
     * What is held once {@code read} is known. A cluster that has no primary begins anew: one that was deleted and is
     * declared again counts its epochs from 1.
     */
    public FollowedPrimary next(Optional<ClusterPrimary> read) {
        return isAheadOf(read) ? this : new FollowedPrimary(read.map(ClusterPrimary::record));
    }

    /** Whether {@code read} is older than what is held. */
    public boolean isAheadOf(Optional<ClusterPrimary> read) {
        return record.isPresent()
                && read.isPresent()
                && read.get().record().number().compareTo(record.get().number()) < 0;
    }
}
