package dev.holdfast.health.notification;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.LeaseLostException;
import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Sends events to all webhooks from the one replica that holds the lease. Each webhook has a thread of its own, so that one
 * that doesn't answer holds up no other.
 */
final class Notifications implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Notifications.class);

    static final String LEASE = "notifications";

    /** Longer than one delivery may take, so that a slow receiver costs no lease. */
    static final Duration LEASE_TIME = Duration.ofSeconds(15);

    private static final Duration RENEWAL = Duration.ofSeconds(4);

    /** How long to wait for the journal to grow before looking again. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration STORE_RETRY = Duration.ofSeconds(1);

    private final List<WebhookDelivery> deliveries;
    private final ClusterStateStore store;
    private final Leases leases;
    private final String holder;
    private final ThreadFactory threads;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> started = new ArrayList<>();
    private volatile Optional<Lease> held = Optional.empty();
    private volatile boolean running;

    Notifications(
            List<WebhookDelivery> deliveries,
            ClusterStateStore store,
            Leases leases,
            String holder,
            ThreadFactory threads) {
        this.deliveries = List.copyOf(deliveries);
        this.store = store;
        this.leases = leases;
        this.holder = holder;
        this.threads = threads;
    }

    @Override
    public void start() {
        running = true;
        if (deliveries.isEmpty()) {
            return;
        }
        started.add(threads.newThread(this::keepLease));
        deliveries.forEach(delivery -> started.add(threads.newThread(() -> work(delivery))));
        started.forEach(Thread::start);
    }

    @Override
    public void stop() {
        running = false;
        stopped.countDown();
        started.forEach(Thread::interrupt);
        try {
            held.ifPresent(leases::release);
        } catch (StoreUnavailableException e) {
            log.info("the notifications' lease runs out by itself: the cluster-state store can't be reached");
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void keepLease() {
        while (running) {
            try {
                held = leases.acquire(LEASE, holder, LEASE_TIME);
            } catch (StoreUnavailableException e) {
                log.debug("the notifications' lease can't be renewed; the change that moves a cursor will notice", e);
            } catch (RuntimeException e) {
                log.error("renewing the notifications' lease failed; trying again", e);
            }
            if (stoppedWithin(RENEWAL)) {
                return;
            }
        }
    }

    private void work(WebhookDelivery delivery) {
        while (running) {
            try {
                Optional<Lease> lease = held;
                if (lease.isEmpty()) {
                    if (stoppedWithin(STORE_RETRY)) {
                        return;
                    }
                    continue;
                }
                Optional<Duration> pause = delivery.deliver(lease.get());
                if (pause.isEmpty()) {
                    awaitNews(delivery);
                } else if (stoppedWithin(pause.get())) {
                    return;
                }
            } catch (LeaseLostException e) {
                log.info(
                        "webhook {}: another replica sends notifications now",
                        delivery.webhook().host());
                held = Optional.empty();
            } catch (StoreUnavailableException e) {
                if (stoppedWithin(STORE_RETRY)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error(
                        "webhook {}: delivery failed; trying again",
                        delivery.webhook().host(),
                        e);
                if (stoppedWithin(STORE_RETRY)) {
                    return;
                }
            }
        }
    }

    private void awaitNews(WebhookDelivery delivery) throws InterruptedException {
        Revision cursor = store.read(view -> view.cursor(delivery.consumer()));
        store.awaitChangeAfter(cursor, PATIENCE);
    }

    private boolean stoppedWithin(Duration delay) {
        try {
            return stopped.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }
}
