package dev.holdfast.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Says what goes on, with the seconds since the start. Safe for use by several threads. */
final class Progress {

    private final PrintStream out;
    private final LongSupplier nanoClock;
    private final long begun;

    Progress(PrintStream out, LongSupplier nanoClock) {
        this.out = out;
        this.nanoClock = nanoClock;
        this.begun = nanoClock.getAsLong();
    }

    void say(String what) {
        long tenths = Duration.ofNanos(nanoClock.getAsLong() - begun).toMillis() / 100;
        out.println("[%3d.%d s] %s".formatted(tenths / 10, tenths % 10, what));
    }
}
