package dev.holdfast.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.region.topology.HostileRun;
import dev.holdfast.store.postgres.PostgresForTests;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** The same service on the store that it has in production. */
@SpringBootTest
@AutoConfigureMockMvc
@DirtiesContext
class OnPostgresTest {

    private static final NodeId SHOP_1 = new NodeId("shop-1");

    @Autowired
    private MockMvcTester mvc;

    @Autowired
    private ClusterStateStore store;

    @DynamicPropertySource
    static void store(DynamicPropertyRegistry registry) {
        PostgresForTests.freshDatabase().register(registry);
        registry.add("holdfast.access.tokens[0].name", () -> "ada");
        registry.add("holdfast.access.tokens[0].sha256", () -> TokenDirectory.sha256("admin-token"));
        registry.add("holdfast.access.tokens[0].scopes", () -> "admin");
    }

    @BeforeEach
    void empty() {
        store.change(change -> {
            change.record(JournalEntry.of(EventType.CLUSTER_DELETED, "test", "begins empty"));
            change.clusters().stream().map(Cluster::id).forEach(change::delete);
            change.regions().stream().map(Region::id).forEach(change::delete);
            return true;
        });
    }

    @Test
    void declaresSynchronisesReplaysAndResolvesRaces() throws Exception {
        assertThat(put("regions/eu", ApiTest.EU, null, "k-eu")).hasStatus(201);
        assertThat(put("clusters/shop?dryRun=true", ApiTest.SHOP, null, null)).hasStatus(201);
        MvcTestResult created = put("clusters/shop", ApiTest.SHOP, null, "k-shop");
        assertThat(created).hasStatus(201);
        Revision after = store.read(StateView::revision);
        MvcTestResult replayed = put("clusters/shop", ApiTest.SHOP, null, "k-shop");
        assertThat(replayed).hasStatus(201).hasHeader("Idempotent-Replayed", "true");
        assertThat(ApiTest.body(replayed)).isEqualTo(ApiTest.body(created));
        assertThat(put("clusters/shop", ApiTest.SHOP, null, null)).hasStatus(200);
        assertThat(store.<Revision>read(StateView::revision)).isEqualTo(after);

        String version = ApiTest.etag(created);
        List<Future<MvcTestResult>> writes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int weight = 10; weight < 30; weight++) {
                String changed = ApiTest.SHOP.replace("\"weight\": 2", "\"weight\": " + weight);
                writes.add(threads.submit(() -> put("clusters/shop", changed, version, null)));
            }
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<MvcTestResult> write : writes) {
            statuses.add(write.get().getResponse().getStatus());
        }
        assertThat(statuses)
                .containsOnlyOnce(200)
                .filteredOn(status -> status != 200)
                .containsOnly(412);

        judgeHealthy();
        await().until(() -> node().synchronisedIn().isPresent());
        String out = "{\"adminState\": \"MAINTENANCE\", \"reason\": \"the only one that serves\"}";
        assertThat(put("nodes/shop-1/admin-state", out, null, null)).hasStatus(409);
        assertThat(put("nodes/shop-1/admin-state?force=true", out, null, null)).hasStatus(200);
        String moved = ApiTest.SHOP.replace("10.0.0.1:", "10.0.0.9:");
        assertThat(put("clusters/shop", moved, null, null)).hasStatus(200);
        assertThat(node().synchronisedIn()).isEmpty();
        assertThat(store.<Optional<NodeHealth>>read(view -> view.health(SHOP_1)))
                .isEmpty();
    }

    @Test
    void smallChangesGoOnWhileTheLargestClusterIsDeclared() throws Exception {
        assertThat(put("regions/eu", ApiTest.EU, null, null)).hasStatus(201);
        AtomicBoolean declaring = new AtomicBoolean(true);
        AtomicInteger verdicts = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> observers = new ArrayList<>();
            for (int observer = 0; observer < 3; observer++) {
                observers.add(threads.submit(() -> {
                    while (declaring.get()) {
                        store.change(change -> change.record(
                                JournalEntry.of(EventType.NODE_BECAME_HEALTHY, "test", "something small")));
                        verdicts.incrementAndGet();
                    }
                    return true;
                }));
            }
            try {
                assertThat(put("clusters/large", large(1), null, null)).hasStatus(201);
                assertThat(put("clusters/large", large(2), null, null)).hasStatus(200);
                assertThat(put("clusters/large?dryRun=true", large(3), null, null))
                        .hasStatus(200);
                assertThat(put("clusters/large", "{\"nodes\": []}", null, null)).hasStatus(200);
            } finally {
                declaring.set(false);
            }
            for (Future<Boolean> observer : observers) {
                assertThat(observer.get()).isTrue();
            }
        }
        assertThat(verdicts).hasPositiveValue();
    }

    @Test
    void hostileDocumentsAreRefusedHereAsInMemory() {
        Map<String, Integer> outcomes = new HostileRun(mvc, store).send(500, () -> {
            assertThat(put("regions/eu", ApiTest.EU, null, null)).hasStatus2xxSuccessful();
            assertThat(put("clusters/orders", ApiTest.ORDERS, null, null)).hasStatus2xxSuccessful();
            ApiTest.appoint(store);
            assertThat(put("clusters/shop", ApiTest.SHOP, null, null)).hasStatus2xxSuccessful();
        });

        assertThat(outcomes).containsKeys("accepted", "validation-failed");
    }

    @ParameterizedTest
    @CsvSource({
        "'actor=%00', 400",
        "'actor=a%0A', 400",
        "'from=-999999999-01-01T00:00:00Z', 400",
        "'to=%2B999999999-12-31T23:59:59Z', 400",
        "'from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.999999999Z', 200",
        "'actor=%EF%BF%BF%F0%9F%91%A9%ED%A0%80', 200",
        "'actor=%27%3B--', 200",
        "'after=9223372036854775807', 200"
    })
    void noQueryOfTheJournalFails(String query, int status) {
        assertThat(mvc.get().uri(URI.create("/api/v1/journal?" + query)).header("Authorization", "Bearer admin-token"))
                .hasStatus(status);
    }

    /** As many nodes as a cluster may have. */
    private static String large(int weight) {
        return IntStream.range(0, 5_000)
                .mapToObj(i -> """
                        {"id": "large-%d", "region": "eu", "zone": "a", "address": "10.1.%d.%d:8080", "weight": %d}""".formatted(i, i / 250, i % 250, weight))
                .collect(Collectors.joining(",\n", "{\"nodes\": [", "]}"));
    }

    private void judgeHealthy() {
        store.change(change -> {
            change.record(JournalEntry.of(EventType.NODE_BECAME_HEALTHY, "test", "judged")
                    .about(node(change).cluster(), SHOP_1));
            return change.put(new NodeHealth(
                    SHOP_1,
                    HealthStatus.HEALTHY,
                    Optional.of(HealthStatus.HEALTHY),
                    0,
                    change.now(),
                    "2 of 3 agree",
                    Revision.NONE));
        });
    }

    private Node node() {
        return store.read(OnPostgresTest::node);
    }

    private static Node node(StateView view) {
        return view.node(SHOP_1).orElseThrow();
    }

    private MvcTestResult put(String path, String json, @Nullable String ifMatch, @Nullable String key) {
        var request = mvc.put()
                .uri("/api/v1/" + path)
                .header("Authorization", "Bearer admin-token")
                .contentType(MediaType.APPLICATION_JSON)
                .content(json);
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return request.exchange();
    }
}
