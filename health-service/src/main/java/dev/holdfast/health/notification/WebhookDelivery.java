package dev.holdfast.health.notification;

import dev.holdfast.health.notification.NotificationSettings.Webhook;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Lease;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works one webhook through the journal, in order, at least once each. Its place is kept in the store and moved only
 * under the lease, so that another replica goes on where this one stopped. Not safe for use by many threads.
 */
final class WebhookDelivery {

    private static final Logger log = LoggerFactory.getLogger(WebhookDelivery.class);

    private static final int EVENTS_READ = 200;

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);

    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    private final Webhook webhook;
    private final ClusterStateStore store;
    private final WebhookSender sender;
    private final Duration giveUpAfter;
    private final LongSupplier nanoClock;
    private final Counter delivered;
    private final Counter failed;
    private final Counter givenUp;

    /** Held in memory while a new installation's journal is empty and the store can't tell "at its start" from "never". */
    @Nullable
    private Revision begunAt;

    private Revision failing = Revision.NONE;
    private long failingSince;
    private int failures;

    WebhookDelivery(
            Webhook webhook,
            ClusterStateStore store,
            WebhookSender sender,
            Duration giveUpAfter,
            LongSupplier nanoClock,
            MeterRegistry meters) {
        this.webhook = webhook;
        this.store = store;
        this.sender = sender;
        this.giveUpAfter = giveUpAfter;
        this.nanoClock = nanoClock;
        this.delivered = counter(meters, "delivered");
        this.failed = counter(meters, "failed");
        this.givenUp = counter(meters, "given_up");
    }

    String consumer() {
        return webhook.consumer();
    }

    Webhook webhook() {
        return webhook;
    }

    /**
     * Delivers what there is, until there is no more or a delivery fails. Throws a {@link dev.holdfast.model.store.LeaseLostException} as soon as
     * another replica has the lease.
     *
     * @param renewal asked before each attempt, so that the lease need outlast one attempt only
     * @return how long to wait before the next attempt; zero when there may be more to deliver at once, and empty when
     *     everything has been delivered
     */
    Optional<Duration> deliver(Supplier<Lease> renewal) throws InterruptedException {
        Lease lease = renewal.get();
        Revision held = begin(lease);
        Optional<List<JournalEvent>> events = store.read(view -> view.eventsAfter(held, EVENTS_READ));
        if (events.isEmpty()) {
            Revision newest = store.read(view -> view.revision());
            log.error(
                    "webhook {}: events after revision {} were pruned before they were delivered; going on from {}",
                    webhook.host(),
                    held,
                    newest);
            givenUp.increment();
            advance(lease, newest);
            return Optional.of(Duration.ZERO);
        }
        Revision passed = held;
        for (JournalEvent event : events.get()) {
            if (webhook.events().contains(event.entry().type())) {
                lease = renewal.get();
                Optional<Duration> retry = attempt(event);
                if (retry.isPresent()) {
                    advance(lease, passed);
                    return retry;
                }
                advance(lease, event.revision());
            }
            passed = event.revision();
        }
        advance(lease, passed);
        return events.get().size() == EVENTS_READ ? Optional.of(Duration.ZERO) : Optional.empty();
    }

    /** Where to go on from. A webhook that is new to the store begins at the newest event, not at the beginning of time. */
    private Revision begin(Lease lease) {
        Revision stored = store.read(view -> view.cursor(consumer()));
        if (!stored.equals(Revision.NONE)) {
            return stored;
        }
        if (begunAt == null) {
            begunAt = store.change(change -> {
                change.requireLease(lease);
                change.advanceCursor(consumer(), change.revision());
                return change.revision();
            });
            log.info("webhook {}: new here; it is sent what happens after revision {}", webhook.host(), begunAt);
        }
        return begunAt;
    }

    /** Sends the event. Empty when it is done with: delivered, or given up; else when to try again. */
    private Optional<Duration> attempt(JournalEvent event) throws InterruptedException {
        Optional<String> failure = sender.send(webhook, event);
        if (failure.isEmpty()) {
            if (failures > 0) {
                log.info(
                        "webhook {}: revision {} delivered after {} failures",
                        webhook.host(),
                        event.revision(),
                        failures);
            }
            failures = 0;
            failing = Revision.NONE;
            delivered.increment();
            return Optional.empty();
        }
        failed.increment();
        long now = nanoClock.getAsLong();
        if (!failing.equals(event.revision())) {
            failing = event.revision();
            failingSince = now;
            failures = 0;
        }
        failures++;
        if (now - failingSince >= giveUpAfter.toNanos()) {
            log.error(
                    "webhook {}: giving up on revision {} ({}) after {} failures in {}; the last: {}",
                    webhook.host(),
                    event.revision(),
                    event.entry().message(),
                    failures,
                    giveUpAfter,
                    failure.get());
            givenUp.increment();
            return Optional.empty();
        }
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
        Duration capped = delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
        log.warn(
                "webhook {}: revision {} not delivered, {}; next attempt in {}",
                webhook.host(),
                event.revision(),
                failure.get(),
                capped);
        return Optional.of(capped);
    }

    private void advance(Lease lease, Revision to) {
        if (!to.isAfter(store.read(view -> view.cursor(consumer())))) {
            return;
        }
        store.change(change -> {
            change.requireLease(lease);
            change.advanceCursor(consumer(), to);
            return to;
        });
    }

    private Counter counter(MeterRegistry meters, String result) {
        return Counter.builder("holdfast.notifications")
                .description("Deliveries of events to webhooks, by how they ended")
                .tag("webhook", webhook.host())
                .tag("result", result)
                .register(meters);
    }
}
