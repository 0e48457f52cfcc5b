package dev.holdfast.gateway.control.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.journal.Revision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class StatusFeedTest {

    private final AtomicLong revision = new AtomicLong(1);
    private final AtomicInteger looks = new AtomicInteger();

    private StatusFeed feed() {
        return new StatusFeed(
                () -> {
                    looks.incrementAndGet();
                    return new StatusView(new Revision(revision.get()), true, List.of(), List.of());
                },
                HoldfastJson.jsonMapper(),
                Mono.never());
    }

    private static Flux<Flux<DataBuffer>> frames(StatusFeed feed) {
        return feed.frames(DefaultDataBufferFactory.sharedInstance);
    }

    private static String text(Flux<DataBuffer> frame) {
        return String.join(
                "", frame.map(buffer -> buffer.toString(StandardCharsets.UTF_8)).toIterable());
    }

    @Test
    void saysNothingButHeartbeatsWhileNothingChanges() {
        StepVerifier.withVirtualTime(() -> frames(feed()).map(StatusFeedTest::text))
                .expectSubscription()
                .assertNext(frame -> assertThat(frame).startsWith("data: {\"tableRevision\":1"))
                .expectNoEvent(StatusFeed.HEARTBEAT.minusMillis(1))
                .thenAwait(Duration.ofMillis(1))
                .expectNext(": heartbeat\n\n")
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void tellsAtMostOneChangeATick() {
        StepVerifier.withVirtualTime(() -> frames(feed()).map(StatusFeedTest::text))
                .expectSubscription()
                .expectNextCount(1)
                .then(() -> revision.set(2))
                .then(() -> revision.set(3))
                .expectNoEvent(StatusFeed.TICK.minusMillis(1))
                .thenAwait(Duration.ofMillis(1))
                .assertNext(frame -> assertThat(frame).contains("\"tableRevision\":3"))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void givesAReaderThatFellBehindTheNewestAndNothingTwice() {
        StepVerifier.withVirtualTime(() -> frames(feed()).concatMap(frame -> Mono.just(frame), 1), 0)
                .expectSubscription()
                .thenAwait(StatusFeed.TICK)
                .then(() -> revision.set(2))
                .thenAwait(StatusFeed.TICK)
                .then(() -> revision.set(3))
                .thenAwait(StatusFeed.TICK)
                .thenRequest(1)
                .assertNext(frame -> assertThat(text(frame)).contains("\"tableRevision\":3"))
                .thenRequest(1)
                .assertNext(frame -> assertThat(text(frame)).isEmpty())
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void looksOnceForAllListenersAndNotAtAllWithoutAny() {
        StepVerifier.withVirtualTime(() -> {
                    StatusFeed feed = feed();
                    assertThat(looks).hasValue(0);
                    return Flux.merge(frames(feed), frames(feed), frames(feed));
                })
                .expectSubscription()
                .expectNextCount(3)
                .thenAwait(StatusFeed.TICK.multipliedBy(2))
                .then(() -> assertThat(looks).hasValue(3))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }
}
