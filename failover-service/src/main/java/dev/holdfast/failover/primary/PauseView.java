package dev.holdfast.failover.primary;

import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PauseEverywhere;
import java.util.Optional;

/**
 * Whether automatic failover is paused in every cluster.
 *
 * @param paused by whom and why; empty when it is not. Single clusters may be paused besides.
 */
public record PauseView(Optional<ClusterPrimary.Pause> paused) {

    static PauseView of(Optional<PauseEverywhere> pause) {
        return new PauseView(pause.map(PauseEverywhere::pause));
    }
}
