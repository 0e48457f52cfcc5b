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
 * Sends events to all webhooks, each from the one replica that holds its lease. Each webhook has a thread of its own, so that
 * one that doesn't answer holds up no other. That thread also renews the lease: when it stands still, for whatever reason,
 * another replica takes over.
 */
final class Notifications implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Notifications.class);

    private static final Duration STORE_RETRY = Duration.ofSeconds(1);

    private final List<Sending> sendings;
    private final ClusterStateStore store;
    private final Leases leases;
    private final String holder;
    private final Duration leaseTime;
    private final Duration renewal;
    private final ThreadFactory threads;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> started = new ArrayList<>();
    private volatile boolean running;

    /** @param leaseTime longer than one delivery may take, so that a slow receiver costs no lease */
    Notifications(
            List<WebhookDelivery> deliveries,
            ClusterStateStore store,
            Leases leases,
            String holder,
            Duration leaseTime,
            ThreadFactory threads) {
        this.sendings = deliveries.stream().map(Sending::new).toList();
        this.store = store;
        this.leases = leases;
        this.holder = holder;
        this.leaseTime = leaseTime;
        this.renewal = leaseTime.dividedBy(4);
        this.threads = threads;
    }

    static String leaseOf(WebhookDelivery delivery) {
        return "notifications-" + delivery.consumer();
    }

    @Override
    public void start() {
        running = true;
        sendings.forEach(sending -> started.add(threads.newThread(sending::work)));
        started.forEach(Thread::start);
    }

    @Override
    public void stop() {
        running = false;
        stopped.countDown();
        started.forEach(Thread::interrupt);
        try {
            sendings.forEach(Sending::release);
        } catch (StoreUnavailableException e) {
            log.info("the notifications' leases run out by themselves: the cluster-state store can't be reached");
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private boolean stoppedWithin(Duration delay) {
        try {
            return stopped.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** One webhook and its thread. */
    private final class Sending {

        private final WebhookDelivery delivery;
        private volatile Optional<Lease> held = Optional.empty();

        Sending(WebhookDelivery delivery) {
            this.delivery = delivery;
        }

        void work() {
            while (running) {
                Duration pause;
                try {
                    pause = acquired() ? deliver() : renewal;
                } catch (LeaseLostException e) {
                    log.info(
                            "webhook {}: another replica sends notifications now",
                            delivery.webhook().host());
                    pause = renewal;
                } catch (StoreUnavailableException e) {
                    pause = STORE_RETRY;
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    log.error(
                            "webhook {}: delivery failed; trying again",
                            delivery.webhook().host(),
                            e);
                    pause = STORE_RETRY;
                }
                if (stoppedWithin(pause)) {
                    return;
                }
            }
        }

        void release() {
            held.ifPresent(leases::release);
        }

        private boolean acquired() {
            held = leases.acquire(leaseOf(delivery), holder, leaseTime);
            return held.isPresent();
        }

        private Lease renewed() {
            if (!acquired()) {
                throw new LeaseLostException("another replica has been granted lease " + leaseOf(delivery));
            }
            return held.orElseThrow();
        }

        /** Delivers what there is, or waits a while for more. Returns how long to pause then. */
        private Duration deliver() throws InterruptedException {
            Optional<Duration> pause = delivery.deliver(this::renewed);
            if (pause.isEmpty()) {
                Revision cursor = store.read(view -> view.cursor(delivery.consumer()));
                store.awaitChangeAfter(cursor, renewal);
                return Duration.ZERO;
            }
            // The next attempt is some way off; the lease is not given up for that.
            Duration left = pause.get();
            while (left.compareTo(renewal) > 0 && !stoppedWithin(renewal)) {
                renewed();
                left = left.minus(renewal);
            }
            return left;
        }
    }
}
