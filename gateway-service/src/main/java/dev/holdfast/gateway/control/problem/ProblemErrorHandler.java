package dev.holdfast.gateway.control.problem;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MDC.MDCCloseable;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;

/** Turns what ends an exchange early into a problem. What is not expected is logged and told in general words only. */
final class ProblemErrorHandler implements ErrorWebExceptionHandler, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ProblemErrorHandler.class);

    private final Problems problems;

    ProblemErrorHandler(Problems problems) {
        this.problems = problems;
    }

    /** Before the handlers that Spring brings along, which answer without a body. */
    @Override
    public int getOrder() {
        return -2;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        if (failure instanceof ProblemException problem) {
            return problems.write(exchange, problem.code(), problem.detail(), problem.errors());
        }
        if (failure instanceof ServerWebInputException wrong && wrong.getMethodParameter() != null) {
            ProblemException problem = wrongParameter(wrong, wrong.getMethodParameter());
            return problems.write(exchange, problem.code(), problem.detail(), problem.errors());
        }
        if (failure instanceof ErrorResponse response
                && response.getStatusCode().value() < 500) {
            exchange.getResponse().getHeaders().putAll(response.getHeaders());
            ProblemCode code = codeOf(response.getStatusCode().value());
            return problems.write(exchange, code, detail(code, response, exchange), List.of());
        }
        try (MDCCloseable _ =
                MDC.putCloseable("traceId", Problems.traceId(exchange).orElse(null))) {
            ServerHttpRequest request = exchange.getRequest();
            log.error("{} {} failed", request.getMethod(), request.getPath().value(), failure);
        }
        return problems.write(
                exchange,
                ProblemCode.INTERNAL_ERROR,
                "An unexpected error. The log has it under the trace id.",
                List.of());
    }

    private static ProblemException wrongParameter(ServerWebInputException wrong, MethodParameter parameter) {
        Throwable root = wrong.getMostSpecificCause();
        String message = root instanceof IllegalArgumentException && root.getMessage() != null
                ? root.getMessage()
                : "has the wrong form";
        return ProblemException.ofField(
                ProblemCode.MALFORMED_REQUEST, String.valueOf(parameter.getParameterName()), message);
    }

    private static ProblemCode codeOf(int status) {
        return switch (status) {
            case 404 -> ProblemCode.NOT_FOUND;
            case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
            case 406 -> ProblemCode.NOT_ACCEPTABLE;
            case 413 -> ProblemCode.DOCUMENT_TOO_LARGE;
            case 415 -> ProblemCode.UNSUPPORTED_MEDIA_TYPE;
            default -> ProblemCode.MALFORMED_REQUEST;
        };
    }

    private static String detail(ProblemCode code, ErrorResponse response, ServerWebExchange exchange) {
        if (code == ProblemCode.NOT_FOUND) {
            return "Nothing is served at " + exchange.getRequest().getPath().value()
                    + ". The paths of the API stand at /v3/api-docs.";
        }
        String detail = response.getBody().getDetail();
        return detail == null ? code.title() + "." : detail;
    }
}
