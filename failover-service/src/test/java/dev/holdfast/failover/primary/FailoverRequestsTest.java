package dev.holdfast.failover.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.FailoverPhase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.ResultActions;

/** Who may give orders about primaries and in which form; what a repetition and a dry run of them do. */
class FailoverRequestsTest extends FailoverApi {

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
}
