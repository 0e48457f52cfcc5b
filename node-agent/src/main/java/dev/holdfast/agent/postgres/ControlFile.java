package dev.holdfast.agent.postgres;

import dev.holdfast.model.replication.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code pg_control} says about a server that doesn't run; {@code pg_controldata} isn't installed everywhere. The
 * members that are read have stood at the same places from version 12 on.
 *
 * @param systemIdentifier unsigned, as text
 * @param checkpoint where the record of the last checkpoint begins
 */
record ControlFile(String systemIdentifier, State state, Lsn checkpoint, long timeline) {

    private static final int STATE_AT = 16;

    private static final int CHECKPOINT_AT = 32;

    private static final int TIMELINE_AT = 48;

    private static final int LENGTH = 52;

    /** How the server ended, in the order of PostgreSQL's numbers. */
    enum State {
        STARTING,
        SHUT_DOWN,
        SHUT_DOWN_IN_RECOVERY,
        SHUTTING_DOWN,
        IN_CRASH_RECOVERY,
        IN_ARCHIVE_RECOVERY,
        IN_PRODUCTION;

        /** Whether it was a standby when it ended, or had begun to be one. */
        boolean wasStandby() {
            return this == SHUT_DOWN_IN_RECOVERY || this == IN_ARCHIVE_RECOVERY;
        }
    }

    static ControlFile read(Path dataDirectory) throws PostgresException {
        Path file = dataDirectory.resolve("global").resolve("pg_control");
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new PostgresException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    static ControlFile parse(byte[] content) throws PostgresException {
        if (content.length < LENGTH) {
            throw new PostgresException("pg_control is cut short");
        }
        ByteBuffer fields = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
        int state = fields.getInt(STATE_AT);
        if (state < 0 || state >= State.values().length) {
            throw new PostgresException("pg_control has a state that isn't known: " + state);
        }
        return new ControlFile(
                Long.toUnsignedString(fields.getLong(0)),
                State.values()[state],
                new Lsn(fields.getLong(CHECKPOINT_AT)),
                Integer.toUnsignedLong(fields.getInt(TIMELINE_AT)));
    }
}
