package dev.holdfast.region.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.region.ApiTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** What all writes have in common. */
class WritesApiTest extends ApiTest {

    private static final String REGION = "/api/v1/regions/eu";

    private static final int PARALLEL = 20;

    @Test
    void aStaleIfMatchChangesNothing() {
        String first = etag(done(put(REGION, EU)));
        String second = etag(done(put(REGION, EU.replace("Europe", "Europa")).header("If-Match", first)));
        Revision before = revision();
        problem(put(REGION, EU).header("If-Match", first), 412, "stale-version", "If-Match");
        problem(patch(REGION, "{\"labels\": {}}").header("If-Match", first), 412, "stale-version", "If-Match");
        problem(delete(REGION).header("If-Match", first), 412, "stale-version", "If-Match");
        problem(put(REGION, EU).header("If-Match", "W/" + second), 412, "stale-version", "If-Match");
        problem(put("/api/v1/regions/us", EU).header("If-Match", "*"), 412, "stale-version", "If-Match");
        assertThat(revision()).isEqualTo(before);
        done(delete(REGION).header("If-Match", "\"x\", " + second));
    }

    @Test
    void ifNoneMatchOnlyCreates() {
        assertThat(put(REGION, EU).header("If-None-Match", "*")).hasStatus(HttpStatus.CREATED);
        problem(put(REGION, EU).header("If-None-Match", "*"), 412, "already-exists", "If-None-Match");
    }

    @Test
    void refusesHeadersItCannotRead() {
        problem(put(REGION, EU).header("If-Match", "7"), 400, "malformed-request", "If-Match");
        problem(put(REGION, EU).header("If-None-Match", "\"7\""), 400, "malformed-request", "If-None-Match");
        problem(put(REGION, EU).header("Idempotency-Key", "a b"), 400, "malformed-request", "Idempotency-Key");
        problem(
                put(REGION, EU).header("Idempotency-Key", "k".repeat(256)),
                400,
                "malformed-request",
                "Idempotency-Key");
        problem(put(REGION, EU).header("Idempotency-Key", ""), 400, "malformed-request", "Idempotency-Key");
        problem(put(REGION + "?dryRun=maybe", EU), 400, "malformed-request", "dryRun");
        assertThat(get(REGION)).hasStatus(HttpStatus.NOT_FOUND);
    }

    @Test
    void aReplayGivesTheSameAnswerAndHasNoSecondEffect() {
        MvcTestResult first = put(REGION, EU).header("Idempotency-Key", "k1").exchange();
        assertThat(first).hasStatus(HttpStatus.CREATED).doesNotContainHeader("Idempotent-Replayed");
        done(delete(REGION).header("Idempotency-Key", "k2"));
        Revision before = revision();
        MvcTestResult replayed = put(REGION, EU).header("Idempotency-Key", "k1").exchange();
        assertThat(replayed).hasStatus(HttpStatus.CREATED).hasHeader("Idempotent-Replayed", "true");
        assertThat(body(replayed)).isEqualTo(body(first));
        assertThat(etag(replayed)).isEqualTo(etag(first));
        MvcTestResult deletedAgain =
                delete(REGION).header("Idempotency-Key", "k2").exchange();
        assertThat(deletedAgain).hasStatus(HttpStatus.NO_CONTENT).hasHeader("Idempotent-Replayed", "true");
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void aKeyBelongsToOneRequestOfOneCaller() {
        done(put(REGION, EU).header("Idempotency-Key", "mine"));
        Revision before = revision();
        problem(
                put(REGION, EU.replace("Europe", "Europa")).header("Idempotency-Key", "mine"),
                422,
                "idempotency-key-reused",
                "Idempotency-Key");
        problem(
                put("/api/v1/regions/us", EU).header("Idempotency-Key", "mine"),
                422,
                "idempotency-key-reused",
                "Idempotency-Key");
        assertThat(revision()).isEqualTo(before);
        MvcTestResult others = mvc.method(HttpMethod.PUT)
                .uri("/api/v1/regions/us")
                .header("Authorization", "Bearer bob-token")
                .header("Idempotency-Key", "mine")
                .contentType(MediaType.APPLICATION_JSON)
                .content(EU)
                .exchange();
        assertThat(others).hasStatus(HttpStatus.CREATED);
    }

    @Test
    void aRefusalIsNotRemembered() {
        problem(put(REGION, "{\"zones\": []}").header("Idempotency-Key", "retry"), 422, "validation-failed", "zones");
        assertThat(put(REGION, EU).header("Idempotency-Key", "retry")).hasStatus(HttpStatus.CREATED);
    }

    @Test
    void aDryRunAnswersWhatWouldHappenAndChangesNothing() {
        done(put(REGION, EU));
        Revision before = revision();
        ClusterState topology = store.read(ClusterStateReplica::readAll);
        MvcTestResult dry = put("/api/v1/clusters/shop?dryRun=true", SHOP)
                .header("Idempotency-Key", "k")
                .exchange();
        assertThat(dry).hasStatus(HttpStatus.CREATED).hasHeader("Holdfast-Dry-Run", "true");
        assertThat(revision()).isEqualTo(before);
        assertThat(store.<ClusterState>read(ClusterStateReplica::readAll)).isEqualTo(topology);
        problem(put("/api/v1/clusters/shop?dryRun=true", "{\"nodes\": [{}]}"), 422, "validation-failed", "nodes[0].id");
        MvcTestResult real = put("/api/v1/clusters/shop", SHOP)
                .header("Idempotency-Key", "k")
                .exchange();
        assertThat(real).hasStatus(HttpStatus.CREATED).doesNotContainHeader("Idempotent-Replayed");
        assertThat(body(real)).isEqualTo(body(dry));
        assertThat(etag(real)).isEqualTo(etag(dry));
        assertThat(delete(REGION.replace("eu", "us") + "?dryRun=true")).hasStatus(HttpStatus.NOT_FOUND);
    }

    @Test
    void ofManyWritesBasedOnOneVersionOneWins() throws Exception {
        String version = etag(done(put(REGION, EU)));
        Revision before = revision();
        List<Integer> statuses = inParallel(number -> () -> put(REGION, EU.replace("Europe", "Europe " + number))
                .header("If-Match", version)
                .exchange());
        assertThat(statuses)
                .containsOnlyOnce(200)
                .filteredOn(status -> status != 200)
                .containsOnly(412);
        assertThat(revision()).isEqualTo(before.next());
    }

    @Test
    void manyRequestsUnderOneKeyHaveOneEffect() throws Exception {
        Revision before = revision();
        List<Integer> statuses = inParallel(number ->
                () -> put(REGION, EU).header("Idempotency-Key", "once").exchange());
        assertThat(statuses).hasSize(PARALLEL).containsOnly(201);
        assertThat(revision()).isEqualTo(before.next());
    }

    @Test
    void everyScopeMayDoWhatItIsFor() {
        declareShop();
        assertThat(as("read", HttpMethod.GET, "/api/v1/nodes", null)).hasStatus(HttpStatus.OK);
        assertThat(as("read", HttpMethod.PUT, REGION, EU)).hasStatus(HttpStatus.FORBIDDEN);
        assertThat(as("operate", HttpMethod.PUT, REGION, EU)).hasStatus(HttpStatus.FORBIDDEN);
        String draining = "{\"adminState\": \"DRAINING\"}";
        assertThat(as("read", HttpMethod.PUT, "/api/v1/nodes/shop-1/admin-state", draining))
                .hasStatus(HttpStatus.FORBIDDEN);
        assertThat(as("operate", HttpMethod.PUT, "/api/v1/nodes/shop-1/admin-state", draining))
                .hasStatus(HttpStatus.OK);
        assertThat(as("operate", HttpMethod.PUT, "/api/v1/clusters/admin-state", "{}"))
                .hasStatus(HttpStatus.FORBIDDEN);
        assertThat(mvc.get().uri("/api/v1/regions")).hasStatus(HttpStatus.UNAUTHORIZED);
    }

    @Test
    void saysSoWhenTheStoreIsAway() {
        store.goAway();
        try {
            problem(put(REGION, EU), 503, "store-unavailable", null);
            problem(call(HttpMethod.GET, REGION), 503, "store-unavailable", null);
        } finally {
            store.comeBack();
        }
    }

    private MvcTestResult as(
            String scope, HttpMethod method, String path, @org.jspecify.annotations.Nullable String body) {
        var request = mvc.method(method).uri(path).header("Authorization", "Bearer " + scope + "-token");
        return (body == null
                        ? request
                        : request.contentType(MediaType.APPLICATION_JSON).content(body))
                .exchange();
    }

    private static List<Integer> inParallel(java.util.function.IntFunction<Callable<MvcTestResult>> requests)
            throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<MvcTestResult>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < PARALLEL; i++) {
                Callable<MvcTestResult> request = requests.apply(i);
                results.add(threads.submit(() -> {
                    start.await();
                    return request.call();
                }));
            }
            start.countDown();
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<MvcTestResult> result : results) {
            statuses.add(result.get().getResponse().getStatus());
        }
        return statuses;
    }
}
