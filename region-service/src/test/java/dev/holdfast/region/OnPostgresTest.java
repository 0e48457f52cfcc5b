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
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.store.postgres.PostgresForTests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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
