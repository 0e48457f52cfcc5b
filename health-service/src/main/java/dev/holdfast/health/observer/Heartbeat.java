package dev.holdfast.health.observer;

import dev.holdfast.health.publication.OpinionPublisher;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.store.ObserverRegistry;
import dev.holdfast.model.store.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Shows that this observer lives, and notices in the answer when the voters have changed: all verdicts are then decided
 * anew. The loop outlives every failure of the store.
 */
final class Heartbeat implements Disposable {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** In case something was missed, or the store was restored from a backup. */
    private static final int BEATS_PER_SWEEP = 30;

    private final ObserverSettings settings;
    private final ObserverRegistry registry;
    private final OpinionPublisher publisher;
    private final Scheduler worker;
    private Map<ObserverId, Vote> voters = Map.of();
    private long beats;
    private boolean failing;
    private volatile boolean closed;

    Heartbeat(ObserverSettings settings, ObserverRegistry registry, OpinionPublisher publisher, Scheduler worker) {
        this.settings = settings;
        this.registry = registry;
        this.publisher = publisher;
        this.worker = worker;
    }

    void start() {
        worker.schedule(this::beat);
    }

    @Override
    public void dispose() {
        closed = true;
    }

    private void beat() {
        if (closed) {
            return;
        }
        try {
            showLife();
            failing = false;
        } catch (StoreUnavailableException e) {
            if (!failing) {
                log.warn("no heartbeat: the cluster-state store can't be reached", e);
            }
            failing = true;
        } catch (RuntimeException e) {
            failing = true;
            log.error("the heartbeat failed; trying again", e);
        } finally {
            if (!closed) {
                worker.schedule(this::beat, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void showLife() {
        List<Observer> observers = registry.heartbeat(settings.id(), settings.location(), settings.declared());
        observers.stream()
                .filter(observer -> observer.id().equals(settings.id()))
                .forEach(own -> publisher.isolationInStore(own.isolated()));
        Map<ObserverId, Vote> now = observers.stream()
                .filter(Observer::live)
                .collect(Collectors.toUnmodifiableMap(
                        Observer::id, observer -> new Vote(observer.votes(), observer.declaredObservers())));
        boolean votersChanged = !now.equals(voters);
        voters = now;
        if (votersChanged || ++beats % BEATS_PER_SWEEP == 0) {
            publisher.sweepSoon();
        }
    }

    private record Vote(boolean votes, int declared) {}
}
