package dev.holdfast.failover.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API shows of primaries, and what comes of orders about them. */
class FailoverApiTest extends FailoverApi {

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
}
