package dev.holdfast.health.observer;

import dev.holdfast.health.isolation.IsolationSettings;
import dev.holdfast.health.opinion.Standing;
import dev.holdfast.health.watch.FormerLife;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.StoreUnavailableException;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/**
 * This replica's own observer. It begins as soon as the store tells what it held in its former life, however long that
 * takes; until then it knows nothing.
 */
public final class LocalObserver implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LocalObserver.class);

    private static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private final ObserverSettings settings;
    private final IsolationSettings isolation;
    private final Surroundings world;
    private final ThreadFactory threads;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Nullable
    private volatile ObserverAtWork work;

    @Nullable
    private ClusterStateReplica topology;

    private volatile boolean running;

    LocalObserver(ObserverSettings settings, IsolationSettings isolation, Surroundings world, ThreadFactory threads) {
        this.settings = settings;
        this.isolation = isolation;
        this.world = world;
        this.threads = threads;
    }

    public ObserverId id() {
        return settings.id();
    }

    /** The newest check of the node by this observer. */
    public Optional<ProbeResult> lastProbe(NodeId node) {
        return current().flatMap(observer -> observer.watch().lastProbe(node));
    }

    /** What this observer's checks of the node come to. */
    public Optional<Standing> standing(NodeId node) {
        return current().flatMap(observer -> observer.watch().standing(node));
    }

    /** Checks the node now; the outcome counts as any other. Empty when this observer doesn't know the node. */
    public Mono<ProbeResult> checkNow(NodeId node) {
        return current().map(observer -> observer.checks().checkNow(node)).orElseGet(Mono::empty);
    }

    /** Checks the node soon, unless that has just been done. */
    public void hint(NodeId node) {
        current().ifPresent(observer -> observer.checks().hint(List.of(node)));
    }

    @Override
    public void start() {
        running = true;
        threads.newThread(this::begin).start();
    }

    @Override
    public void stop() {
        running = false;
        stopped.countDown();
        ClusterStateReplica following;
        synchronized (this) {
            following = topology;
        }
        if (following != null) {
            following.close();
        }
        current().ifPresent(ObserverAtWork::dispose);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private Optional<ObserverAtWork> current() {
        return Optional.ofNullable(work);
    }

    private void begin() {
        Optional<FormerLife> former = Optional.empty();
        boolean told = false;
        while (former.isEmpty()) {
            try {
                world.registry().heartbeat(settings.id(), settings.location(), settings.declared());
                former = Optional.of(world.store().read(view -> FormerLife.of(settings.id(), view)));
            } catch (StoreUnavailableException e) {
                if (!told) {
                    log.warn("waiting for the cluster-state store before any node can be checked", e);
                }
                told = true;
            } catch (RuntimeException e) {
                log.error("this observer can't begin; trying again", e);
            }
            if (former.isEmpty() && stoppedWithin(RETRY_DELAY)) {
                return;
            }
        }
        begin(former.get());
    }

    private synchronized void begin(FormerLife former) {
        if (!running) {
            return;
        }
        ObserverAtWork observer = new ObserverAtWork(settings, isolation, world, former);
        ClusterStateReplica following = new ClusterStateReplica(world.store(), ClusterState.EMPTY, threads);
        following.onChange(observer::follow);
        observer.start();
        following.start();
        topology = following;
        work = observer;
        log.info(
                "observer {} at {}, one of {}, begins with {} opinions",
                settings.id(),
                settings.location(),
                settings.declared(),
                former.opinions().size());
    }

    private boolean stoppedWithin(Duration delay) {
        try {
            return stopped.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
