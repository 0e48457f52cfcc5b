package dev.holdfast.region.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.region.ApiTest;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Clusters with a primary: {@code pg-1} of {@code orders}. */
class PostgresClustersApiTest extends ApiTest {

    private static final String PATH = "/api/v1/clusters/orders";

    @BeforeEach
    void declare() {
        done(put("/api/v1/regions/eu", EU));
        declareOrders();
    }

    @Test
    void theClusterShowsItsPrimaryAndEachNodeItsPart() {
        done(patch("/api/v1/nodes/pg-2", "{\"priority\": 200, \"nofailover\": true}"));
        pause();

        assertThat(get(PATH)).bodyJson().isLenientlyEqualTo("""
                {"primary": {"phase": "STEADY", "epoch": 1, "primary": "pg-1",
                             "paused": {"by": "me", "reason": "upgrade", "since": "2026-01-01T00:00:00Z"}},
                 "nodes": [
                   {"id": "pg-1", "role": "PRIMARY", "agent": "10.0.0.1:8008", "priority": 100, "nofailover": false},
                   {"id": "pg-2", "role": "STANDBY", "agent": "10.0.0.2:8008", "priority": 200, "nofailover": true},
                   {"id": "pg-3", "role": "STANDBY", "agent": "10.0.0.3:8008", "priority": 100, "nofailover": false}]}""");
    }

    @Test
    void otherClustersHaveNothingOfThis() {
        declareShop();
        assertThat(get("/api/v1/clusters/shop"))
                .bodyJson()
                .doesNotHavePath("$.primary")
                .doesNotHavePath("$.nodes[0].agent")
                .doesNotHavePath("$.nodes[0].priority")
                .doesNotHavePath("$.nodes[0].nofailover");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"address\": \"10.0.0.1:5432\" | \"address\": \"10.0.0.9:5432\" | nodes[0].address",
                "\"id\": \"pg-1\", | \"id\": \"pg-1\", \"adminState\": \"DRAINING\", | nodes[0].adminState",
                "\"id\": \"pg-1\", | \"id\": \"pg-1\", \"adminState\": \"MAINTENANCE\", | nodes[0].adminState",
                "\"id\": \"pg-1\", | \"id\": \"pg-9\", | nodes"
            })
    void thePrimaryStaysAndServesWhateverIsDeclared(String from, String to, String field) {
        Revision before = revision();
        MvcTestResult refused = problem(put(PATH, ORDERS.replace(from, to)), 409, "node-is-primary", field);
        assertThat(body(refused)).contains("switch over to another node first");
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void thePrimaryStaysAndServesWhenItIsDeclaredByItself() {
        String node = "/api/v1/nodes/pg-1";
        problem(patch(node, "{\"address\": \"10.0.0.9:5432\"}"), 409, "node-is-primary", "address");
        problem(patch(node, "{\"adminState\": \"MAINTENANCE\"}"), 409, "node-is-primary", "adminState");
        problem(put(node + "/admin-state", "{\"adminState\": \"DRAINING\"}"), 409, "node-is-primary", "adminState");
        problem(
                put(node + "/admin-state?force=true", "{\"adminState\": \"MAINTENANCE\", \"reason\": \"must\"}"),
                409,
                "node-is-primary",
                "adminState");
        problem(delete(node), 409, "node-is-primary", null);
        done(patch(node, "{\"labels\": {\"rack\": \"r7\"}, \"adminState\": \"ENABLED\"}"));
    }

    @Test
    void standbysMoveLeaveServiceAndGoAsLongAsEnoughRemain() {
        done(patch("/api/v1/nodes/pg-2", "{\"address\": \"10.0.0.9:5432\"}"));
        done(put("/api/v1/nodes/pg-3/admin-state", "{\"adminState\": \"DRAINING\"}"));
        assertThat(node("pg-3").adminState()).isEqualTo(AdminState.DRAINING);
        done(delete("/api/v1/nodes/pg-3"));

        MvcTestResult refused = problem(delete("/api/v1/nodes/pg-2"), 409, "cluster-not-ready", null);
        assertThat(body(refused)).contains("postgresql.failover.synchronousStandbys");

        done(delete(PATH));
    }

    @Test
    void theLastServingStandbyMayLeaveBecauseThePrimaryServes() {
        done(patch("/api/v1/nodes/pg-1", "{\"weight\": 0}"));
        judge("pg-1", HealthStatus.HEALTHY, 1);
        judge("pg-2", HealthStatus.HEALTHY, 1);
        synchronise("pg-2", 1);
        assertThat(get("/api/v1/nodes/pg-1"))
                .bodyJson()
                .extractingPath("$.takesTraffic")
                .isEqualTo(true);

        judge("pg-1", HealthStatus.UNHEALTHY, 1);
        problem(
                put("/api/v1/nodes/pg-2/admin-state", "{\"adminState\": \"DRAINING\"}"),
                409,
                "last-healthy-node",
                null);
        judge("pg-1", HealthStatus.HEALTHY, 1);
        done(put("/api/v1/nodes/pg-2/admin-state", "{\"adminState\": \"DRAINING\"}"));
    }

    @Test
    void aClusterStaysOfItsKind() {
        declareShop();
        problem(
                put("/api/v1/clusters/shop", ORDERS.replace("pg-", "x-").replace("5000", "5001")),
                409,
                "wrong-kind-of-cluster",
                "postgresql");
        String plain = ORDERS.replace("\"postgresql\": {\"listeners\": {\"readWrite\": 5000}},", "")
                .replaceAll(", \"agent\": \"[^\"]*\"", "");
        problem(put(PATH, plain), 409, "wrong-kind-of-cluster", "postgresql");
        problem(patch(PATH, "{\"postgresql\": null}"), 422, "validation-failed", "redundancy");
    }

    @Test
    void patchesKeepToTheSameRules() {
        problem(
                patch(PATH, "{\"postgresql\": {\"failover\": {\"durability\": \"ASYNC\"}}}"),
                422,
                "validation-failed",
                "postgresql.failover.durability");
        problem(
                patch(PATH, "{\"postgresql\": {\"failover\": {\"synchronousStandbys\": 3}}}"),
                422,
                "validation-failed",
                "postgresql.failover.synchronousStandbys");
        problem(patch(PATH, "{\"routes\": [{\"host\": \"a.org\"}]}"), 422, "validation-failed", "routes");
        done(patch(PATH, "{\"postgresql\": {\"failover\": {\"synchronousStandbys\": 2}}}"));
        problem(put("/api/v1/clusters/ledger", ORDERS.replace("pg-", "l-")), 409, "listener-taken", null);
    }

    @Test
    void aNodeDeclaredByItselfNeedsAnAgentOfItsOwn() {
        String node = """
                {"cluster": "orders", "region": "eu", "zone": "a", "address": "10.0.0.4:5432", "agent": "10.0.0.4:8008"}""";
        problem(
                put("/api/v1/nodes/pg-4", node.replace(", \"agent\": \"10.0.0.4:8008\"", "")),
                422,
                "validation-failed",
                "agent");
        problem(put("/api/v1/nodes/pg-4", node.replace("0.4:8008", "0.3:8008")), 422, "validation-failed", "agent");
        done(put("/api/v1/nodes/pg-4", node));
        declareShop();
        problem(patch("/api/v1/nodes/shop-1", "{\"agent\": \"10.0.0.4:8008\"}"), 422, "validation-failed", "agent");
    }

    private void pause() {
        store.change(change -> {
            ClusterPrimary known = change.primary(new ClusterId("orders")).orElseThrow();
            change.record(JournalEntry.of(EventType.FAILOVER_PAUSED, "test", "paused"));
            return change.put(known.withPaused(
                    Optional.of(new ClusterPrimary.Pause("me", "upgrade", Instant.parse("2026-01-01T00:00:00Z")))));
        });
    }
}
