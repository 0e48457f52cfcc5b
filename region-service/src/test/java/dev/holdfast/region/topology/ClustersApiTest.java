package dev.holdfast.region.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RestartHook;
import dev.holdfast.region.ApiTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.json.JsonMapper;

class ClustersApiTest extends ApiTest {

    private static final JsonMapper JSON = HoldfastJson.jsonMapper();

    private static final String PATH = "/api/v1/clusters/shop";

    @Test
    void declaresAClusterAndShowsIt() {
        done(put("/api/v1/regions/eu", EU));
        MvcTestResult created = put(PATH, SHOP).exchange();
        assertThat(created).hasStatus(HttpStatus.CREATED);
        assertThat(created).bodyJson().extractingPath("$.nodes[0].phase").isEqualTo("SYNCHRONISING");
        assertThat(created).bodyJson().extractingPath("$.nodes[1].adminState").isEqualTo("ENABLED");
        assertThat(created)
                .bodyJson()
                .extractingPath("$.declaration.check.interval")
                .isEqualTo("1s");
        assertThat(created).bodyJson().doesNotHavePath("$.declaration.nodes[0].adminState");

        MvcTestResult shown = get(PATH);
        assertThat(body(shown)).isEqualTo(body(created));
        assertThat(etag(shown)).isEqualTo(etag(created)).isEqualTo("\"" + revision() + "\"");
        assertThat(get("/api/v1/clusters"))
                .bodyJson()
                .extractingPath("$.items[0].id")
                .isEqualTo("shop");
    }

    @Test
    void showsNoSecretOfAHookAndKeepsItWhenTheClusterIsSentBack() throws Exception {
        done(put(PATH, hooked("http://deployer/{node}", "Bearer first")));
        MvcTestResult shown = get(PATH);
        assertThat(shown)
                .bodyJson()
                .extractingPath("$.declaration.restart.authorization")
                .isEqualTo("***");
        String declaration = JSON.readTree(body(shown)).path("declaration").toString();
        Revision before = revision();
        done(put(PATH, declaration));
        assertThat(revision()).isEqualTo(before);
        done(put(PATH, declaration.replace("/{node}", "/restart/{node}")));
        done(patch(PATH, "{\"restart\": {\"timeout\": \"5s\"}}"));
        assertThat(hookSecret()).hasValue("Bearer first");
        done(patch(PATH, "{\"restart\": {\"authorization\": \"Bearer second\"}}"));
        assertThat(lastEvent().entry().message()).contains("restart.authorization set to ***");
        assertThat(hookSecret()).hasValue("Bearer second");
        assertThat(JSON.writeValueAsString(store.read(view -> view.journal(JournalFilter.ALL, Optional.empty(), 1000))))
                .doesNotContain("Bearer");
        assertThat(body(get("/api/v1/clusters"))).doesNotContain("Bearer");
        done(patch(PATH, "{\"restart\": {\"authorization\": null}}"));
        assertThat(hookSecret()).isEmpty();
    }

    @Test
    void aHiddenSecretIsSentToNoOtherServer() {
        problem(put(PATH, hooked("http://deployer/{node}", "***")), 422, "validation-failed", "restart.authorization");
        done(put(PATH, hooked("http://deployer/{node}", "Bearer first")));
        for (String url : List.of("http://other/{node}", "https://deployer/{node}", "http://deployer:81/{node}")) {
            problem(put(PATH, hooked(url, "***")), 422, "validation-failed", "restart.authorization");
        }
        assertThat(hookSecret()).hasValue("Bearer first");
    }

    private static String hooked(String url, String authorization) {
        return "{\"restart\": {\"url\": \"" + url + "\", \"authorization\": \"" + authorization + "\"}}";
    }

    private Optional<String> hookSecret() {
        return store.<Optional<Cluster>>read(view -> view.cluster(new ClusterId("shop")))
                .orElseThrow()
                .settings()
                .restart()
                .flatMap(RestartHook::authorization);
    }

    @Test
    void readsYaml() {
        done(put("/api/v1/regions/eu", EU));
        String document = """
                routes:
                  - {host: shop.example.com, pathPrefix: /}
                check: {path: /health, interval: 250ms, timeout: 200ms, expectedStatus: 200}
                nodes:
                  - {id: shop-1, region: eu, zone: a, address: "10.0.0.1:8080"}
                """;
        MvcTestResult created = yaml(PATH, document).exchange();
        assertThat(created).hasStatus(HttpStatus.CREATED);
        assertThat(created)
                .bodyJson()
                .extractingPath("$.declaration.check.interval")
                .isEqualTo("250ms");
        for (String type : new String[] {"application/x-yaml", "text/yaml", "application/yaml;charset=UTF-8"}) {
            assertThat(yaml(PATH, document).contentType(type)).hasStatus(HttpStatus.OK);
        }
    }

    @Test
    void declaringWhatIsAlreadySoMakesNoRevision() {
        declareShop();
        Revision before = revision();
        MvcTestResult again = put(PATH, SHOP).exchange();
        assertThat(again).hasStatus(HttpStatus.OK);
        assertThat(revision()).isEqualTo(before);
        // What GET shows declares the same.
        MvcTestResult shown = get(PATH);
        String declaration = body(shown).replaceFirst("(?s).*\"declaration\":(\\{.*}),\"nodes\":\\[\\{.*", "$1");
        assertThat(put(PATH, declaration)).hasStatus(HttpStatus.OK);
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void aHookThatIsAddedTakesNoServingNodeOutOfService() {
        declareShop();
        for (String node : new String[] {"shop-1", "shop-2"}) {
            judge(node, HealthStatus.UNHEALTHY, 3);
            synchronise(node, 0);
        }
        judge("shop-1", HealthStatus.HEALTHY, 3);

        MvcTestResult patched = done(patch(PATH, "{\"synchronisation\": {\"path\": \"/sync\"}}"));

        assertThat(patched).bodyJson().extractingPath("$.nodes[0].phase").isEqualTo("SERVING");
        assertThat(patched).bodyJson().extractingPath("$.nodes[0].takesTraffic").isEqualTo(true);
        // Down now: it is asked when it comes back.
        assertThat(patched).bodyJson().extractingPath("$.nodes[1].phase").isEqualTo("SYNCHRONISING");
        assertThat(String.valueOf(lastEvent().entry().evidence())).contains("takenAsSynchronised=[shop-1]");

        judge("shop-1", HealthStatus.UNHEALTHY, 4);
        assertThat(get(PATH)).bodyJson().extractingPath("$.nodes[0].phase").isEqualTo("SYNCHRONISING");
    }

    @Test
    void journalsOneEventThatSaysWhatChanged() {
        declareShop();
        Revision before = revision();
        done(put(PATH, """
                {"routes": [{"host": "shop.example.com"}], "check": {"interval": "2s"}, "nodes": [
                  {"id": "shop-2", "region": "eu", "zone": "b", "address": "10.0.0.2:8080", "weight": 3},
                  {"id": "shop-3", "region": "eu", "zone": "a", "address": "10.0.0.3:8080"}]}"""));
        assertThat(revision()).isEqualTo(before.next());
        JournalEvent event = lastEvent();
        assertThat(event.entry().type()).isEqualTo(EventType.CLUSTER_DECLARED);
        assertThat(event.entry().actor()).isEqualTo("ada");
        assertThat(event.entry().evidence())
                .containsEntry("settings", Map.of("check.interval", Map.of("from", "1s", "to", "2s")))
                .containsEntry("added", java.util.List.of("shop-3"))
                .containsEntry("removed", java.util.List.of("shop-1"))
                .containsEntry("changed", Map.of("shop-2", Map.of("weight", Map.of("from", 2, "to", 3))));
        assertThat(event.entry().message())
                .isEqualTo("Cluster shop was declared: check.interval 1s → 2s; 1 node added (shop-3);"
                        + " 1 node changed (shop-2); 1 node removed (shop-1)");
    }

    @Test
    void keepsTheAdminStateThatTheDeclarationLeavesOut() {
        declareShop();
        done(put("/api/v1/nodes/shop-1/admin-state", "{\"adminState\": \"DRAINING\"}"));
        done(put(PATH, SHOP.replace("\"weight\": 2", "\"weight\": 5")));
        assertThat(node("shop-1").adminState()).isEqualTo(AdminState.DRAINING);
        assertThat(node("shop-2").weight()).isEqualTo(5);
    }

    @Test
    void aNodeAtANewAddressJoinsAnewAndItsOldHealthIsForgotten() {
        declareShop();
        judge("shop-1", HealthStatus.HEALTHY, 4);
        synchronise("shop-1", 4);
        judge("shop-2", HealthStatus.HEALTHY, 0);
        synchronise("shop-2", 0);
        MvcTestResult moved = done(put(PATH, SHOP.replace("10.0.0.1:8080", "10.0.0.9:8080")));
        assertThat(moved).bodyJson().extractingPath("$.nodes[0].health").isEqualTo("UNKNOWN");
        assertThat(moved).bodyJson().extractingPath("$.nodes[0].takesTraffic").isEqualTo(false);
        assertThat(moved).bodyJson().extractingPath("$.nodes[1].takesTraffic").isEqualTo(true);
        assertThat(node("shop-1").synchronisedIn()).isEmpty();
        assertThat(store.<java.util.Optional<?>>read(view -> view.health(new NodeId("shop-1"))))
                .isEmpty();
    }

    @Test
    void patchesTheDeclaration() {
        declareShop();
        MvcTestResult patched = done(patch(PATH, """
                {"check": {"interval": "3s"}, "routes": null, "restart": {"url": "http://10.0.0.1:9900/{node}"}}"""));
        assertThat(patched).hasStatus(HttpStatus.OK);
        assertThat(patched)
                .bodyJson()
                .extractingPath("$.declaration.check.interval")
                .isEqualTo("3s");
        assertThat(patched)
                .bodyJson()
                .extractingPath("$.declaration.routes")
                .asArray()
                .isEmpty();
        assertThat(patched)
                .bodyJson()
                .extractingPath("$.declaration.restart.timeout")
                .isEqualTo("60s");
        assertThat(patched).bodyJson().extractingPath("$.nodes").asArray().hasSize(2);

        problem(patch(PATH, "{\"check\": {\"intervall\": \"3s\"}}"), 400, "unknown-field", "check.intervall");
        problem(patch(PATH, "{\"check\": {\"interval\": 3}}"), 400, "invalid-value", "check.interval");
        problem(patch(PATH, "{\"check\": {\"timeout\": \"10s\"}}"), 422, "validation-failed", "check.timeout");
        problem(patch(PATH, "[]"), 400, "invalid-value", "(document)");
        problem(patch("/api/v1/clusters/none", "{}"), 404, "cluster-not-found", null);
    }

    @Test
    void deletesAClusterWithItsNodes() {
        declareShop();
        assertThat(delete(PATH)).hasStatus(HttpStatus.NO_CONTENT);
        problem(delete(PATH), 404, "cluster-not-found", null);
        problem(call(org.springframework.http.HttpMethod.GET, "/api/v1/nodes/shop-1"), 404, "node-not-found", null);
        assertThat(delete("/api/v1/regions/eu")).hasStatus(HttpStatus.NO_CONTENT);
    }

    @Test
    void namesEveryViolationAtOnce() {
        declareShop();
        MvcTestResult refused = put(PATH, """
                {"id": "other",
                 "routes": [{"host": "UPPER"}, {"host": "x.org"}, {"host": "x.org", "pathPrefix": "/"}],
                 "check": {"interval": "1s", "timeout": "2s", "expectedStatus": "299-200", "rise": 0},
                 "retries": {"perTryTimeout": "2s", "requestTimeout": "1s"},
                 "ejection": {"baseEjectionTime": "10m"},
                 "synchronisation": {},
                 "nodes": [
                   {"region": "eu", "zone": "a", "address": "10.0.0.1:80"},
                   {"id": "n2", "region": "mars", "zone": "a", "address": "10.0.0.1:80"},
                   {"id": "n2", "region": "eu", "zone": "z", "address": "10.0.0.3:80", "weight": 1001,
                    "labels": {"tier": "gold\\u0007"}},
                   {"id": "n4"}]}""").exchange();
        assertThat(refused).hasStatus(HttpStatus.UNPROCESSABLE_CONTENT);
        assertThat(refused)
                .bodyJson()
                .extractingPath("$.errors[*].field")
                .asArray()
                .contains(
                        "id",
                        "routes[0].host",
                        "routes[2]",
                        "check.timeout",
                        "check.expectedStatus",
                        "check.rise",
                        "retries.perTryTimeout",
                        "ejection.baseEjectionTime",
                        "synchronisation.path",
                        "nodes[0].id",
                        "nodes[1].address",
                        "nodes[1].region",
                        "nodes[2].id",
                        "nodes[2].zone",
                        "nodes[2].weight",
                        "nodes[2].labels[tier]",
                        "nodes[3].region",
                        "nodes[3].zone",
                        "nodes[3].address");
    }

    @Test
    void refusesNodesAndRoutesOfOtherClusters() {
        declareShop();
        Revision before = revision();
        problem(put("/api/v1/clusters/cart", """
                        {"nodes": [{"id": "shop-1", "region": "eu", "zone": "a", "address": "10.0.1.1:80"}]}"""), 409, "node-in-other-cluster", "nodes[0].id");
        MvcTestResult taken = problem(
                put("/api/v1/clusters/cart", "{\"routes\": [{\"host\": \"shop.example.com\"}]}"),
                409,
                "route-taken",
                "routes[0]");
        assertThat(body(taken)).contains("cluster shop");
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void pagesThroughTheList() {
        done(put("/api/v1/regions/eu", EU));
        for (String id : new String[] {"b", "c", "a"}) {
            done(put("/api/v1/clusters/" + id, "{}"));
        }
        MvcTestResult first = get("/api/v1/clusters?limit=2");
        assertThat(first).bodyJson().extractingPath("$.items[*].id").asArray().containsExactly("a", "b");
        assertThat(first).bodyJson().extractingPath("$.next").isEqualTo("b");
        MvcTestResult last = get("/api/v1/clusters?limit=2&after=b");
        assertThat(last).bodyJson().extractingPath("$.items[*].id").asArray().containsExactly("c");
        assertThat(last).bodyJson().doesNotHavePath("$.next");
        problem(
                call(org.springframework.http.HttpMethod.GET, "/api/v1/clusters?limit=0"),
                422,
                "validation-failed",
                "limit");
        problem(
                call(org.springframework.http.HttpMethod.GET, "/api/v1/clusters?after=A"),
                400,
                "malformed-request",
                "after");
    }
}
