package dev.holdfast.agent.postgres;

/** Values in connection strings of libpq. */
final class LibpqText {

    private LibpqText() {}

    static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
