package dev.holdfast.failover.runner;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told to move. */
public final class VirtualTime implements InstantSource {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Duration passed = Duration.ZERO;

    @Override
    public Instant instant() {
        return START.plus(passed);
    }

    public long nanos() {
        return passed.toNanos();
    }

    public void advance(Duration step) {
        passed = passed.plus(step);
    }
}
