package dev.holdfast.agent.isolation;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When each standby was last heard, by the agent's own monotonic clock. A reply is known to be new because its time, which is
 * the standby's, differs from the one before. Immutable.
 */
public final class StandbyReplies {

    public static final StandbyReplies NONE = new StandbyReplies(Map.of());

    private final Map<String, Reply> byName;

    private StandbyReplies(Map<String, Reply> byName) {
        this.byName = Map.copyOf(byName);
    }

    private record Reply(String time, long heardAt) {}

    /** With what a look at the server showed; standbys that it doesn't show any more are remembered as they were. */
    public StandbyReplies seeing(Map<String, String> replyTimes, long now) {
        Map<String, Reply> next = new HashMap<>(byName);
        replyTimes.forEach((name, time) -> {
            Reply before = next.get(name);
            if (before == null || !before.time().equals(time)) {
                next.put(name, new Reply(time, now));
            }
        });
        return new StandbyReplies(next);
    }

    /** How long ago the standby was heard; empty when it never was. */
    public Optional<Duration> silence(String name, long now) {
        return Optional.ofNullable(byName.get(name)).map(reply -> Duration.ofNanos(now - reply.heardAt()));
    }

    /** When the last moment was that {@code required} of the standbys had been heard since; empty when there was none. */
    public Optional<Long> quorumHeardAt(int required, Collection<String> standbys) {
        List<Long> newestFirst = standbys.stream()
                .flatMap(name -> Optional.ofNullable(byName.get(name)).stream())
                .map(Reply::heardAt)
                .sorted(Comparator.reverseOrder())
                .toList();
        return required < 1 || newestFirst.size() < required
                ? Optional.empty()
                : Optional.of(newestFirst.get(required - 1));
    }
}
