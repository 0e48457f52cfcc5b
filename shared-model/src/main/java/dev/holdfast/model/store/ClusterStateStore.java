package dev.holdfast.model.store;

import dev.holdfast.model.journal.Revision;
import java.time.Duration;
import java.util.function.Function;

/**
 * The one place where the cluster state lives. Safe for use by many threads.
 *
 * <p>Every method throws {@link StoreUnavailableException} when the store can't be reached in time; a change then may or
 * may not have been committed, and its caller reads again before it decides anew.
 * A call from inside the function of another call is an {@link IllegalStateException}, and so is a change that would
 * leave a broken reference behind.
 */
public interface ClusterStateStore {

    /** Runs {@code query} on one consistent snapshot. The view is valid only inside. */
    <T> T read(Function<? super StateView, ? extends T> query);

    /**
     * Runs {@code work} as one transaction and commits it. Changes are serial: each sees all that were committed before
     * it. When {@code work} throws, nothing is changed. {@code work} does no remote call and no waiting: every other
     * change waits for it, so one that takes seconds is given up. It has no effect besides the change: when the store
     * asks for a retry, it runs again.
     */
    <T> T change(Function<? super StateChange, ? extends T> work);

    /** Runs {@code work} exactly as {@link #change} would, and commits nothing. */
    <T> T rehearse(Function<? super StateChange, ? extends T> work);

    /**
     * Waits until the store has a revision after {@code held}, or {@code atMost} has passed.
     *
     * @return the newest revision, which may be {@code held}
     */
    Revision awaitChangeAfter(Revision held, Duration atMost) throws InterruptedException;

    /**
     * How often {@link #awaitChangeAfter} has gained contact. When it grows, the store that answers now may be another
     * than before, and may lack revisions that were seen: whoever keeps a copy of the state reads the whole of it anew.
     * Asks nothing of the store.
     */
    long contacts();
}
