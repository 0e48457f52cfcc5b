package dev.holdfast.failover.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.failover.agent.AgentCalls;
import dev.holdfast.failover.report.FailoverMetrics;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
@DirtiesContext
class FailoverApiTest {

    private static final PretendedClusters WORLD = new PretendedClusters();
    private static final AtomicInteger DECLARED = new AtomicInteger();

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
    private MockMvc mvc;

    @Autowired
    private ClusterStateReplica replica;

    private PrimaryRunner runner;
    private ClusterId db;

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

    @Test
    void showsThePrimaryWithItsVersion() throws Exception {
        settle();

        mvc.perform(as("read", get(path("/primary"))))
                .andExpect(status().isOk())
                .andExpect(header().string("ETag", tag()))
                .andExpect(jsonPath("$.primary").value(db + "-a"))
                .andExpect(jsonPath("$.phase").value("STEADY"))
                .andExpect(jsonPath("$.epoch").value(1))
                .andExpect(jsonPath("$.claimed.standbys", hasSize(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/primary", "/explain"})
    void aMissingClusterAndOneOfActiveNodesHaveNone(String what) throws Exception {
        ClusterId active = WORLD.declareActiveActive("web" + DECLARED.incrementAndGet());

        mvc.perform(as("read", get("/api/v1/clusters/nowhere" + what)))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.code").value("cluster-not-found"));
        mvc.perform(as("read", get("/api/v1/clusters/" + active + what)))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.code").value("no-primary"));
        mvc.perform(as("operate", post("/api/v1/clusters/" + active + "/failover")))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.code").value("no-primary"));
        WORLD.delete(active);
    }

    @Test
    void aClusterThatHasNoPrimaryYetSaysWhatItWaitsFor() throws Exception {
        WORLD.agent(db, "c").die();

        mvc.perform(as("read", get(path("/primary"))))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.code").value("no-primary"))
                .andExpect(jsonPath("$.detail", containsString("/explain")));
        mvc.perform(as("read", get(path("/explain"))))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.primary").doesNotExist())
                .andExpect(jsonPath("$.next[0]", containsString(db + "-c")))
                .andExpect(jsonPath("$.silent", hasKey(db + "-c")));
        mvc.perform(as("operate", post(path("/switchover"))))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.code").value("no-primary"));
    }

    @Test
    void explainsWhatWouldBeDone() throws Exception {
        settle();
        mvc.perform(as("read", get(path("/explain"))))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.primary.primary").value(db + "-a"))
                .andExpect(jsonPath("$.verdict").value("HEALTHY"))
                .andExpect(jsonPath("$.automaticFailover").doesNotExist())
                .andExpect(jsonPath("$.nodes", hasKey(db + "-b")));

        WORLD.agent(db, "b").die();
        WORLD.agent(db, "c").die();

        mvc.perform(as("read", get(path("/explain"))))
                .andExpect(jsonPath("$.automaticFailover.code").value("TOO_FEW_STANDBYS"))
                .andExpect(jsonPath("$.silent", hasKey(db + "-b")));
    }

    @Test
    void aFailoverIsTakenCarriedOutAndReported() throws Exception {
        settle();

        command("operate", "/failover", "{\"target\": \"%s-c\", \"reason\": \"disk\"}".formatted(db))
                .andExpect(status().isAccepted())
                .andExpect(header().string("Location", path("/primary")))
                .andExpect(header().string("ETag", tag()))
                .andExpect(jsonPath("$.phase").value("FENCING"))
                .andExpect(jsonPath("$.epoch").value(2))
                .andExpect(jsonPath("$.handover.kind").value("MANUAL_FAILOVER"))
                .andExpect(jsonPath("$.handover.cause").value("a-operate asked: disk"));
        mvc.perform(as("read", get("/api/v1/failovers/" + db + "-2")))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.state").value("RUNNING"));
        sweepUntil(() -> WORLD.isWhole(db));

        assertThat(WORLD.agent(db, "c").isPrimary()).isTrue();
        mvc.perform(as("read", get("/api/v1/failovers/" + db + "-2")))
                .andExpect(jsonPath("$.state").value("COMPLETED"))
                .andExpect(jsonPath("$.kind").value("MANUAL_FAILOVER"))
                .andExpect(jsonPath("$.startedBy").value("a-operate"))
                .andExpect(jsonPath("$.former").value(db + "-a"))
                .andExpect(jsonPath("$.primary").value(db + "-c"))
                .andExpect(jsonPath("$.loss").value("no acknowledged write"))
                .andExpect(jsonPath("$.outage").exists())
                .andExpect(jsonPath("$.phases[0].name").value("fence"));
    }

    @Test
    void aSwitchoverKeepsItsReason() throws Exception {
        settle();

        command("operate", "/switchover", "{\"reason\": \"new kernel\"}")
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.handover.kind").value("SWITCHOVER"))
                .andExpect(jsonPath("$.handover.cause").value("a-operate asked: new kernel"));
        command("operate", "/failover/cancel", "").andExpect(status().isAccepted());

        assertThat(WORLD.types(db)).contains(EventType.FAILOVER_CANCELLED);
        mvc.perform(as("read", get("/api/v1/failovers/" + db + "-2")))
                .andExpect(jsonPath("$.state").value("CANCELLED"));
    }

    @Test
    void aSwitchoverAtATimeIsShownAndCanBeTakenBack() throws Exception {
        settle();
        Instant at = WORLD.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS);
        String body = "{\"at\": \"%s\", \"target\": \"%s-c\", \"reason\": \"new kernel\"}".formatted(at, db);

        command("operate", "/switchover?dryRun=true", body)
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.scheduled.at").value(at.toString()));
        assertThat(WORLD.primary(db).scheduled()).isEmpty();
        keyed("four", "/switchover", body)
                .andExpect(status().isAccepted())
                .andExpect(header().string("ETag", tag()))
                .andExpect(jsonPath("$.phase").value("STEADY"))
                .andExpect(jsonPath("$.scheduled.by").value("a-operate"))
                .andExpect(jsonPath("$.scheduled.from").value(db + "-a"))
                .andExpect(jsonPath("$.scheduled.target").value(db + "-c"))
                .andExpect(jsonPath("$.scheduled.reason").value("new kernel"));
        keyed("four", "/switchover", body)
                .andExpect(status().isAccepted())
                .andExpect(header().string("Idempotent-Replayed", "true"));
        refused("/switchover", body, "OPERATION_RUNS", "a-operate has scheduled a switchover for " + at);
        mvc.perform(as("read", get(path("/primary"))))
                .andExpect(jsonPath("$.scheduled.at").value(at.toString()));

        command("operate", "/switchover/cancel", "")
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.scheduled").doesNotExist());
        refused("/switchover/cancel", "", "NOTHING_RUNS", "no switchover is scheduled");

        assertThat(WORLD.types(db)).containsOnlyOnce(EventType.SWITCHOVER_SCHEDULED, EventType.SWITCHOVER_UNSCHEDULED);
    }

    @ParameterizedTest
    @CsvSource({"-PT1S", "PT0S", "P31D"})
    void aSwitchoverIsScheduledForTheNextThirtyDaysOnly(Duration ahead) throws Exception {
        settle();
        command(
                        "operate",
                        "/switchover",
                        "{\"at\": \"%s\"}".formatted(WORLD.now().plus(ahead)))
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.errors[0].field").value("at"));
        assertThat(WORLD.primary(db).scheduled()).isEmpty();
    }

    @Test
    void aSwitchoverThatCanNeverBeIsNotScheduled() throws Exception {
        settle();
        Instant at = WORLD.now().plus(Duration.ofHours(1));
        refused(
                "/switchover",
                "{\"at\": \"%s\", \"target\": \"%s-a\"}".formatted(at, db),
                "NO_CANDIDATE",
                "is the primary already");
        refused("/switchover", "{\"at\": \"%s\", \"epoch\": 9}".formatted(at), "STALE_EPOCH", "made for epoch 9");
        command("operate", "/switchover", "{\"at\": \"%s\", \"target\": \"db-x\"}".formatted(at))
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.errors[0].field").value("target"));
        command("operate", "/switchover", "{\"at\": \"tomorrow\"}")
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].field").value("at"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/failover",
                "/switchover/cancel",
                "/switchover",
                "/failover/cancel",
                "/failover/acknowledge",
                "/failover/pause",
                "/failover/resume"
            })
    void whoMayOnlyReadGivesNoOrders(String command) throws Exception {
        Revision before = revision();
        mvc.perform(post(path(command))).andExpect(status().isUnauthorized());
        command("read", command, "{\"reason\": \"no\"}")
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.code").value("forbidden"));
        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void onlyAnAdministratorWithAReasonAllowsTheLossOfData() throws Exception {
        settle();
        command("operate", "/failover", "{\"allowDataLoss\": true, \"reason\": \"the disks burn\"}")
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.detail", containsString("allowDataLoss")));
        command("admin", "/failover", "{\"allowDataLoss\": true}")
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.errors[0].field").value("reason"))
                .andExpect(jsonPath("$.errors[0].message", containsString("allowDataLoss")));
        command(
                        "admin",
                        "/failover",
                        "{\"allowDataLoss\": true, \"target\": \"%s-a\", \"reason\": \"why\"}".formatted(db))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.refusal").value("NO_CANDIDATE"));
        assertThat(WORLD.epoch(db)).isEqualTo(1);

        command("admin", "/failover", "{\"allowDataLoss\": true, \"reason\": \"the disks burn\"}")
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.handover.allowDataLoss").value("the disks burn"));
    }

    @ParameterizedTest
    @CsvSource({
        "/failover, {}",
        "/switchover, {}",
        "/failover/acknowledge, ''",
        "/failover/pause, '{\"reason\": \"upgrade\"}'",
        "/failover/resume, ''"
    })
    void insistsOnTheVersionThatIfMatchNames(String command, String body) throws Exception {
        settle();
        Revision before = revision();
        mvc.perform(with(body, as("operate", post(path(command)))).header("If-Match", "\"1\""))
                .andExpect(status().isPreconditionFailed())
                .andExpect(jsonPath("$.code").value("stale-version"))
                .andExpect(jsonPath("$.errors[0].field").value("If-Match"));
        assertThat(revision()).isEqualTo(before);
        mvc.perform(with(body, as("operate", post(path(command)))).header("If-Match", tag()))
                .andExpect(status().isAccepted());
    }

    @Test
    void aRepeatedRequestHasOneEffectAndOneAnswer() throws Exception {
        settle();
        String first = keyed("one", "/switchover", "{}")
                .andExpect(status().isAccepted())
                .andExpect(header().doesNotExist("Idempotent-Replayed"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        sweepUntil(() -> WORLD.isWhole(db));

        keyed("one", "/switchover", "{}")
                .andExpect(status().isAccepted())
                .andExpect(header().string("Idempotent-Replayed", "true"))
                .andExpect(content().json(first));
        keyed("one", "/switchover", "{\"reason\": \"another\"}")
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.code").value("idempotency-key-reused"));

        assertThat(WORLD.types(db)).containsOnlyOnce(EventType.FAILOVER_STARTED);
    }

    @Test
    void aRepeatedRequestThatWasRefusedStaysRefused() throws Exception {
        settle();
        keyed("two", "/failover/cancel", "")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.refusal").value("NOTHING_RUNS"));
        command("operate", "/switchover", "{}").andExpect(status().isAccepted());

        // Now there would be something to cancel; but what the caller was told must stay true.
        keyed("two", "/failover/cancel", "")
                .andExpect(status().isConflict())
                .andExpect(header().string("Idempotent-Replayed", "true"))
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.code").value("failover-refused"))
                .andExpect(jsonPath("$.refusal").value("NOTHING_RUNS"));

        assertThat(WORLD.phase(db)).isEqualTo(FailoverPhase.FENCING);
        assertThat(WORLD.types(db)).containsOnlyOnce(EventType.FAILOVER_REFUSED);
    }

    @Test
    void aDryRunTellsWhatWouldBeAndChangesNothing() throws Exception {
        settle();
        Revision before = revision();

        command("operate", "/failover?dryRun=true", "{}")
                .andExpect(status().isOk())
                .andExpect(header().string("Holdfast-Dry-Run", "true"))
                .andExpect(jsonPath("$.phase").value("FENCING"));
        command("operate", "/failover/pause?dryRun=true", "{\"reason\": \"upgrade\"}")
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.paused.reason").value("upgrade"));
        command("operate", "/failover/cancel?dryRun=true", "")
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.refusal").value("NOTHING_RUNS"));
        keyed("three", "/failover/cancel?dryRun=true", "").andExpect(status().isConflict());

        assertThat(revision()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/failover       | {\"why\": \"?\"}                   | 400 | unknown-field      | why",
                "/switchover     | {\"allowDataLoss\": true}          | 400 | unknown-field      | allowDataLoss",
                "/failover/pause | {\"reason\": \"a\", \"target\": \"b\"} | 400 | unknown-field   | target",
                "/failover/pause | {}                                 | 422 | validation-failed  | reason",
                "/failover/pause | {\"reason\": \" \"}                | 422 | validation-failed  | reason",
                "/failover       | {\"reason\": \"a\\u0000b\"}        | 422 | validation-failed  | reason",
                "/failover       | {\"epoch\": 0}                     | 422 | validation-failed  | epoch",
                "/failover       | {\"target\": \"No Node\"}          | 400 | invalid-value      | target",
                "/failover       | {\"target\": \"db-x\"}             | 422 | validation-failed  | target",
                "/switchover     | {\"target\": \"db-x\"}             | 422 | validation-failed  | target"
            })
    void refusesABadRequestWithItsFieldAndACode(String command, String body, int status, String code, String field)
            throws Exception {
        settle();
        Revision before = revision();

        command("operate", command, body)
                .andExpect(status().is(status))
                .andExpect(jsonPath("$.code").value(code))
                .andExpect(jsonPath("$.errors[0].field").value(field));

        assertThat(revision()).isEqualTo(before);
    }

    @Test
    void anUnknownTargetIsToldTheNodesThereAre() throws Exception {
        settle();
        command("operate", "/switchover", "{\"target\": \"db-x\"}")
                .andExpect(jsonPath("$.detail", containsString("%1$s-a, %1$s-b, %1$s-c".formatted(db))));
    }

    @Test
    void refusalsHaveACodeAndASentenceAndAreJournaled() throws Exception {
        settle();
        refused("/failover/cancel", "", "NOTHING_RUNS", "no operation runs");
        refused("/failover", "{\"epoch\": 7}", "STALE_EPOCH", "made for epoch 7");
        refused("/failover", "{\"target\": \"%s-a\"}".formatted(db), "NO_CANDIDATE", "is the primary already");
        WORLD.agent(db, "c").die();
        refused("/switchover", "{\"target\": \"%s-c\"}".formatted(db), "NO_CANDIDATE", "doesn't answer");
        WORLD.agent(db, "b").die();
        refused("/failover", "{}", "TOO_FEW_STANDBYS", "have to be detached");
        WORLD.agent(db, "a").die();
        refused("/switchover", "{}", "PRIMARY_NOT_WELL", "may be lost");
        WORLD.agent(db, "b").comeBack();
        WORLD.agent(db, "b").state = PostgresState.RUNNING;
        WORLD.agent(db, "c").comeBack();
        WORLD.agent(db, "c").state = PostgresState.RUNNING;
        command("operate", "/failover", "{}").andExpect(status().isAccepted());
        refused("/switchover", "{}", "OPERATION_RUNS", "one operation at a time");

        assertThat(WORLD.events(db))
                .filteredOn(event -> event.entry().type() == EventType.FAILOVER_REFUSED)
                .hasSize(7)
                .allSatisfy(event -> assertThat(event.entry().actor()).isEqualTo("a-operate"));
    }

    private void refused(String command, String body, String refusal, String sentence) throws Exception {
        command("operate", command, body)
                .andExpect(status().isConflict())
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.code").value("failover-refused"))
                .andExpect(jsonPath("$.refusal").value(refusal))
                .andExpect(jsonPath("$.detail", containsString(sentence)));
    }

    @Test
    void aPausedClusterSaysSoUntilItIsResumed() throws Exception {
        settle();
        command("operate", "/failover/pause", "{\"reason\": \"upgrade\"}")
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.paused.by").value("a-operate"))
                .andExpect(jsonPath("$.paused.reason").value("upgrade"));
        mvc.perform(as("read", get(path("/explain"))))
                .andExpect(jsonPath("$.automaticFailover.code").value("PAUSED"));

        command("operate", "/failover/resume", "")
                .andExpect(status().isAccepted())
                .andExpect(jsonPath("$.paused").doesNotExist());
        command("operate", "/failover/resume", "").andExpect(status().isAccepted());

        assertThat(WORLD.types(db)).containsOnlyOnce(EventType.FAILOVER_PAUSED, EventType.FAILOVER_RESUMED);
    }

    @Test
    void allClustersArePausedUntilTheyAreResumed() throws Exception {
        settle();
        String pause = "/api/v1/failovers/pause";
        String resume = "/api/v1/failovers/resume";
        String unpaused = tag();
        mvc.perform(as("read", get(pause)))
                .andExpect(status().isOk())
                .andExpect(header().doesNotExist("ETag"))
                .andExpect(jsonPath("$.paused").doesNotExist());
        mvc.perform(with("{\"reason\": \"storm\"}", as("read", post(pause)))).andExpect(status().isForbidden());
        mvc.perform(with("{}", as("operate", post(pause))))
                .andExpect(status().is(422))
                .andExpect(jsonPath("$.errors[0].field").value("reason"));
        Revision before = revision();
        mvc.perform(with("{\"reason\": \"storm\"}", as("operate", post(pause + "?dryRun=true"))))
                .andExpect(status().isOk())
                .andExpect(header().string("Holdfast-Dry-Run", "true"));
        assertThat(revision()).isEqualTo(before);

        for (int time = 0; time < 2; time++) {
            mvc.perform(with("{\"reason\": \"storm\"}", as("operate", post(pause)))
                            .header("Idempotency-Key", "pause"))
                    .andExpect(status().isOk())
                    .andExpect(header().string("ETag", "\"" + before.next() + "\""))
                    .andExpect(jsonPath("$.paused.by").value("a-operate"))
                    .andExpect(jsonPath("$.paused.reason").value("storm"));
        }
        assertThat(revision()).isEqualTo(before.next());
        mvc.perform(as("read", get(pause)))
                .andExpect(jsonPath("$.paused.reason").value("storm"));
        mvc.perform(as("read", get(path("/primary"))).header("If-None-Match", unpaused))
                .andExpect(status().isOk())
                .andExpect(header().string("ETag", "\"" + before.next() + "\""))
                .andExpect(jsonPath("$.paused").doesNotExist())
                .andExpect(jsonPath("$.pausedEverywhere.reason").value("storm"));
        mvc.perform(as("read", get(path("/explain"))))
                .andExpect(jsonPath("$.automaticFailover.code").value("PAUSED"));

        mvc.perform(as("operate", post(resume)).header("If-Match", unpaused))
                .andExpect(status().isPreconditionFailed());
        for (int time = 0; time < 2; time++) {
            mvc.perform(as("operate", post(resume)))
                    .andExpect(status().isOk())
                    .andExpect(jsonPath("$.paused").doesNotExist());
        }
        assertThat(revision()).isEqualTo(before.next().next());
        mvc.perform(as("read", get(path("/primary"))))
                .andExpect(header().string("ETag", unpaused))
                .andExpect(jsonPath("$.pausedEverywhere").doesNotExist());
    }

    @Test
    void failoversAreListedNewestFirstAPageAtATime() throws Exception {
        settle();
        for (int round = 0; round < 3; round++) {
            command("operate", "/switchover", "{}").andExpect(status().isAccepted());
            sweepUntil(() -> WORLD.isWhole(db));
        }
        String list = "/api/v1/failovers?limit=2&cluster=" + db;
        String next = JsonPath.read(
                mvc.perform(as("read", get(list)))
                        .andExpect(status().isOk())
                        .andExpect(jsonPath("$.items[*].id", contains(db + "-4", db + "-3")))
                        .andExpect(jsonPath("$.items[*].state", contains("COMPLETED", "COMPLETED")))
                        .andReturn()
                        .getResponse()
                        .getContentAsString(),
                "$.next");

        mvc.perform(as("read", get(list + "&after=" + next)))
                .andExpect(jsonPath("$.items[*].id", contains(db + "-2")))
                .andExpect(jsonPath("$.next").doesNotExist());
        mvc.perform(as("read", get("/api/v1/failovers"))).andExpect(jsonPath("$.items[*].id", hasItem(db + "-2")));
        mvc.perform(as("read", get("/api/v1/failovers?cluster=other"))).andExpect(jsonPath("$.items", hasSize(0)));
        mvc.perform(as("read", get("/api/v1/failovers?after=x")))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.errors[0].field").value("after"));
        mvc.perform(as("read", get("/api/v1/failovers/" + db + "-99")))
                .andExpect(status().isNotFound())
                .andExpect(jsonPath("$.code").value("failover-not-found"));
    }

    @Test
    void describesItsPaths() throws Exception {
        ResultActions described = mvc.perform(get("/v3/api-docs")).andExpect(status().isOk());
        for (String command :
                List.of("failover", "switchover", "switchover/cancel", "failover/cancel", "failover/pause")) {
            described
                    .andExpect(jsonPath("$.paths['/api/v1/clusters/{id}/" + command + "'].post.responses['202']")
                            .exists())
                    .andExpect(jsonPath("$.paths['/api/v1/clusters/{id}/" + command + "'].post.responses['409']")
                            .exists());
        }
        described.andExpect(
                jsonPath("$.paths['/api/v1/clusters/{id}/explain'].get").exists());
        described.andExpect(
                jsonPath("$.components.schemas.Problem.properties.refusal").exists());
    }

    private void settle() {
        sweepUntil(() -> WORLD.isWhole(db));
    }

    private void sweepUntil(BooleanSupplier condition) {
        WORLD.await(db, () -> {
            runner.sweep();
            return condition.getAsBoolean();
        });
    }

    private ResultActions command(String scope, String command, String body) throws Exception {
        return mvc.perform(with(body, as(scope, post(path(command)))));
    }

    private ResultActions keyed(String key, String command, String body) throws Exception {
        return mvc.perform(with(body, as("operate", post(path(command)))).header("Idempotency-Key", key + "-" + db));
    }

    private static MockHttpServletRequestBuilder with(String body, MockHttpServletRequestBuilder request) {
        return body.isEmpty()
                ? request
                : request.contentType(MediaType.APPLICATION_JSON).content(body);
    }

    private String path(String below) {
        return "/api/v1/clusters/" + db + below;
    }

    private String tag() {
        return "\"" + WORLD.primary(db).version() + "\"";
    }

    private static Revision revision() {
        return WORLD.store.read(StateView::revision);
    }

    private static MockHttpServletRequestBuilder as(String scope, MockHttpServletRequestBuilder request) {
        return request.header("Authorization", "Bearer " + scope + "-token");
    }
}
