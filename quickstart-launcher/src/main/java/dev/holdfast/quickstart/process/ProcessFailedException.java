package dev.holdfast.quickstart.process;

/** A process could not be started; the message says which, how it ended, and what it said last. */
public final class ProcessFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    public ProcessFailedException(String message) {
        super(message);
    }
}
