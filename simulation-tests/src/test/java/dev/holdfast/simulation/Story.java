package dev.holdfast.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** What happened, in order. Kept only when somebody will read it, for most seeds pass. */
final class Story {

    /** Enough for a whole run; a longer story keeps its end. */
    private static final int MOST_LINES = 20_000;

    private final boolean kept;
    private final Schedule schedule;
    private final Deque<String> lines = new ArrayDeque<>();

    Story(boolean kept, Schedule schedule) {
        this.kept = kept;
        this.schedule = schedule;
    }

    void tell(Supplier<String> line) {
        if (kept) {
            lines.add("%7d ms  %s".formatted(schedule.now(), line.get()));
            if (lines.size() > MOST_LINES) {
                lines.removeFirst();
            }
        }
    }

    String text() {
        return String.join("\n", lines);
    }
}
