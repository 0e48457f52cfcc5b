package dev.holdfast.failover.client;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.api.problem.Problem;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Tells people why a call failed. */
public final class CallFailures {

    private static final JsonMapper MAPPER = HoldfastJson.jsonMapper();

    /** Enough for a sentence; a stack trace or a page of HTML doesn't belong in an operation's account. */
    private static final int MAX_LENGTH = 300;

    private CallFailures() {}

    /** One line: the detail of a problem, else the status and the beginning of the body, else what broke. */
    public static String told(RestClientException failure) {
        return shortened(
                switch (failure) {
                    case RestClientResponseException answered ->
                        answered.getStatusCode().value() + " " + explained(answered.getResponseBodyAsString());
                    case ResourceAccessException unreachable -> rootMessage(unreachable);
                    default -> rootMessage(failure);
                });
    }

    /** One line about an answer: the status and the detail of a problem, or the beginning of another body. */
    static String told(int status, String body) {
        return shortened(status + " " + explained(body));
    }

    private static String explained(String body) {
        try {
            return MAPPER.readValue(body, Problem.class).detail();
        } catch (JacksonException e) {
            // Not one of ours, such as the answer of a hook: it is shown as it came.
            return body;
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String name = root.getClass().getSimpleName();
        return root.getMessage() == null ? name : name + ": " + root.getMessage();
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
