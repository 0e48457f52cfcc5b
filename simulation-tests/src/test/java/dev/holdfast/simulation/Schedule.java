package dev.holdfast.simulation;

import java.util.PriorityQueue;

/** Simulated time: events in order of time, and of their making where the times are equal. */
final class Schedule {

    private record Event(long at, long made, Runnable work) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(made, other.made);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long made;

    /** In milliseconds since the start. */
    long now() {
        return now;
    }

    void after(long millis, Runnable work) {
        events.add(new Event(now + millis, made++, work));
    }

    /** Runs the next event, unless it lies after {@code end}. */
    boolean step(long end) {
        Event next = events.peek();
        if (next == null || next.at > end) {
            now = end;
            return false;
        }
        events.poll();
        now = next.at;
        next.work.run();
        return true;
    }
}
