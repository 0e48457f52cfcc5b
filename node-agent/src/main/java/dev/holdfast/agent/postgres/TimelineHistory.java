package dev.holdfast.agent.postgres;

import dev.holdfast.model.replication.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a timeline comes from: the timelines before it, oldest first, and where each was left.
 *
 * @param timeline the one whose history this is
 */
record TimelineHistory(long timeline, List<Fork> forks) {

    /** A timeline, and the position at which its successor left it. */
    record Fork(long timeline, Lsn leftAt) {}

    TimelineHistory {
        forks = List.copyOf(forks);
    }

    /** The first timeline comes from nowhere. */
    static final long FIRST = 1;

    /** The name of its file in {@code pg_wal}. */
    static String fileName(long timeline) {
        return String.format(Locale.ROOT, "%08X.history", timeline);
    }

    static TimelineHistory parse(long timeline, String content) throws PostgresException {
        List<Fork> forks = new ArrayList<>();
        for (String line : content.lines().map(String::strip).toList()) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                String[] fields = line.split("\\s+", 3);
                try {
                    forks.add(new Fork(Long.parseLong(fields[0]), Lsn.parse(fields[1])));
                } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                    throw new PostgresException("the history of timeline " + timeline + " has an odd line: " + line, e);
                }
            }
        }
        return new TimelineHistory(timeline, forks);
    }

    /** Where this timeline left {@code other}; empty when that isn't one of its ancestors. */
    Optional<Lsn> leftAt(long other) {
        return forks.stream()
                .filter(fork -> fork.timeline() == other)
                .map(Fork::leftAt)
                .findFirst();
    }

    /** Where this timeline left the one before it; empty for the first. */
    Optional<Lsn> forkedAt() {
        return forks.isEmpty() ? Optional.empty() : Optional.of(forks.getLast().leftAt());
    }
}
