package dev.holdfast.model.store;

import java.time.Duration;
import java.util.Optional;

/** Grants leases. Expiry is judged by the store's clock alone. Throws {@link StoreUnavailableException} as the store does. */
public interface Leases {

    /**
     * Grants the lease when it is free or has run out, renews it when {@code holder} has it already, and is empty when
     * another has it.
     */
    Optional<Lease> acquire(String name, String holder, Duration timeToLive);

    /** Gives the lease back if it is still held under this token. */
    void release(Lease lease);
}
