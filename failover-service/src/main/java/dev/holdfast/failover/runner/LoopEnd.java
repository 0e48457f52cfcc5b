package dev.holdfast.failover.runner;

import dev.holdfast.model.store.StoreUnavailableException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a loop ends that holds leases: it is interrupted, and gives them back so that another replica goes on at once. */
public final class LoopEnd {

    private static final Logger log = LoggerFactory.getLogger(LoopEnd.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private LoopEnd() {}

    /** Interrupts the loop's thread, and waits a while for its end. */
    public static void await(Thread loop) {
        loop.interrupt();
        try {
            loop.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by the loop's thread as its last work. Where the store is away the leases run out. */
    public static void giveBack(Runnable release) {
        // The interrupt has ended the loop; the calls that give the leases back must not be cut by it.
        boolean interrupted = Thread.interrupted();
        try {
            release.run();
        } catch (StoreUnavailableException e) {
            log.info("the leases could not be given back; they run out", e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
