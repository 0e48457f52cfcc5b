package dev.holdfast.model.store;

import org.jspecify.annotations.Nullable;

/** What the store can answer besides success. */
public abstract sealed class StoreException extends RuntimeException
        permits StoreUnavailableException, StaleVersionException, LeaseLostException {

    private static final long serialVersionUID = 1L;

    StoreException(String message) {
        super(message);
    }

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
