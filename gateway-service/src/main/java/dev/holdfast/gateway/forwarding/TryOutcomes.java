package dev.holdfast.gateway.forwarding;

import dev.holdfast.gateway.activity.GatewayMeters;
import dev.holdfast.gateway.activity.NodeActivity.SeenFailure;
import dev.holdfast.gateway.ejection.Ejections;
import dev.holdfast.gateway.hints.HintSender;
import dev.holdfast.gateway.retry.TryFailure;
import dev.holdfast.gateway.routing.CurrentTable;
import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.model.topology.NodeId;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Draws the consequences of each try: what is known of the node, ejections, hints, meters. */
public final class TryOutcomes {

    private final CurrentTable table;
    private final Ejections ejections;
    private final HintSender hints;
    private final GatewayMeters meters;
    private final InstantSource clock;
    private final LongSupplier nanoClock;

    public TryOutcomes(
            CurrentTable table,
            Ejections ejections,
            HintSender hints,
            GatewayMeters meters,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.table = table;
        this.ejections = ejections;
        this.hints = hints;
        this.meters = meters;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /** The node has sent response headers, and they tell of no gateway failure. */
    void succeeded(ForwardedRequest request, Try attempt) {
        attempt.nodeRecord().answered(nanoClock.getAsLong());
        ejections.succeeded(request.cluster().id(), attempt.node().target().id());
    }

    /** The try has failed. A try that was only slow is no failure of a node that meanwhile answered others. */
    void failed(ForwardedRequest request, Try attempt, TryFailure failure) {
        NodeId node = attempt.node().target().id();
        meters.tryFailed(request.cluster().id(), node, failure.word());
        if (failure == TryFailure.FAILURE_STATUS || failure == TryFailure.OVERSIZED_HEAD) {
            attempt.nodeRecord().answered(nanoClock.getAsLong());
        }
        boolean onlySlow = failure == TryFailure.TIMED_OUT
                && attempt.nodeRecord().hasAnsweredSince(request.nodeAwaitedSince(attempt));
        if (!failure.blamesNode() || onlySlow) {
            return;
        }
        String kind = failure == TryFailure.FAILURE_STATUS
                ? failure.word() + "-" + attempt.status().value()
                : failure.word();
        attempt.nodeRecord().failed(new SeenFailure(clock.instant(), kind));
        RoutedCluster current = table.get().cluster(request.cluster().id());
        if (current != null && ejections.failed(current, node)) {
            meters.ejected(current.id(), node);
        }
        hints.failed(node, kind);
    }
}
