package dev.holdfast.benchmarks.failover;

import dev.holdfast.endtoend.LedgerTraffic;
import java.time.Duration;

/**
 * What one fault led to.
 *
 * @param whole from the repair until the node followed again and was counted on
 * @param phases as the report tells them, to see where the time went
 */
record FailoverRun(Fault fault, LedgerTraffic.Result traffic, Duration whole, String phases) {

    @Override
    public String toString() {
        return "%s: %s; whole %d ms after the repair; %s"
                .formatted(fault.name().toLowerCase(java.util.Locale.ROOT), traffic, whole.toMillis(), phases);
    }
}
