package dev.holdfast.web;

import dev.holdfast.api.problem.FieldError;
import dev.holdfast.api.problem.Problem;
import dev.holdfast.api.problem.ProblemCode;
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
final class ProblemWriter {

    private final JsonMapper mapper;
    private final ObjectProvider<Tracer> tracer;

    ProblemWriter(JsonMapper mapper, ObjectProvider<Tracer> tracer) {
        this.mapper = mapper;
        this.tracer = tracer;
    }

    ResponseEntity<Object> entity(ProblemCode code, String detail, List<FieldError> errors, HttpHeaders headers) {
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return ResponseEntity.status(code.status()).headers(all).body(problem(code, detail, errors));
    }

    void write(HttpServletResponse response, ProblemCode code, String detail) throws IOException {
        response.setStatus(code.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.getOutputStream().write(mapper.writeValueAsBytes(problem(code, detail, List.of())));
    }

    private Problem problem(ProblemCode code, String detail, List<FieldError> errors) {
        Optional<String> traceId = Optional.ofNullable(tracer.getIfAvailable())
                .map(Tracer::currentSpan)
                .map(Span::context)
                .map(context -> context.traceId());
        return Problem.of(code, detail, errors, traceId);
    }
}
