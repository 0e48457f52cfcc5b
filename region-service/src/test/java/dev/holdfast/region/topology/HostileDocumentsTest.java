package dev.holdfast.region.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.region.ApiTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HostileDocumentsTest extends ApiTest {

    private static final int DOCUMENTS = 10_000;

    /** Set {@code -Dholdfast.seed=N} to repeat a run. */
    private static final long SEED = Long.getLong("holdfast.seed", 20260301L);

    private static final Set<String> KNOWN_CODES =
            Arrays.stream(ProblemCode.values()).map(ProblemCode::code).collect(Collectors.toUnmodifiableSet());

    /** What is wrong is not in the document, so that no field of it can be named. */
    private static final Set<String> NOT_ABOUT_A_FIELD = EnumSet.of(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    ProblemCode.DOCUMENT_TOO_LARGE,
                    ProblemCode.CLUSTER_NOT_FOUND,
                    ProblemCode.NODE_NOT_FOUND,
                    ProblemCode.REGION_NOT_FOUND)
            .stream()
            .map(ProblemCode::code)
            .collect(Collectors.toUnmodifiableSet());

    private final List<String> faults = new ArrayList<>();

    private final JsonMapper json = HoldfastJson.jsonMapper();

    @Test
    void everyRefusalIsAProblemThatNamesItsFieldAndChangesNothing() {
        declareShop();
        HostileDocuments documents = new HostileDocuments(new Random(SEED));
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < DOCUMENTS && faults.size() < 10; i++) {
            HostileDocuments.Sent sent = documents.next();
            ClusterState before = store.read(ClusterStateReplica::readAll);
            MvcTestResult result = call(HttpMethod.valueOf(sent.method()), sent.path())
                    .contentType(sent.mediaType())
                    .content(sent.body())
                    .exchange();
            String outcome = "accepted";
            if (result.getUnresolvedException() != null) {
                fault(i, sent, "made a filter fail: " + result.getUnresolvedException());
            } else if (result.getResponse().getStatus() >= 300) {
                outcome = checkProblem(i, sent, result);
                if (!store.<ClusterState>read(ClusterStateReplica::readAll).equals(before)) {
                    fault(i, sent, "was refused and changed the topology");
                }
            } else if (i % 10 == 0) {
                // Broken documents shall meet a topology as the right ones left it, not one that they have worn down.
                declareShop();
            }
            outcomes.merge(outcome, 1, Integer::sum);
        }
        assertThat(faults).isEmpty();
        // The generator still reaches what it was made for.
        assertThat(outcomes)
                .containsKeys(
                        "accepted",
                        "malformed-document",
                        "unknown-field",
                        "invalid-value",
                        "validation-failed",
                        "document-too-large",
                        "unsupported-media-type");
        assertThat(outcomes.get("accepted")).isLessThan(DOCUMENTS / 2);
    }

    private String checkProblem(int number, HostileDocuments.Sent sent, MvcTestResult result) {
        String body = body(result);
        int status = result.getResponse().getStatus();
        JsonNode problem = json.readTree(body);
        String code = problem.path("code").asString();
        if (status >= 500 || status < 400 || problem.path("status").asInt() != status) {
            fault(number, sent, "was answered with " + status + " " + body);
        } else if (!"application/problem+json".equals(result.getResponse().getContentType())) {
            fault(number, sent, "was answered as " + result.getResponse().getContentType());
        } else if (!KNOWN_CODES.contains(code)) {
            fault(number, sent, "was answered with the unknown code of " + body);
        } else if (!NOT_ABOUT_A_FIELD.contains(code) && !namesFields(problem)) {
            fault(number, sent, "was answered without naming a field: " + body);
        } else if (Stream.of("tools.jackson", "java.", "Exception", "engine.v2").anyMatch(body::contains)) {
            fault(number, sent, "was answered with our insides: " + body);
        }
        return code;
    }

    private static boolean namesFields(JsonNode problem) {
        return !problem.path("errors").isEmpty()
                && problem.path("errors").values().stream()
                        .allMatch(error -> !error.path("field").asString().isBlank()
                                && !error.path("message").asString().isBlank());
    }

    private void fault(int number, HostileDocuments.Sent sent, String what) {
        String text = new String(sent.body(), UTF_8);
        faults.add("document " + number + " of seed " + SEED + " " + what + "\n" + sent.method() + " " + sent.path()
                + " " + sent.mediaType() + "\n" + (text.length() > 2000 ? text.substring(0, 2000) + "…" : text));
    }
}
