package dev.holdfast.failover.command;

import static dev.holdfast.failover.runner.SimulatedCluster.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.failover.operation.Trigger;
import dev.holdfast.failover.runner.OperationLoop;
import dev.holdfast.failover.runner.OperationRunner;
import dev.holdfast.failover.runner.SimulatedCluster;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** The API with its security, over the store's twin. No runner works here: an operation stays as it was taken. */
@SpringBootTest(
        properties = "spring.autoconfigure.exclude="
                + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                + "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
                + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
@AutoConfigureMockMvc
@DirtiesContext
class OperationsApiTest {

    @TestConfiguration(proxyBeanMethods = false)
    static class Twin {

        @Bean
        SimulatedCluster world() {
            return new SimulatedCluster(3, 1, false);
        }

        @Bean
        InMemoryClusterStateStore store(SimulatedCluster world) {
            return world.store;
        }
    }

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

    @MockitoBean
    private OperationLoop loop;

    @Autowired
    private MockMvc mvc;

    @Autowired
    private SimulatedCluster world;

    @AfterEach
    void endOperationsAndRestoreTheCluster() {
        for (int number = 1; number <= 3; number++) {
            world.machine(number).down = false;
            world.setAdminState(node(number), AdminState.ENABLED);
        }
        world.judgeHealth();
        for (Operation active : world.store.read(StateView::activeOperations)) {
            world.runUntilEnd(cancelled(active), active.id(), Duration.ofMinutes(10));
        }
    }

    private OperationRunner cancelled(Operation active) {
        world.tell(active.id(), new Trigger.Cancel("cleanup"));
        return world.runner("cleanup");
    }

    @Test
    void startsADrainAndShowsWhereToFollowIt() throws Exception {
        var answer = mvc.perform(as("operate", post("/api/v1/nodes/node-1/drain"))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"reason\": \"disk\", \"timeout\": \"5s\"}"))
                .andExpect(status().isAccepted())
                .andExpect(header().exists("ETag"))
                .andExpect(jsonPath("$.type").value("DRAIN"))
                .andExpect(jsonPath("$.cluster").value("shop"))
                .andExpect(jsonPath("$.startedBy").value("a-operate"))
                .andExpect(jsonPath("$.parameters.reason").value("disk"))
                .andExpect(jsonPath("$.parameters.timeout").value("5s"))
                .andExpect(jsonPath("$.steps", hasSize(3)))
                .andExpect(jsonPath("$.cancellable").value(true))
                .andReturn()
                .getResponse();
        String location = Objects.requireNonNull(answer.getHeader("Location"));
        mvc.perform(as("read", get(location)))
                .andExpect(status().isOk())
                .andExpect(header().string("ETag", Objects.requireNonNull(answer.getHeader("ETag"))))
                .andExpect(jsonPath("$.state").value("RUNNING"));
        mvc.perform(as("read", get(location)).header("If-None-Match", Objects.requireNonNull(answer.getHeader("ETag"))))
                .andExpect(status().isNotModified());
        mvc.perform(as("read", get("/api/v1/operations?state=RUNNING&cluster=shop&limit=1")))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.items", hasSize(1)));
        assertThat(world.journal()).anySatisfy(event -> {
            assertThat(event.entry().type()).isEqualTo(EventType.OPERATION_STARTED);
            assertThat(event.entry().actor()).isEqualTo("a-operate");
        });
    }

    @Test
    void runsOneOperationInAClusterAtATimeAndNamesTheOneThatRuns() throws Exception {
        mvc.perform(as("operate", post("/api/v1/nodes/node-1/maintenance"))).andExpect(status().isAccepted());
        Operation running = world.store.read(StateView::activeOperations).getFirst();
        mvc.perform(as("operate", post("/api/v1/clusters/shop/rolling-restart")))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.code").value("operation-in-progress"))
                .andExpect(jsonPath("$.detail", containsString(running.id().toString())));
    }

    @Test
    void aDryRunShowsTheStepsAndStartsNothing() throws Exception {
        mvc.perform(as("operate", post("/api/v1/clusters/shop/rolling-restart?dryRun=true"))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"nodes\": [\"node-3\", \"node-2\"]}"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.steps", hasSize(16)))
                .andExpect(jsonPath("$.steps[0].kind").value("await-peers"))
                .andExpect(jsonPath("$.steps[0].node").value("node-2"))
                .andExpect(jsonPath("$.steps[8].node").value("node-3"));
        assertThat(world.store.read(StateView::activeOperations)).isEmpty();
    }

    @Test
    void aRepeatedRequestStartsOneOperation() throws Exception {
        MockHttpServletRequestBuilder request =
                as("operate", post("/api/v1/nodes/node-2/enable")).header("Idempotency-Key", "k-1");
        String first = mvc.perform(request)
                .andExpect(status().isAccepted())
                .andReturn()
                .getResponse()
                .getHeader("Location");
        mvc.perform(request)
                .andExpect(status().isAccepted())
                .andExpect(header().string("Location", Objects.requireNonNull(first)))
                .andExpect(header().string("Idempotent-Replayed", "true"));
        mvc.perform(as("operate", post("/api/v1/nodes/node-3/enable")).header("Idempotency-Key", "k-1"))
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.code").value("idempotency-key-reused"));
    }

    @Test
    void keepsTheLastNodeThatTakesTrafficUnlessAnAdministratorForcesIt() throws Exception {
        world.machine(2).down = true;
        world.machine(3).down = true;
        world.judgeHealth();
        mvc.perform(as("operate", post("/api/v1/nodes/node-1/drain")))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.code").value("last-healthy-node"));
        mvc.perform(as("operate", post("/api/v1/nodes/node-1/drain?force=true"))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"reason\": \"the machine burns\"}"))
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.code").value("forbidden"));
        mvc.perform(as("admin", post("/api/v1/nodes/node-1/drain?force=true")))
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.errors[0].field").value("reason"));
        mvc.perform(as("operate", post("/api/v1/nodes/node-2/drain?dryRun=true")))
                .andExpect(status().isOk());
        mvc.perform(as("admin", post("/api/v1/nodes/node-1/drain?force=true"))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{\"reason\": \"the machine burns\"}"))
                .andExpect(status().isAccepted());
    }

    @Test
    void refusesARollingRestartWhereTooManyNodesAreOut() throws Exception {
        world.machine(2).down = true;
        world.machine(3).down = true;
        world.judgeHealth();
        mvc.perform(as("operate", post("/api/v1/clusters/shop/rolling-restart")))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.code").value("cluster-not-ready"))
                .andExpect(jsonPath("$.detail", containsString("node-3")));
    }

    @Test
    void cancelsAndRefusesWhatTheStateDoesNotTake() throws Exception {
        String location = started("/api/v1/nodes/node-1/drain");
        mvc.perform(as("operate", post(location + "/confirm")))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.code").value("operation-not-waiting"));
        mvc.perform(as("operate", post(location + "/cancel"))).andExpect(status().isAccepted());
        mvc.perform(as("operate", post(location + "/cancel")))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.code").value("operation-not-waiting"));
    }

    @Test
    void aDryRunOfACancelOrAConfirmationTellsNothing() throws Exception {
        String location = started("/api/v1/clusters/shop/rolling-restart");
        OperationRunner runner = world.runner("test");
        Operation before = running();
        mvc.perform(as("operate", post(location + "/cancel?dryRun=true")))
                .andExpect(status().isOk())
                .andExpect(header().string("Holdfast-Dry-Run", "true"))
                .andExpect(jsonPath("$.state").value("CANCELLING"));
        assertThat(running()).isEqualTo(before);
        while (running().state() != OperationState.WAITING_FOR_OPERATOR) {
            runner.sweep();
            world.pass();
        }
        Operation waiting = running();
        mvc.perform(as("operate", post(location + "/confirm?dryRun=true")))
                .andExpect(status().isOk())
                .andExpect(header().string("Holdfast-Dry-Run", "true"));
        assertThat(running()).isEqualTo(waiting);
        mvc.perform(as("operate", post(location + "/confirm?dryRun=perhaps")))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].field").value("dryRun"));
        runner.release();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/nodes/node-1/drain", "/api/v1/nodes/node-1/maintenance", "/api/v1/nodes/node-1/enable"})
    void anOperationOnANodeInsistsOnTheVersionOfTheNode(String path) throws Exception {
        requireIfMatch(path, world.member(1).version());
    }

    @Test
    void aRollingRestartInsistsOnTheVersionOfTheCluster() throws Exception {
        requireIfMatch(
                "/api/v1/clusters/shop/rolling-restart",
                world.store
                        .read(view -> view.cluster(SimulatedCluster.SHOP))
                        .orElseThrow()
                        .version());
    }

    @Test
    void aConfirmationAndACancelInsistOnTheVersionOfTheOperation() throws Exception {
        String location = started("/api/v1/clusters/shop/rolling-restart");
        OperationRunner runner = world.runner("test");
        String stale = "\"" + running().version() + "\"";
        while (running().state() != OperationState.WAITING_FOR_OPERATOR) {
            runner.sweep();
            world.pass();
        }
        runner.release();
        for (String command : List.of("/confirm", "/cancel")) {
            mvc.perform(as("operate", post(location + command)).header("If-Match", stale))
                    .andExpect(status().isPreconditionFailed())
                    .andExpect(jsonPath("$.code").value("stale-version"));
            mvc.perform(as("operate", post(location + command))
                            .header("If-Match", "\"" + running().version() + "\""))
                    .andExpect(status().isAccepted());
        }
    }

    private void requireIfMatch(String path, Revision current) throws Exception {
        mvc.perform(as("operate", post(path)).header("If-Match", "\"1000000\""))
                .andExpect(status().isPreconditionFailed())
                .andExpect(jsonPath("$.code").value("stale-version"))
                .andExpect(jsonPath("$.errors[0].field").value("If-Match"));
        assertThat(world.store.read(StateView::activeOperations)).isEmpty();
        mvc.perform(as("operate", post(path)).header("If-Match", "\"" + current + "\""))
                .andExpect(status().isAccepted());
    }

    private String started(String path) throws Exception {
        return Objects.requireNonNull(mvc.perform(as("operate", post(path)))
                .andExpect(status().isAccepted())
                .andReturn()
                .getResponse()
                .getHeader("Location"));
    }

    private Operation running() {
        return world.store.read(StateView::activeOperations).getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/nodes/node-9/drain               | {}                                     | 404 | node-not-found      |",
                "/api/v1/clusters/none/rolling-restart    | {}                                     | 404 | cluster-not-found   |",
                "/api/v1/nodes/UPPER/drain                | {}                                     | 400 | malformed-request   | id",
                "/api/v1/nodes/node-1/drain               | {\"timeout\": 5}                       | 400 | invalid-value       | timeout",
                "/api/v1/nodes/node-1/drain               | {\"timeout\": \"-5s\"}                 | 422 | validation-failed   | timeout",
                "/api/v1/nodes/node-1/drain               | {\"why\": \"?\"}                       | 400 | unknown-field       | why",
                "/api/v1/nodes/node-1/drain               | {\"reason\": \"a\\u0000b\"}            | 422 | validation-failed   | reason",
                "/api/v1/clusters/shop/rolling-restart    | {\"maxUnavailable\": 0}                | 422 | validation-failed   | maxUnavailable",
                "/api/v1/clusters/shop/rolling-restart    | {\"maxUnavailable\": \"50%\"}          | 400 | invalid-value       | maxUnavailable",
                "/api/v1/clusters/shop/rolling-restart    | {\"nodes\": [\"node-1\", \"node-9\"]}  | 422 | validation-failed   | nodes[1]"
            })
    void refusesABadRequestWithItsFieldAndACode(String path, String body, int status, String code, String field)
            throws Exception {
        var answer = mvc.perform(as("operate", post(path))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(body))
                .andExpect(status().is(status))
                .andExpect(jsonPath("$.code").value(code));
        if (field != null) {
            answer.andExpect(jsonPath("$.errors[0].field").value(field));
        }
        assertThat(world.store.read(StateView::activeOperations)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/nodes/node-1/drain",
                "/api/v1/nodes/node-1/maintenance",
                "/api/v1/nodes/node-1/enable",
                "/api/v1/clusters/shop/rolling-restart",
                "/api/v1/operations/00000000-0000-0000-0000-000000000001/cancel",
                "/api/v1/operations/00000000-0000-0000-0000-000000000001/confirm"
            })
    void commandsNeedTheScopeOperate(String path) throws Exception {
        mvc.perform(post(path)).andExpect(status().isUnauthorized());
        mvc.perform(as("read", post(path))).andExpect(status().isForbidden());
    }

    @Test
    void describesItsPathsAndMissingOperations() throws Exception {
        mvc.perform(get("/v3/api-docs"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.paths['/api/v1/clusters/{id}/rolling-restart'].post")
                        .exists())
                .andExpect(jsonPath("$.paths['/api/v1/operations/{id}/confirm'].post")
                        .exists());
        mvc.perform(as("read", get("/api/v1/operations/00000000-0000-0000-0000-00000000ffff")))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.code").value("operation-not-found"));
        mvc.perform(as("read", get("/api/v1/operations/no-uuid")))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].field").value("id"));
        mvc.perform(as("read", get("/api/v1/operations?after=x")))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].field").value("after"));
    }

    private static MockHttpServletRequestBuilder as(String scope, MockHttpServletRequestBuilder request) {
        return request.header("Authorization", "Bearer " + scope + "-token");
    }
}
