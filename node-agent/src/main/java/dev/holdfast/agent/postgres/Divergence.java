package dev.holdfast.agent.postgres;

import dev.holdfast.model.replication.Lsn;
import java.util.Optional;

/** Whether a server's log is a beginning of another's. */
final class Divergence {

    private Divergence() {}

    /** What comparing two logs shows. */
    enum Finding {
        /** The server can go on from where it is. */
        IN_LINE,
        /** The server has something that the upstream hasn't. */
        DIVERGED
    }

    /**
     * A server's end of log.
     *
     * @param end of what is known to be there
     * @param endIsRecordStart whether {@code end} is where the last record begins, which a fork at that place leaves out
     */
    record Local(long timeline, Lsn end, boolean endIsRecordStart) {}

    /** The end and history of the server to follow. */
    record Upstream(TimelineHistory history, Lsn end) {}

    static Finding compare(Local local, Upstream upstream) {
        Optional<Lsn> shared = local.timeline() == upstream.history().timeline()
                ? Optional.of(upstream.end())
                : upstream.history().leftAt(local.timeline());
        return shared.filter(limit -> reachesNoFurther(local, limit)).isPresent() ? Finding.IN_LINE : Finding.DIVERGED;
    }

    private static boolean reachesNoFurther(Local local, Lsn limit) {
        int beyond = local.end().compareTo(limit);
        return local.endIsRecordStart() ? beyond < 0 : beyond <= 0;
    }
}
