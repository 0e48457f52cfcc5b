package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.store.ClusterState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Every fact that a decision on an operation rests on.
 *
 * @param now by the store's clock
 * @param watchedSince since when this runner has followed the operation without a gap, by the store's clock
 * @param cluster empty when it has been deleted
 * @param gateways the addresses of all gateways
 */
public record OperationSnapshot(
        Instant now,
        Instant watchedSince,
        Trigger trigger,
        Operation operation,
        Optional<ClusterState.Members> cluster,
        List<String> gateways,
        Evidence evidence,
        Limits limits) {

    public OperationSnapshot {
        gateways = List.copyOf(gateways);
    }

    OperationSnapshot with(Operation next) {
        return new OperationSnapshot(now, watchedSince, trigger, next, cluster, gateways, evidence, limits);
    }
}
