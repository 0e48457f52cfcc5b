package dev.holdfast.model.store;

/** Another holder has been granted the lease since. */
public final class LeaseLostException extends StoreException {

    private static final long serialVersionUID = 1L;

    public LeaseLostException(String message) {
        super(message);
    }
}
