package dev.holdfast.region.synchronisation;

import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.Leases;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A lease that is taken when there is work and renewed in good time. Safe for use by many threads. */
final class HeldLease {

    private final Leases leases;
    private final String name;
    private final String holder;
    private final Duration timeToLive;
    private final LongSupplier nanoClock;
    private Optional<Lease> held = Optional.empty();
    private long heldSince;

    HeldLease(Leases leases, String name, String holder, Duration timeToLive, LongSupplier nanoClock) {
        this.leases = leases;
        this.name = name;
        this.holder = holder;
        this.timeToLive = timeToLive;
        this.nanoClock = nanoClock;
    }

    /** The lease, taken or renewed when need be; empty while another replica has it. Throws as {@link Leases} does. */
    synchronized Optional<Lease> current() {
        long now = nanoClock.getAsLong();
        boolean fresh =
                held.isPresent() && now - heldSince < timeToLive.dividedBy(3).toNanos();
        if (!fresh) {
            held = Optional.empty();
            held = leases.acquire(name, holder, timeToLive);
            heldSince = now;
        }
        return held;
    }

    /** Forgets a lease that was found lost. */
    synchronized void lost() {
        held = Optional.empty();
    }

    /** Gives the lease back, so that another replica goes on at once. Throws as {@link Leases} does. */
    synchronized void release() {
        Optional<Lease> released = held;
        held = Optional.empty();
        released.ifPresent(leases::release);
    }
}
