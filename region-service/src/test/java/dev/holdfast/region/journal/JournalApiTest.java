package dev.holdfast.region.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.region.ApiTest;
import dev.holdfast.region.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class JournalApiTest extends ApiTest {

    @Autowired
    private SettableClock clock;

    private Revision start = Revision.NONE;

    private Instant beginning = Instant.EPOCH;

    @BeforeEach
    void someHistory() {
        clock.advance(Duration.ofMinutes(1));
        start = revision();
        beginning = clock.instant();
        declareShop();
        clock.advance(Duration.ofMinutes(1));
        done(put("/api/v1/nodes/shop-1/admin-state", "{\"adminState\": \"DRAINING\"}"));
    }

    @Test
    void pagesNewestFirst() {
        MvcTestResult first = get("/api/v1/journal?limit=2");
        assertThat(types(first)).containsExactly("NODE_ADMIN_STATE_CHANGED", "CLUSTER_DECLARED");
        String next = JsonPath.read(body(first), "$.next");
        assertThat(types(get("/api/v1/journal?limit=2&after=" + next))).startsWith("REGION_DECLARED");
        assertThat(first).bodyJson().extractingPath("$.items[0].actor").isEqualTo("ada");
        assertThat(first).bodyJson().extractingPath("$.items[0].revision").isEqualTo((int)
                start.next().next().next().value());
    }

    @Test
    void filters() {
        String from = "from=" + beginning;
        assertThat(types(get("/api/v1/journal?" + from + "&type=REGION_DECLARED&type=NODE_ADMIN_STATE_CHANGED")))
                .containsExactly("NODE_ADMIN_STATE_CHANGED", "REGION_DECLARED");
        assertThat(types(get("/api/v1/journal?" + from + "&cluster=shop")))
                .containsExactly("NODE_ADMIN_STATE_CHANGED", "CLUSTER_DECLARED");
        assertThat(types(get("/api/v1/journal?" + from + "&node=shop-1"))).containsExactly("NODE_ADMIN_STATE_CHANGED");
        assertThat(types(get("/api/v1/journal?" + from + "&region=eu")))
                .containsExactly("NODE_ADMIN_STATE_CHANGED", "REGION_DECLARED");
        assertThat(types(get("/api/v1/journal?" + from + "&actor=rita"))).isEmpty();
        assertThat(types(get("/api/v1/journal?" + from + "&to=" + beginning.plusSeconds(30))))
                .containsExactly("CLUSTER_DECLARED", "REGION_DECLARED");
    }

    @Test
    void refusesAQueryItCannotRead() {
        problem(call(HttpMethod.GET, "/api/v1/journal?type=NOTHING"), 400, "malformed-request", "type");
        problem(call(HttpMethod.GET, "/api/v1/journal?from=yesterday"), 400, "malformed-request", "from");
        problem(call(HttpMethod.GET, "/api/v1/journal?node=Not-An-Id"), 400, "malformed-request", "node");
        problem(call(HttpMethod.GET, "/api/v1/journal?actor=\0"), 400, "malformed-request", "actor");
        problem(call(HttpMethod.GET, "/api/v1/journal/stream?actor=\0"), 400, "malformed-request", "actor");
        problem(
                call(HttpMethod.GET, "/api/v1/journal?from=-999999999-01-01T00:00:00Z"),
                400,
                "malformed-request",
                "from");
        problem(call(HttpMethod.GET, "/api/v1/journal?to=-0001-01-01T00:00:00Z"), 400, "malformed-request", "to");
        problem(call(HttpMethod.GET, "/api/v1/journal?after=x"), 400, "malformed-request", "after");
        problem(call(HttpMethod.GET, "/api/v1/journal?limit=1001"), 422, "validation-failed", "limit");
    }

    private static List<String> types(MvcTestResult result) {
        return JsonPath.read(body(result), "$.items[*].type");
    }
}
