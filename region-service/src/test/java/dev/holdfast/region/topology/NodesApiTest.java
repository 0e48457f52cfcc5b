package dev.holdfast.region.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.region.ApiTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class NodesApiTest extends ApiTest {

    private static final String THIRD = """
            {"cluster": "shop", "region": "eu", "zone": "a", "address": "10.0.0.3:8080"}""";

    @BeforeEach
    void shop() {
        declareShop();
    }

    @Test
    void addsANodeThatHasYetToJoin() {
        String clusterBefore = etag(get("/api/v1/clusters/shop"));
        MvcTestResult added = put("/api/v1/nodes/shop-3", THIRD).exchange();
        assertThat(added).hasStatus(HttpStatus.CREATED);
        assertThat(added).bodyJson().extractingPath("$.phase").isEqualTo("SYNCHRONISING");
        assertThat(added).bodyJson().extractingPath("$.takesTraffic").isEqualTo(false);
        assertThat(lastEvent().entry().type()).isEqualTo(EventType.NODE_DECLARED);
        // Whoever declares the cluster whole from what it was before would remove the node unknowingly.
        problem(put("/api/v1/clusters/shop", SHOP).header("If-Match", clusterBefore), 412, "stale-version", "If-Match");
        Revision before = revision();
        assertThat(put("/api/v1/nodes/shop-3", THIRD)).hasStatus(HttpStatus.OK);
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void patchesAndDeletesANode() {
        MvcTestResult patched =
                done(patch("/api/v1/nodes/shop-1", "{\"weight\": 7, \"labels\": {\"tier\": \"gold\"}}"));
        assertThat(patched).bodyJson().extractingPath("$.weight").isEqualTo(7);
        assertThat(lastEvent().entry().evidence())
                .isEqualTo(Map.of("labels.tier", Map.of("to", "gold"), "weight", Map.of("from", 1, "to", 7)));
        assertThat(delete("/api/v1/nodes/shop-1")).hasStatus(HttpStatus.NO_CONTENT);
        assertThat(lastEvent().entry().type()).isEqualTo(EventType.NODE_DELETED);
        problem(delete("/api/v1/nodes/shop-1"), 404, "node-not-found", null);
    }

    @Test
    void refusesANodeThatDoesNotFit() {
        problem(
                put("/api/v1/nodes/n", "{\"region\": \"eu\", \"zone\": \"a\", \"address\": \"h:1\"}"),
                422,
                "validation-failed",
                "cluster");
        problem(put("/api/v1/nodes/n", THIRD.replace("shop", "none")), 422, "validation-failed", "cluster");
        problem(put("/api/v1/nodes/n", THIRD.replace("eu", "us")), 422, "validation-failed", "region");
        problem(put("/api/v1/nodes/n", THIRD.replace("\"a\"", "\"z\"")), 422, "validation-failed", "zone");
        problem(put("/api/v1/nodes/n", THIRD.replace("10.0.0.3", "10.0.0.2")), 422, "validation-failed", "address");
        problem(put("/api/v1/nodes/n", THIRD.replace("{", "{\"id\": \"m\",")), 422, "validation-failed", "id");
        done(put("/api/v1/clusters/cart", "{}"));
        problem(
                put("/api/v1/nodes/shop-1", THIRD.replace("\"shop\"", "\"cart\"")),
                409,
                "node-in-other-cluster",
                "cluster");
    }

    @Test
    void setsTheAdminState() {
        String path = "/api/v1/nodes/shop-1/admin-state";
        MvcTestResult set = done(put(path, "{\"adminState\": \"DRAINING\", \"reason\": \"disk\"}"));
        assertThat(set).bodyJson().extractingPath("$.adminState").isEqualTo("DRAINING");
        assertThat(lastEvent().entry().type()).isEqualTo(EventType.NODE_ADMIN_STATE_CHANGED);
        assertThat(lastEvent().entry().evidence())
                .isEqualTo(Map.of("from", "ENABLED", "to", "DRAINING", "reason", "disk"));
        Revision before = revision();
        assertThat(put(path, "{\"adminState\": \"DRAINING\"}")).hasStatus(HttpStatus.OK);
        assertThat(revision()).isEqualTo(before);
        problem(put(path, "{}"), 422, "validation-failed", "adminState");
        problem(put(path, "{\"adminState\": \"GONE\"}"), 400, "invalid-value", "adminState");
        problem(
                put(path, "{\"adminState\": \"ENABLED\", \"reason\": \"\\u0007\"}"),
                422,
                "validation-failed",
                "reason");
        problem(put("/api/v1/nodes/none/admin-state", "{\"adminState\": \"ENABLED\"}"), 404, "node-not-found", null);
    }

    @Test
    void keepsTheLastNodeThatTakesTrafficUnlessAnAdministratorForcesIt() {
        judge("shop-1", HealthStatus.HEALTHY, 0);
        synchronise("shop-1", 0);
        judge("shop-2", HealthStatus.HEALTHY, 0);
        synchronise("shop-2", 0);
        String out = "{\"adminState\": \"MAINTENANCE\", \"reason\": \"the machine burns\"}";
        done(put("/api/v1/nodes/shop-2/admin-state", out));
        Revision before = revision();
        String path = "/api/v1/nodes/shop-1/admin-state";
        problem(put(path, out), 409, "last-healthy-node", null);
        problem(put(path, "{\"adminState\": \"DRAINING\"}"), 409, "last-healthy-node", null);
        problem(put(path + "?force=true", "{\"adminState\": \"DRAINING\"}"), 422, "validation-failed", "reason");
        assertThat(mvc.put()
                        .uri(path + "?force=true")
                        .header("Authorization", "Bearer operate-token")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(out))
                .hasStatus(HttpStatus.FORBIDDEN);
        assertThat(revision()).isEqualTo(before);
        done(put(path + "?force=true", out));
        assertThat(lastEvent().entry().evidence()).containsKey("forced");
        assertThat(node("shop-1").adminState()).isEqualTo(AdminState.MAINTENANCE);
    }

    @Test
    void aNodeThatTakesNoTrafficMayAlwaysLeave() {
        judge("shop-1", HealthStatus.HEALTHY, 0);
        synchronise("shop-1", 0);
        judge("shop-2", HealthStatus.UNHEALTHY, 1);
        done(put("/api/v1/nodes/shop-2/admin-state", "{\"adminState\": \"MAINTENANCE\"}"));
        assertThat(lastEvent().entry().evidence()).doesNotContainKey("forced");
    }

    @Test
    void aNodeThatLeavesMaintenanceJoinsAnew() {
        for (String id : List.of("shop-1", "shop-2")) {
            judge(id, HealthStatus.HEALTHY, 0);
            synchronise(id, 0);
        }
        String path = "/api/v1/nodes/shop-1/admin-state";
        done(put(path, "{\"adminState\": \"DRAINING\"}"));
        assertThat(node("shop-1").synchronisedIn()).isPresent();
        done(put(path, "{\"adminState\": \"MAINTENANCE\"}"));
        // Otherwise it would join at once.
        judge("shop-1", HealthStatus.UNHEALTHY, 1);
        done(put(path, "{\"adminState\": \"ENABLED\"}"));
        assertThat(node("shop-1").synchronisedIn()).isEmpty();
        assertThat(node("shop-1").adminState()).isEqualTo(AdminState.ENABLED);
    }

    @Test
    void listsTheNodesThatMatch() {
        done(put("/api/v1/nodes/shop-3", THIRD));
        judge("shop-3", HealthStatus.UNHEALTHY, 1);
        done(put("/api/v1/nodes/shop-2/admin-state", "{\"adminState\": \"DRAINING\"}"));
        assertThat(listed("")).containsExactly("shop-1", "shop-2", "shop-3");
        assertThat(listed("?zone=a")).containsExactly("shop-1", "shop-3");
        assertThat(listed("?zone=a&health=UNKNOWN")).containsExactly("shop-1");
        assertThat(listed("?adminState=DRAINING&cluster=shop&region=eu")).containsExactly("shop-2");
        assertThat(listed("?health=UNHEALTHY")).containsExactly("shop-3");
        assertThat(listed("?cluster=none")).isEmpty();
        assertThat(listed("?limit=1&after=shop-1")).containsExactly("shop-2");
        problem(call(HttpMethod.GET, "/api/v1/nodes?health=FINE"), 400, "malformed-request", "health");
    }

    private Iterable<Object> listed(String query) {
        return com.jayway.jsonpath.JsonPath.<java.util.List<Object>>read(
                body(get("/api/v1/nodes" + query)), "$.items[*].id");
    }
}
