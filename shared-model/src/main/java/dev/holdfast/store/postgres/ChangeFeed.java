package dev.holdfast.store.postgres;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the newest revision, for any number of waiting threads. One thread with one connection of its own listens for
 * notifications, begins with the first who waits, and reads the counter at every poll interval besides, so that a lost
 * notification costs at most that. It reconnects for as long as it is open.
 */
final class ChangeFeed implements AutoCloseable {

    static final String CHANNEL = "holdfast_changes";

    private static final Logger log = LoggerFactory.getLogger(ChangeFeed.class);

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    /** A connection that has answered no poll for this long may be dead: what it last said is not the newest for sure. */
    private static final Duration MAX_SILENCE = POLL_INTERVAL.multipliedBy(3);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

    /** Short: whoever waits for changes has no contact until this is over, also when the store is back. */
    private static final Duration MAX_BACKOFF = Duration.ofMillis(500);

    private final ConnectionSource connections;
    private final LongSupplier nanoClock;
    private final Thread follower;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private boolean started;
    private boolean closed;
    private Revision newest = Revision.NONE;
    private boolean inContact;
    private long contactAt;
    private long contacts;
    private @Nullable Exception lastFailure;

    /** Opens connections with a timeout on every answer: how a dead one is noticed. */
    interface ConnectionSource {
        Connection open() throws SQLException;
    }

    ChangeFeed(ConnectionSource connections, LongSupplier nanoClock, ThreadFactory threads) {
        this.connections = connections;
        this.nanoClock = nanoClock;
        this.follower = threads.newThread(this::follow);
    }

    Revision awaitAfter(Revision held, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!started) {
                started = true;
                follower.start();
            }
            long remaining = atMost.toNanos();
            while (!newest.isAfter(held) && remaining > 0 && !closed) {
                remaining = changed.awaitNanos(remaining);
            }
            if (!newest.isAfter(held)) {
                requireContact();
            }
            return newest;
        } finally {
            lock.unlock();
        }
    }

    /** How often contact was gained. */
    long contacts() {
        lock.lock();
        try {
            return contacts;
        } finally {
            lock.unlock();
        }
    }

    private void requireContact() {
        boolean silent = nanoClock.getAsLong() - contactAt > MAX_SILENCE.toNanos();
        if (!inContact || silent || closed) {
            Exception cause = lastFailure != null
                    ? lastFailure
                    : new SQLTimeoutException(closed ? "the change feed is closed" : "no answer in time");
            throw new StoreUnavailableException("the change feed of the cluster-state store has no contact", cause);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        follower.interrupt();
    }

    private void follow() {
        Duration backoff = FIRST_BACKOFF;
        while (isOpen()) {
            boolean reached = false;
            try (Connection connection = connections.open();
                    Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
                reachedAt(counter(statement));
                reached = true;
                listen(connection.unwrap(PGConnection.class), statement);
            } catch (SQLException | RuntimeException e) {
                lost(e);
            }
            backoff = reached ? FIRST_BACKOFF : min(backoff.multipliedBy(2), MAX_BACKOFF);
            pause(backoff);
        }
    }

    private void listen(PGConnection connection, Statement statement) throws SQLException {
        long polledAt = nanoClock.getAsLong();
        while (isOpen()) {
            long untilPoll = POLL_INTERVAL.toNanos() - (nanoClock.getAsLong() - polledAt);
            if (untilPoll <= 0) {
                reachedAt(counter(statement));
                polledAt = nanoClock.getAsLong();
                continue;
            }
            // 0 would mean without a limit.
            PGNotification[] notifications =
                    connection.getNotifications(Math.max(1, Math.toIntExact(untilPoll / 1_000_000)));
            if (notifications != null && notifications.length > 0) {
                // Any role of the database can notify: that something may have changed is all that it is taken for.
                reachedAt(counter(statement));
            }
        }
    }

    private static Revision counter(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT value FROM revision_counter")) {
            row.next();
            return new Revision(row.getLong(1));
        }
    }

    /** Takes the counter as it is: a store restored from a backup has gone back. */
    private void reachedAt(Revision revision) {
        lock.lock();
        try {
            if (!inContact) {
                contacts++;
                log.info("following the changes of the cluster-state store from revision {}", revision);
            }
            inContact = true;
            lastFailure = null;
            contactAt = nanoClock.getAsLong();
            newest = revision;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void lost(Exception failure) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (inContact || lastFailure == null) {
                log.warn("lost the changes of the cluster-state store at revision {}; reconnecting", newest, failure);
            }
            inContact = false;
            lastFailure = failure;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration duration) {
        lock.lock();
        try {
            long remaining = duration.toNanos();
            while (!closed && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
