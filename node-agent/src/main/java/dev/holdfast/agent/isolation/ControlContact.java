package dev.holdfast.agent.isolation;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** When the control plane was last heard. Safe for use by several threads. */
public final class ControlContact {

    private final LongSupplier nanoClock;
    private long heardAt;
    private Optional<Long> confirmedAt = Optional.empty();

    /** The start of the agent counts as the first contact, so that it has time to be found. */
    public ControlContact(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.heardAt = nanoClock.getAsLong();
    }

    /**
     * Notes an authenticated call of a service.
     *
     * @param named the epoch that it named, empty when it named none
     * @param own the epoch that this node is in
     */
    public synchronized void heard(Optional<Long> named, long own) {
        heardAt = nanoClock.getAsLong();
        if (named.filter(epoch -> epoch == own).isPresent()) {
            confirmedAt = Optional.of(heardAt);
        }
    }

    public synchronized Duration silence() {
        return Duration.ofNanos(nanoClock.getAsLong() - heardAt);
    }

    public synchronized Optional<Duration> sinceConfirmed() {
        return confirmedAt.map(at -> Duration.ofNanos(nanoClock.getAsLong() - at));
    }
}
