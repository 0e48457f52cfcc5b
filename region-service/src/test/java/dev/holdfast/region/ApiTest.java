package dev.holdfast.region;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** A test of the API: an empty topology, and short ways to call it. */
@SpringBootTest
@AutoConfigureMockMvc
@OnMemoryStore
public abstract class ApiTest {

    protected static final String EU = """
            {"displayName": "Europe", "zones": ["a", "b"]}""";

    protected static final String SHOP = """
            {
              "routes": [{"host": "shop.example.com"}],
              "nodes": [
                {"id": "shop-1", "region": "eu", "zone": "a", "address": "10.0.0.1:8080"},
                {"id": "shop-2", "region": "eu", "zone": "b", "address": "10.0.0.2:8080", "weight": 2}
              ]
            }""";

    /** Its primary is {@code pg-1} once it has been {@linkplain #appoint appointed}. */
    protected static final String ORDERS = """
            {
              "postgresql": {"listeners": {"readWrite": 5000}},
              "nodes": [
                {"id": "pg-1", "region": "eu", "zone": "a", "address": "10.0.0.1:5432", "agent": "10.0.0.1:8008"},
                {"id": "pg-2", "region": "eu", "zone": "b", "address": "10.0.0.2:5432", "agent": "10.0.0.2:8008"},
                {"id": "pg-3", "region": "eu", "zone": "b", "address": "10.0.0.3:5432", "agent": "10.0.0.3:8008"}
              ]
            }""";

    @Autowired
    protected InMemoryClusterStateStore store;

    @Autowired
    protected MockMvcTester mvc;

    @BeforeEach
    void empty() {
        store.change(change -> {
            change.record(JournalEntry.of(EventType.CLUSTER_DELETED, "test", "begins empty"));
            change.clusters().stream().map(Cluster::id).forEach(change::delete);
            change.regions().stream().map(Region::id).forEach(change::delete);
            return true;
        });
    }

    protected MockMvcTester.MockMvcRequestBuilder call(HttpMethod method, String path) {
        return mvc.method(method).uri(path).header("Authorization", "Bearer admin-token");
    }

    protected MvcTestResult get(String path) {
        return call(HttpMethod.GET, path).exchange();
    }

    protected MockMvcTester.MockMvcRequestBuilder put(String path, String json) {
        return call(HttpMethod.PUT, path)
                .contentType(MediaType.APPLICATION_JSON)
                .content(json.getBytes(UTF_8));
    }

    protected MockMvcTester.MockMvcRequestBuilder yaml(String path, String yaml) {
        return call(HttpMethod.PUT, path)
                .contentType(MediaType.APPLICATION_YAML)
                .content(yaml.getBytes(UTF_8));
    }

    protected MockMvcTester.MockMvcRequestBuilder patch(String path, String patch) {
        return call(HttpMethod.PATCH, path)
                .contentType("application/merge-patch+json")
                .content(patch.getBytes(UTF_8));
    }

    protected MockMvcTester.MockMvcRequestBuilder delete(String path) {
        return call(HttpMethod.DELETE, path);
    }

    /** Declares the region eu and the cluster shop with two nodes. */
    protected void declareShop() {
        done(put("/api/v1/regions/eu", EU));
        done(put("/api/v1/clusters/shop", SHOP));
    }

    /** Declares the cluster orders in the region eu, with a primary and two standbys. */
    protected void declareOrders() {
        done(put("/api/v1/clusters/orders", ORDERS));
        appoint(store);
    }

    /** Makes {@code pg-1} the primary of the cluster orders unless it has one. */
    static void appoint(ClusterStateStore store) {
        ClusterId orders = new ClusterId("orders");
        store.change(change -> {
            if (change.primary(orders).isPresent()) {
                return false;
            }
            change.record(JournalEntry.of(EventType.PRIMARY_APPOINTED, "test", "appointed")
                    .about(orders));
            Synchronous wanted = new Synchronous(1, Set.of(new NodeId("pg-2")));
            change.put(new ClusterPrimary(
                    orders,
                    PrimaryRecord.initial(new NodeId("pg-1"), 1, wanted, change.now()),
                    Optional.empty(),
                    Revision.NONE));
            return true;
        });
    }

    protected static MvcTestResult done(MockMvcTester.MockMvcRequestBuilder request) {
        MvcTestResult result = request.exchange();
        if (result.getResponse().getStatus() >= 300) {
            throw new AssertionError(result.getResponse().getStatus() + " " + body(result));
        }
        return result;
    }

    /** Expects a problem with this code that names this field, and gives the answer. */
    protected static MvcTestResult problem(
            MockMvcTester.MockMvcRequestBuilder request, int status, String code, @Nullable String field) {
        MvcTestResult result = request.exchange();
        assertThat(result.getResponse().getStatus()).as(body(result)).isEqualTo(status);
        assertThat(result).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(result).bodyJson().extractingPath("$.code").isEqualTo(code);
        if (field != null) {
            assertThat(result)
                    .bodyJson()
                    .extractingPath("$.errors[*].field")
                    .asArray()
                    .contains(field);
        }
        return result;
    }

    protected static String body(MvcTestResult result) {
        return new String(result.getResponse().getContentAsByteArray(), UTF_8);
    }

    protected static String etag(MvcTestResult result) {
        return String.valueOf(result.getResponse().getHeader("ETag"));
    }

    protected Revision revision() {
        return store.read(StateView::revision);
    }

    protected JournalEvent lastEvent() {
        return store.read(view -> view.journal(JournalFilter.ALL, Optional.empty(), 1))
                .getFirst();
    }

    protected Node node(String id) {
        return store.<Optional<Node>>read(view -> view.node(new NodeId(id))).orElseThrow();
    }

    /** Lets a quorum decide on the node. */
    protected void judge(String id, HealthStatus status, long incarnation) {
        store.change(change -> {
            Node node = change.node(new NodeId(id)).orElseThrow();
            change.record(JournalEntry.of(EventType.NODE_BECAME_HEALTHY, "test", "judged")
                    .about(node.cluster(), node.id()));
            Revision version = change.health(node.id()).map(NodeHealth::version).orElse(Revision.NONE);
            return change.put(new NodeHealth(
                    node.id(), status, Optional.of(status), incarnation, change.now(), "2 of 3 agree", version));
        });
    }

    /** Marks the node as one that has joined. */
    protected void synchronise(String id, long incarnation) {
        store.change(change -> {
            Node node = change.node(new NodeId(id)).orElseThrow();
            change.record(JournalEntry.of(EventType.NODE_SYNCHRONISED, "test", "joined")
                    .about(node.cluster(), node.id()));
            return change.put(node.withSynchronisedIn(Optional.of(incarnation)));
        });
    }
}
