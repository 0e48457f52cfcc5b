package dev.holdfast.region.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.region.OnMemoryStore;
import dev.holdfast.region.SettableClock;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"holdfast.region.journal.heartbeat=100ms", "holdfast.region.journal.max-streams=2"})
@OnMemoryStore
@DirtiesContext
class JournalStreamTest {

    private static final Duration DAY = Duration.ofDays(1);

    @Autowired
    private InMemoryClusterStateStore store;

    @Autowired
    private SettableClock clock;

    @Autowired
    private JournalStreams streams;

    @LocalServerPort
    private int port;

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void hangUp() {
        client.shutdownNow();
        client.close();
        await().until(() -> streams.count() == 0);
    }

    @Test
    void sendsEventsAsTheyHappen() throws Exception {
        List<String> lines = follow("", null);
        await().until(() -> lines.contains(":journal"));
        Revision happened = happens(EventType.REGION_DECLARED, "eu");
        await().until(() -> lines.contains("id:" + happened) && lines.contains("event:journal"));
        assertThat(lines).anyMatch(line -> line.startsWith("data:") && line.contains("\"REGION_DECLARED\""));
        await().until(() -> lines.contains(":alive"));
    }

    @Test
    void resumesBehindTheLastEventSeenAndFilters() throws Exception {
        Revision first = happens(EventType.REGION_DECLARED, "eu");
        happens(EventType.REGION_DECLARED, "us");
        Revision third = happens(EventType.REGION_DELETED, "eu");
        List<String> lines = follow("?region=eu", first.toString());
        await().until(() -> lines.contains("id:" + third));
        assertThat(lines).noneMatch(line -> line.startsWith("data:") && line.contains("\"us\""));
        List<String> all = follow("?after=" + first, null);
        await().until(() -> all.stream().filter("event:journal"::equals).count() >= 2);
        assertThat(all).doesNotContain("id:" + first);
    }

    @Test
    void showsThatItLivesAndHowFarItIsWhileItsFilterHidesAllThatHappens() throws Exception {
        Revision start = happens(EventType.REGION_DECLARED, "eu");
        List<String> lines = follow("?region=us", start.toString());

        await().pollInterval(Duration.ofMillis(2)).until(() -> {
            // Never is there nothing new for as long as a heartbeat.
            happens(EventType.REGION_DECLARED, "eu");
            return lines.contains(":alive");
        });

        long told = lines.stream()
                .filter(line -> line.startsWith("id:"))
                .mapToLong(line -> Long.parseLong(line.substring("id:".length())))
                .max()
                .orElseThrow();
        assertThat(told).isGreaterThan(start.value());
        assertThat(lines).doesNotContain("event:journal");
    }

    @Test
    void saysWhenEventsBetweenHaveBeenPruned() throws Exception {
        Revision first = happens(EventType.REGION_DECLARED, "eu");
        happens(EventType.REGION_DECLARED, "us");
        clock.advance(DAY.multipliedBy(2));
        Revision newest = happens(EventType.REGION_DELETED, "us");
        store.prune(DAY, DAY, DAY, DAY);
        List<String> lines = follow("?after=" + first, null);
        await().until(() -> lines.contains("event:gap"));
        assertThat(lines).contains("id:" + newest);
        Revision next = happens(EventType.REGION_DELETED, "eu");
        await().until(() -> lines.contains("id:" + next));
    }

    @Test
    void goesOnAfterTheStoreWasAway() throws Exception {
        List<String> lines = follow("", null);
        await().until(() -> lines.contains(":journal"));
        store.goAway();
        store.comeBack();
        Revision happened = happens(EventType.REGION_DECLARED, "eu");
        await().until(() -> lines.contains("id:" + happened));
    }

    @Test
    void boundsHowManyClientsItServesAndEndsThemOnShutdown() throws Exception {
        List<String> first = follow("", null);
        List<String> second = follow("", null);
        await().until(() -> first.contains(":journal") && second.contains(":journal"));
        assertThat(statusOfAnother()).isEqualTo(429);
        streams.stop();
        try {
            await().until(() -> first.contains("END") && second.contains("END"));
            assertThat(statusOfAnother()).isEqualTo(503);
        } finally {
            streams.start();
        }
    }

    private Revision happens(EventType type, String region) {
        return store.change(change ->
                change.record(JournalEntry.of(type, "test", "happened").about(new RegionId(region))));
    }

    private int statusOfAnother() throws Exception {
        HttpResponse<InputStream> response = client.send(request("", null), HttpResponse.BodyHandlers.ofInputStream());
        response.body().close();
        return response.statusCode();
    }

    /** The lines of a stream as they come, and "END" when it ends. */
    private List<String> follow(String query, @Nullable String lastEventId) throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        HttpResponse<Stream<String>> response =
                client.send(request(query, lastEventId), HttpResponse.BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        Thread.ofVirtual().start(() -> {
            try (Stream<String> received = response.body()) {
                received.forEach(lines::add);
                lines.add("END");
            } catch (UncheckedIOException e) {
                lines.add("BROKEN");
            }
        });
        return lines;
    }

    private HttpRequest request(String query, @Nullable String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/journal/stream" + query))
                .header("Authorization", "Bearer read-token");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return request.build();
    }
}
