package dev.holdfast.api.problem;

import dev.holdfast.model.replication.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * A problem as it goes over the wire, media type {@code application/problem+json} (RFC 9457).
 *
 * @param type {@code urn:holdfast:problem:} and the code
 * @param detail what happened and what to do about it, for people
 * @param errors the fields at fault; empty when no single field is
 * @param refusal with {@code failover-refused}: what speaks against it
 * @param traceId finds the request in the logs
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        ProblemCode code,
        List<FieldError> errors,
        Optional<Refusal.Code> refusal,
        Optional<String> traceId) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        errors = List.copyOf(errors);
    }

    public static Problem of(ProblemCode code, String detail, List<FieldError> errors, Optional<String> traceId) {
        return of(new ProblemException(code, detail, errors), traceId);
    }

    public static Problem of(ProblemException thrown, Optional<String> traceId) {
        ProblemCode code = thrown.code();
        return new Problem(
                "urn:holdfast:problem:" + code.code(),
                code.title(),
                code.status(),
                thrown.detail(),
                code,
                thrown.errors(),
                thrown.refusal(),
                traceId);
    }
}
