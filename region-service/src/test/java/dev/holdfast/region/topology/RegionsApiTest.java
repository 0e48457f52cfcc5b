package dev.holdfast.region.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.region.ApiTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class RegionsApiTest extends ApiTest {

    private static final String PATH = "/api/v1/regions/eu";

    @Test
    void declaresARegionAndShowsIt() {
        MvcTestResult created = put(PATH, "{\"zones\": [\"a\"]}").exchange();
        assertThat(created).hasStatus(HttpStatus.CREATED);
        assertThat(created).bodyJson().extractingPath("$.displayName").isEqualTo("eu");
        assertThat(body(get(PATH))).isEqualTo(body(created));
        Revision before = revision();
        assertThat(put(PATH, "{\"id\": \"eu\", \"displayName\": \"eu\", \"zones\": [\"a\"]}"))
                .hasStatus(HttpStatus.OK);
        assertThat(revision()).isEqualTo(before);
        problem(call(HttpMethod.GET, "/api/v1/regions/us"), 404, "region-not-found", null);
    }

    @Test
    void journalsWhatChanged() {
        done(put(PATH, EU));
        done(patch(PATH, "{\"zones\": [\"a\", \"b\", \"c\"], \"labels\": {\"provider\": \"own\"}}"));
        assertThat(lastEvent().entry().type()).isEqualTo(EventType.REGION_DECLARED);
        assertThat(lastEvent().entry().evidence())
                .isEqualTo(Map.of(
                        "labels.provider",
                        Map.of("to", "own"),
                        "zones",
                        Map.of("from", List.of("a", "b"), "to", List.of("a", "b", "c"))));
        assertThat(lastEvent().entry().message())
                .isEqualTo("Region eu was declared anew: labels.provider set to own, zones changed");
    }

    @Test
    void keepsRegionsAndZonesThatHaveNodes() {
        declareShop();
        Revision before = revision();
        problem(delete(PATH), 409, "region-in-use", null);
        MvcTestResult refused = problem(put(PATH, "{\"zones\": [\"a\"]}"), 409, "zone-in-use", "zones");
        assertThat(body(refused)).contains("zone b still has 1 node");
        assertThat(revision()).isEqualTo(before);
        assertThat(get(PATH)).bodyJson().extractingPath("$.nodes").isEqualTo(2);
    }

    @Test
    void refusesWhatNobodyCanRead() {
        problem(
                put(PATH, "{\"displayName\": \"a\\u0000b\", \"zones\": [\"a\"]}"),
                422,
                "validation-failed",
                "displayName");
        problem(put(PATH, "{\"displayName\": \" \", \"zones\": [\"a\"]}"), 422, "validation-failed", "displayName");
        problem(put(PATH, "{\"zones\": [\"a\", \"a\"]}"), 422, "validation-failed", "zones[1]");
        problem(put(PATH, "{\"zones\": [\"a\", null]}"), 422, "validation-failed", "zones[1]");
        problem(
                put(PATH, "{\"zones\": [\"a\"], \"labels\": {\"x\\u202e\": \"y\"}}"),
                422,
                "validation-failed",
                "labels[x\ufffd]");
        problem(put(PATH, "{\"zones\": [\"a\"], \"labels\": {\"x\": null}}"), 422, "validation-failed", "labels[x]");
        problem(put("/api/v1/regions/EU", EU), 400, "malformed-request", "id");
        problem(put(PATH, EU).contentType("text/plain"), 415, "unsupported-media-type", null);
        problem(yaml(PATH, "zones: &z [a]\ndisplayName: *z\n"), 400, "malformed-document", null);
    }
}
