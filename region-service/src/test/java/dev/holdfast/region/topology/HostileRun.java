package dev.holdfast.region.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ClusterStateStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends hostile documents to a service on whichever store, and notes every answer that is not as it shall be. The seed is
 * another one each time; set {@code -Dholdfast.seed=N} to repeat a run.
 */
public final class HostileRun {

    private static final Logger log = LoggerFactory.getLogger(HostileRun.class);

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

    private final MockMvcTester mvc;

    private final ClusterStateStore store;

    private final long seed = Optional.ofNullable(Long.getLong("holdfast.seed")).orElseGet(new Random()::nextLong);

    public HostileRun(MockMvcTester mvc, ClusterStateStore store) {
        this.mvc = mvc;
        this.store = store;
        log.info("hostile documents of seed {}", seed);
    }

    /**
     * Sends this many, fewer when many are answered wrongly, and fails then.
     *
     * @param repair declares what the documents are about
     * @return how often each outcome came: {@code accepted} or a problem's code
     */
    public Map<String, Integer> send(int documents, Runnable repair) {
        HostileDocuments hostile = new HostileDocuments(new Random(seed));
        Map<String, Integer> outcomes = new TreeMap<>();
        repair.run();
        for (int i = 0; i < documents && faults.size() < 10; i++) {
            HostileDocuments.Sent sent = hostile.next();
            ClusterState before = store.read(ClusterStateReplica::readAll);
            MvcTestResult result = mvc.method(HttpMethod.valueOf(sent.method()))
                    .uri(sent.path())
                    .header("Authorization", "Bearer admin-token")
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
                repair.run();
            }
            outcomes.merge(outcome, 1, Integer::sum);
        }
        assertThat(faults).isEmpty();
        return outcomes;
    }

    private String checkProblem(int number, HostileDocuments.Sent sent, MvcTestResult result) {
        String body = new String(result.getResponse().getContentAsByteArray(), UTF_8);
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
        faults.add("document " + number + " of seed " + seed + " " + what + "\n" + sent.method() + " " + sent.path()
                + " " + sent.mediaType() + "\n" + (text.length() > 2000 ? text.substring(0, 2000) + "…" : text));
    }
}
