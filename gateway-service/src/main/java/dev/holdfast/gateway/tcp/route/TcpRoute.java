package dev.holdfast.gateway.tcp.route;

import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Where the connections of one listener may lead, by the newest state known. */
public sealed interface TcpRoute permits ReadWriteRoute, ReadOnlyRoute {

    /** Whether an established connection to {@code target} may go on. */
    boolean keeps(TcpTarget target);

    /** Whether a connection that has just been made to {@code target} may be used. */
    boolean admits(TcpTarget target);

    /**
     * Where a new connection leads; empty when it has to wait.
     *
     * @param tried targets that have just refused it
     * @param open how many connections of this gateway lead to a target
     * @param turn grows with each choice, so that equal targets take turns; any number
     */
    Optional<TcpTarget> choose(Set<TcpTarget> tried, ToIntFunction<TcpTarget> open, int turn);

    /** Why the connections that it doesn't keep can't go on, for people. */
    String explanation();
}
