package dev.holdfast.gateway.tcp;

import dev.holdfast.gateway.tcp.route.TcpRoute;
import dev.holdfast.gateway.tcp.route.TcpTarget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client, from its acceptance to its end. It is held, unread, until it has been joined to a node.
 *
 * <p>All work is done on the thread of the client's channel, which is also that of the node's; the methods that say so may
 * be called from any.
 */
final class Session {

    private enum State {
        /** Not joined to a node, and no try to connect to one is under way. */
        HELD,
        CONNECTING,
        OPEN,
        CLOSED
    }

    /** A try to connect. A session that has given it up holds another one, or none. */
    private record Attempt(TcpTarget target, Leg node, ChannelFuture connection) {}

    private final TcpListener listener;
    private final Leg client = new Leg(this);
    private final Set<TcpTarget> tried = new HashSet<>();
    // Written by the session's thread alone.
    private volatile State state = State.HELD;
    private volatile @Nullable TcpTarget joinedTo;

    private @Nullable Attempt attempt;
    private @Nullable Leg node;
    private @Nullable Future<?> idleCheck;
    private @Nullable Future<?> waitEnd;
    private boolean counted;
    private boolean waitOver;
    private long acceptedAt;
    private long touchedAt;

    Session(TcpListener listener) {
        this.listener = listener;
    }

    Leg client() {
        return client;
    }

    /** A leg's channel is connected. The node's says so by the future of its attempt. */
    void active(Leg leg) {
        if (leg == client && state == State.HELD && !counted) {
            begin();
        }
    }

    private void begin() {
        acceptedAt = listener.now();
        if (!listener.enter(this)) {
            state = State.CLOSED;
            client.close();
            return;
        }
        counted = true;
        Duration holdTimeout = listener.limits().holdTimeout();
        if (holdTimeout.isZero()) {
            waitOver = true;
        } else {
            waitEnd = loop().schedule(this::endWait, holdTimeout.toMillis(), TimeUnit.MILLISECONDS);
        }
        connect(false);
    }

    private EventLoop loop() {
        return client.channel().eventLoop();
    }

    /** A try that is under way may still end well; there is none after it. */
    private void endWait() {
        waitOver = true;
        if (state == State.HELD) {
            refuse(RefuseCause.HOLD_TIMEOUT);
        }
    }

    // What the listener says, from any thread.

    /** Something about the listener has changed. */
    void wake() {
        loop().execute(this::reconsider);
    }

    /** To find out whether a node takes connections again. */
    void scout() {
        loop().execute(() -> connect(true));
    }

    boolean isHeld() {
        return state == State.HELD;
    }

    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** The node that the session is joined to, if it is. */
    Optional<TcpTarget> joinedTo() {
        return state == State.OPEN ? Optional.ofNullable(joinedTo) : Optional.empty();
    }

    private void reconsider() {
        if (listener.isWithdrawn()) {
            withdraw();
            return;
        }
        TcpRoute route = listener.route();
        switch (state) {
            case HELD -> connect(false);
            case CONNECTING -> {
                if (attempt != null && !route.admits(attempt.target())) {
                    giveUp(attempt);
                    tried.clear();
                    connect(false);
                }
            }
            case OPEN -> {
                TcpTarget target = joinedTo;
                if (target != null && !route.keeps(target)) {
                    reset();
                    close(listener.supersededCause());
                } else {
                    checkIdle();
                }
            }
            case CLOSED -> {}
        }
    }

    private void withdraw() {
        if (state == State.OPEN) {
            close(CloseCause.WITHDRAWN);
        } else if (state != State.CLOSED) {
            refuse(RefuseCause.WITHDRAWN);
        }
    }

    // On the way to a node.

    private void connect(boolean scouting) {
        if (state != State.HELD) {
            return;
        }
        if (listener.isWithdrawn()) {
            withdraw();
            return;
        }
        if (listener.isRefused() && !scouting && !waitOver) {
            return;
        }
        Optional<TcpTarget> choice = listener.choose(tried);
        if (choice.isPresent()) {
            connectTo(choice.get());
            return;
        }
        boolean refusedByAll = !tried.isEmpty();
        tried.clear();
        if (waitOver) {
            refuse(RefuseCause.HOLD_TIMEOUT);
        } else if (client.hasEnded()) {
            refuse(RefuseCause.LEFT);
        } else if (refusedByAll) {
            listener.refused(loop());
        }
    }

    private void connectTo(TcpTarget target) {
        Leg leg = new Leg(this);
        state = State.CONNECTING;
        listener.leadsTo(target);
        ChannelFuture connection = listener.connector()
                .connect(loop(), target.address(), listener.limits().connectTimeout(), leg);
        Attempt begun = new Attempt(target, leg, connection);
        attempt = begun;
        var _ = connection.addListener(result -> connected(begun, result.cause()));
    }

    private void giveUp(Attempt begun) {
        attempt = null;
        state = State.HELD;
        listener.leftFrom(begun.target());
        var _ = begun.connection().channel().close();
    }

    /** @param failure null when the connection is there */
    @SuppressWarnings("ReferenceEquality") // Two tries to reach the same node are two.
    private void connected(Attempt ended, @Nullable Throwable failure) {
        if (attempt != ended) {
            // Given up meanwhile: nothing has been sent on it.
            var _ = ended.connection().channel().close();
            return;
        }
        if (failure != null) {
            listener.connectFailed(ended.target(), failure);
            giveUp(ended);
            tried.add(ended.target());
            connect(true);
            return;
        }
        // The state may have changed while the connection was made: nobody is led to an older primary.
        if (!listener.route().admits(ended.target())) {
            giveUp(ended);
            tried.clear();
            connect(false);
            return;
        }
        join(ended);
    }

    private void join(Attempt made) {
        attempt = null;
        node = made.node();
        joinedTo = made.target();
        state = State.OPEN;
        if (waitEnd != null) {
            waitEnd.cancel(false);
        }
        touchedAt = listener.now();
        listener.joined(touchedAt - acceptedAt);
        Leg.join(client, made.node());
        checkIdle();
    }

    // Joined to a node.

    /** Something has passed. */
    void touch() {
        touchedAt = listener.now();
    }

    /** Closes the session when it has been silent for long enough, or looks again when that could be. */
    private void checkIdle() {
        if (idleCheck != null) {
            idleCheck.cancel(false);
            idleCheck = null;
        }
        long timeout = listener.limits().idleTimeout().toNanos();
        if (state != State.OPEN || timeout == 0) {
            return;
        }
        long left = timeout - (listener.now() - touchedAt);
        if (left <= 0) {
            close(CloseCause.IDLE);
        } else {
            idleCheck = loop().schedule(this::checkIdle, left, TimeUnit.NANOSECONDS);
        }
    }

    /** The client has ended its side before it was joined to a node. While a try is under way it may still be served. */
    void endedEarly(Leg leg) {
        if (leg == client && state == State.HELD) {
            leaveHeld();
        }
    }

    /** The leg's connection is gone: the other can't go on alone. */
    void broken(Leg leg) {
        if (leg != client && leg != node) {
            // Of a try that was given up.
            return;
        }
        switch (state) {
            case HELD, CONNECTING -> leaveHeld();
            case OPEN -> close(CloseCause.BROKEN);
            case CLOSED -> {}
        }
    }

    /** Whoever waits and ends its side has gone: it must not keep a place from others. */
    private void leaveHeld() {
        if (counted) {
            refuse(RefuseCause.LEFT);
        }
    }

    /** Has the kernel throw away what it holds for the node: a frozen one must not get it when it wakes. */
    private void reset() {
        if (node != null) {
            Channel channel = node.channel();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }

    private void refuse(RefuseCause cause) {
        if (attempt != null) {
            giveUp(attempt);
        }
        state = State.CLOSED;
        listener.refused(this, cause);
        end();
    }

    void close(CloseCause cause) {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSED;
        if (joinedTo != null) {
            listener.leftFrom(joinedTo);
        }
        listener.closed(this, cause);
        end();
    }

    private void end() {
        if (waitEnd != null) {
            waitEnd.cancel(false);
        }
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
        client.close();
        if (node != null) {
            node.close();
        }
    }
}
