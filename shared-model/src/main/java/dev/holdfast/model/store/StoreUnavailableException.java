package dev.holdfast.model.store;

/** The store can't be reached, or didn't answer in time. Trying again later may help. */
public final class StoreUnavailableException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
