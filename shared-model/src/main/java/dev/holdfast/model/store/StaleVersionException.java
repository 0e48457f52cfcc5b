package dev.holdfast.model.store;

/** The stored value has another version than the one the change was based on. */
public final class StaleVersionException extends StoreException {

    private static final long serialVersionUID = 1L;

    public StaleVersionException(String message) {
        super(message);
    }
}
