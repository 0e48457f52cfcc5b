package dev.holdfast.agent.postgres;

/** PostgreSQL, or one of its programs, didn't do what was asked. The message says what and why, for people. */
public final class PostgresException extends Exception {

    private static final long serialVersionUID = 1L;

    public PostgresException(String message) {
        super(message);
    }

    public PostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
