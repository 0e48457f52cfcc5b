package dev.holdfast.failover.primary;

import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.failover.agent.AgentCalls;
import dev.holdfast.failover.report.FailoverMetrics;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/**
 * The API of primaries with its security, over the store's twin and pretended agents. What a request asks for is carried out
 * only when a test lets the runner sweep, so that each state can be looked at.
 */
@SpringBootTest(
        properties = "spring.autoconfigure.exclude="
                + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                + "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
                + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
@AutoConfigureMockMvc
@Import(FailoverApi.Twin.class)
abstract class FailoverApi {

    static final PretendedClusters WORLD = new PretendedClusters();
    static final AtomicInteger DECLARED = new AtomicInteger();

    @TestConfiguration(proxyBeanMethods = false)
    static class Twin {

        @Bean
        InMemoryClusterStateStore store() {
            return WORLD.store;
        }
    }

    @TestBean
    @SuppressWarnings("unused") // Spring reads it, and calls the method of its name.
    private @Nullable AgentCalls agentCalls;

    static AgentCalls agentCalls() {
        return WORLD.calls;
    }

    @MockitoBean
    private PrimaryLoop loop;

    @Autowired
    MockMvc mvc;

    @Autowired
    private ClusterStateReplica replica;

    private PrimaryRunner runner;
    ClusterId db;

    @DynamicPropertySource
    static void tokens(DynamicPropertyRegistry registry) {
        List<String> scopes = List.of("read", "operate", "admin");
        for (int i = 0; i < scopes.size(); i++) {
            String scope = scopes.get(i);
            String prefix = "holdfast.access.tokens[" + i + "].";
            registry.add(prefix + "name", () -> "a-" + scope);
            registry.add(prefix + "sha256", () -> TokenDirectory.sha256(scope + "-token"));
            registry.add(prefix + "scopes", () -> scope);
        }
    }

    @BeforeEach
    void declareACluster() {
        db = WORLD.declare("db" + DECLARED.incrementAndGet());
        runner = new PrimaryRunner(
                new PrimaryRunner.SharedState(WORLD.store, WORLD.store, replica),
                WORLD.calls,
                Runnable::run,
                new PrimaryTimings(Duration.ofMillis(20), Duration.ofSeconds(5), Duration.ofMillis(20)),
                new PrimaryRunner.Self(
                        "test", System::nanoTime, new FailoverMetrics(new SimpleMeterRegistry(), WORLD.store)),
                () -> {});
    }

    @AfterEach
    void deleteIt() {
        runner.release();
        WORLD.delete(db);
    }

    void refused(String command, String body, String refusal, String sentence) throws Exception {
        command("operate", command, body)
                .andExpect(status().isConflict())
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.code").value("failover-refused"))
                .andExpect(jsonPath("$.refusal").value(refusal))
                .andExpect(jsonPath("$.detail", containsString(sentence)));
    }

    void settle() {
        sweepUntil(() -> WORLD.isWhole(db));
    }

    void sweepUntil(BooleanSupplier condition) {
        WORLD.await(db, () -> {
            runner.sweep();
            return condition.getAsBoolean();
        });
    }

    ResultActions command(String scope, String command, String body) throws Exception {
        return mvc.perform(with(body, as(scope, post(path(command)))));
    }

    ResultActions keyed(String key, String command, String body) throws Exception {
        return mvc.perform(with(body, as("operate", post(path(command)))).header("Idempotency-Key", key + "-" + db));
    }

    static MockHttpServletRequestBuilder with(String body, MockHttpServletRequestBuilder request) {
        return body.isEmpty()
                ? request
                : request.contentType(MediaType.APPLICATION_JSON).content(body);
    }

    String path(String below) {
        return "/api/v1/clusters/" + db + below;
    }

    String tag() {
        return "\"" + WORLD.primary(db).version() + "\"";
    }

    static Revision revision() {
        return WORLD.store.read(StateView::revision);
    }

    static MockHttpServletRequestBuilder as(String scope, MockHttpServletRequestBuilder request) {
        return request.header("Authorization", "Bearer " + scope + "-token");
    }
}
