package dev.holdfast.region.journal;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateView;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The open streams of this replica: a bounded number, each on a thread of its own, all ended on shutdown. */
final class JournalStreams implements SmartLifecycle {

    private final ClusterStateStore store;
    private final JournalSettings settings;
    private final ThreadFactory threads;
    private final LongSupplier nanoClock;
    private final Semaphore places;
    private final Set<JournalStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean running;

    JournalStreams(ClusterStateStore store, JournalSettings settings, ThreadFactory threads, LongSupplier nanoClock) {
        this.store = store;
        this.settings = settings;
        this.threads = threads;
        this.nanoClock = nanoClock;
        this.places = new Semaphore(settings.maxStreams());
    }

    /** Begins a stream behind {@code after}; now, when that is empty. */
    SseEmitter open(JournalFilter filter, Optional<Revision> after) {
        Revision start = after.orElseGet(() -> store.read(StateView::revision));
        if (!running) {
            throw new ProblemException(ProblemCode.SERVICE_UNAVAILABLE, "This replica is shutting down; try again.");
        }
        if (!places.tryAcquire()) {
            throw new ProblemException(
                    ProblemCode.TOO_MANY_REQUESTS,
                    "This replica already streams to " + settings.maxStreams()
                            + " clients; try again later or raise holdfast.region.journal.max-streams.");
        }
        // The stream ends by its own clock: the container's timeout would end it as an error.
        SseEmitter emitter = new SseEmitter(0L);
        JournalStream stream = new JournalStream(store, settings, nanoClock, filter, start, emitter);
        open.add(stream);
        threads.newThread(() -> {
                    try {
                        stream.run();
                    } finally {
                        open.remove(stream);
                        places.release();
                    }
                })
                .start();
        if (!running) {
            stream.end();
        }
        return emitter;
    }

    /** How many clients are served now. */
    int count() {
        return open.size();
    }

    @Override
    public void start() {
        running = true;
    }

    /** In the default phase, which stops before the web server waits for its requests to end. */
    @Override
    public void stop() {
        running = false;
        open.forEach(JournalStream::end);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
