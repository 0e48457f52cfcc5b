package dev.holdfast.agent.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks at the server again and again on one connection, which is opened anew after a failure. For one thread. */
public final class ServerWatch implements AutoCloseable {

    private final LocalServer local;
    private final Duration limit;
    private @Nullable Connection connection;

    ServerWatch(LocalServer local, Duration limit) {
        this.local = local;
        this.limit = limit;
    }

    public Observation look() throws PostgresException {
        try {
            Connection open = connection;
            if (open == null) {
                open = local.sql().connect(limit);
                connection = open;
            }
            return local.located(Server.observe(open));
        } catch (SQLException e) {
            close();
            throw new PostgresException("the server doesn't answer: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                return; // It is of no use any more in any case.
            }
        }
    }
}
