package dev.holdfast.health.evidence;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.health.HealthServiceApplication;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.Retries;
import dev.holdfast.model.topology.ZoneId;
import dev.holdfast.store.postgres.PostgresForTests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** The whole service on a real store, checking a real server. */
@SpringBootTest(
        classes = HealthServiceApplication.class,
        properties = {
            "holdfast.health.observer.id=health-1",
            "holdfast.health.observer.location=local/a",
            "logging.structured.format.console="
        })
@AutoConfigureMockMvc
class NodeHealthApiTest {

    private static final HttpServer NODE = node();

    @Autowired
    private MockMvc mvc;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        PostgresForTests.freshDatabase().register(registry);
        String[] scopes = {"read", "operate", "service"};
        for (int i = 0; i < scopes.length; i++) {
            String scope = scopes[i];
            String prefix = "holdfast.access.tokens[" + i + "].";
            registry.add(prefix + "name", () -> "a-" + scope);
            registry.add(prefix + "sha256", () -> TokenDirectory.sha256(scope + "-token"));
            registry.add(prefix + "scopes", () -> scope);
        }
    }

    @BeforeAll
    static void declare(@Autowired ClusterStateStore store) {
        RegionId region = new RegionId("local");
        ZoneId zone = new ZoneId("a");
        ClusterId cluster = new ClusterId("shop");
        store.change(change -> {
            change.record(JournalEntry.of(EventType.CLUSTER_DECLARED, "test", "declared")
                    .about(region)
                    .about(cluster));
            change.put(new Region(region, "Local", List.of(zone), Map.of(), Revision.NONE));
            change.put(new Cluster(
                    cluster,
                    new ClusterSettings(
                            Redundancy.ACTIVE_ACTIVE,
                            List.of(),
                            HealthCheck.DEFAULT,
                            Balancing.DEFAULT,
                            Retries.DEFAULT,
                            Ejection.DEFAULT,
                            ClusterSettings.DEFAULT_DRAIN_TIMEOUT,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()),
                    Revision.NONE));
            return change.put(new Node(
                    new NodeId("shop-1"),
                    cluster,
                    region,
                    zone,
                    new Endpoint("127.0.0.1", NODE.getAddress().getPort()),
                    1,
                    FailoverTraits.DEFAULT,
                    Map.of(),
                    AdminState.MAINTENANCE,
                    Optional.empty(),
                    Revision.NONE));
        });
    }

    @AfterAll
    static void stop() {
        NODE.stop(0);
    }

    @Test
    void explainsAVerdictWithItsEvidence() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> mvc.perform(as("read", get("/api/v1/nodes/shop-1/health")))
                        .andExpect(status().isOk())
                        .andExpect(jsonPath("$.status").value("HEALTHY"))
                        .andExpect(jsonPath("$.cluster").value("shop"))
                        .andExpect(jsonPath("$.quorum").value(1))
                        .andExpect(jsonPath("$.incarnation").value(0))
                        .andExpect(jsonPath("$.nextDeadline").isNotEmpty())
                        .andExpect(jsonPath("$.rule").value(containsString("DOWN after 3 failures in a row")))
                        .andExpect(jsonPath("$.reason").value("1 of 1 observers hold it UP, 0 DOWN; 1 must agree"))
                        .andExpect(jsonPath("$.observers", hasSize(1)))
                        .andExpect(jsonPath("$.observers[0].observer").value("health-1"))
                        .andExpect(jsonPath("$.observers[0].opinion").value("UP"))
                        .andExpect(jsonPath("$.observers[0].evidence.detail").value("200 from GET /"))
                        .andExpect(jsonPath("$.observers[0].lastProbe.outcome").value("SUCCESS")));
    }

    @Test
    void listsTheObservers() throws Exception {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> mvc.perform(as("read", get("/api/v1/observers")))
                        .andExpect(status().isOk())
                        .andExpect(jsonPath("$", hasSize(1)))
                        .andExpect(jsonPath("$[0].id").value("health-1"))
                        .andExpect(jsonPath("$[0].location").value("local/a"))
                        .andExpect(jsonPath("$[0].votes").value(true))
                        .andExpect(jsonPath("$[0].declaredObservers").value(1)));
    }

    @Test
    void checksANodeOnRequest() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> mvc.perform(as("operate", post("/api/v1/nodes/shop-1/probe")))
                        .andExpect(status().isOk())
                        .andExpect(jsonPath("$.outcome").value("SUCCESS"))
                        .andExpect(jsonPath("$.detail").value("200 from GET /")));
    }

    @Test
    void takesHintsWithAnyBodyOrNone() throws Exception {
        mvc.perform(as("service", post("/api/v1/nodes/shop-1/hints"))).andExpect(status().isAccepted());
        mvc.perform(as("service", post("/api/v1/nodes/shop-1/hints"))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"failures\": 3}"))
                .andExpect(status().isAccepted());
    }

    @Test
    void refusesUnknownNodesHostileNamesAndCallersWithoutTheScope() throws Exception {
        for (MockHttpServletRequestBuilder request : List.of(
                as("operate", get("/api/v1/nodes/shop-9/health")),
                as("operate", post("/api/v1/nodes/shop-9/probe")),
                as("operate", post("/api/v1/nodes/shop-9/hints")))) {
            mvc.perform(request)
                    .andExpect(status().isNotFound())
                    .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                    .andExpect(jsonPath("$.code").value("node-not-found"));
        }
        mvc.perform(as("read", get("/api/v1/nodes/Shop_1/health")))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.code").value("malformed-request"));
        mvc.perform(get("/api/v1/observers")).andExpect(status().isUnauthorized());
        mvc.perform(as("read", post("/api/v1/nodes/shop-1/probe"))).andExpect(status().isForbidden());
        mvc.perform(as("read", post("/api/v1/nodes/shop-1/hints"))).andExpect(status().isForbidden());
    }

    private static MockHttpServletRequestBuilder as(String scope, MockHttpServletRequestBuilder request) {
        return request.header("Authorization", "Bearer " + scope + "-token");
    }

    private static HttpServer node() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
