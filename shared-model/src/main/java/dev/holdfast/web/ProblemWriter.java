package dev.holdfast.web;

import dev.holdfast.api.problem.FieldError;
import dev.holdfast.api.problem.Problem;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems, with the trace id under which the logs have them. */
public final class ProblemWriter {

    private final JsonMapper mapper;
    private final ObjectProvider<Tracer> tracer;

    ProblemWriter(JsonMapper mapper, ObjectProvider<Tracer> tracer) {
        this.mapper = mapper;
        this.tracer = tracer;
    }

    /** What throwing it would be answered with; for one who has something to commit besides. */
    public ResponseEntity<Object> answer(ProblemException problem) {
        return answer(problem, new HttpHeaders());
    }

    ResponseEntity<Object> entity(ProblemCode code, String detail, List<FieldError> errors, HttpHeaders headers) {
        return answer(new ProblemException(code, detail, errors), headers);
    }

    private ResponseEntity<Object> answer(ProblemException problem, HttpHeaders headers) {
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return ResponseEntity.status(problem.code().status()).headers(all).body(Problem.of(problem, traceId()));
    }

    void write(HttpServletResponse response, ProblemCode code, String detail) throws IOException {
        response.setStatus(code.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.getOutputStream().write(mapper.writeValueAsBytes(Problem.of(code, detail, List.of(), traceId())));
    }

    private Optional<String> traceId() {
        return Optional.ofNullable(tracer.getIfAvailable())
                .map(Tracer::currentSpan)
                .map(Span::context)
                .map(context -> context.traceId());
    }
}
