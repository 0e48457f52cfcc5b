package dev.holdfast.gateway.forwarding;

import dev.holdfast.api.problem.Problem;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.client.PrematureCloseException;
import tools.jackson.databind.json.JsonMapper;

/** Answers what the gateway itself has to answer: problem details, which tell users nothing of the inside. */
final class ProblemAnswers implements WebExceptionHandler, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ProblemAnswers.class);

    private final JsonMapper json;

    ProblemAnswers(JsonMapper json) {
        this.json = json;
    }

    /** Before the one that writes an empty answer. */
    @Override
    public int getOrder() {
        return -1;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            // Part of an answer is out: breaking the connection is the only way left to tell the client. Spring takes a
            // reset for the client's own and would leave the connection open, so it is given an error of ours.
            log.debug("an answer broke off", error);
            return Mono.error(new BrokenAnswerException());
        }
        ProblemException problem = problem(error);
        if (problem.code() == ProblemCode.INTERNAL_ERROR) {
            log.error(
                    "{} {} failed",
                    exchange.getRequest().getMethod(),
                    exchange.getRequest().getPath(),
                    error);
        }
        return write(response, problem);
    }

    private static ProblemException problem(Throwable error) {
        return switch (error) {
            case ProblemException problem -> problem;
            case PrematureCloseException broken ->
                new ProblemException(ProblemCode.BAD_GATEWAY, "The node broke off before its answer's body began.");
            case AbortedException gone -> new ProblemException(ProblemCode.MALFORMED_REQUEST, "The request broke off.");
            case ResponseStatusException answer -> statusProblem(answer.getStatusCode());
            default -> new ProblemException(ProblemCode.INTERNAL_ERROR, "The gateway failed on this request.");
        };
    }

    private static ProblemException statusProblem(HttpStatusCode status) {
        if (status.value() == ProblemCode.NO_ROUTE.status()) {
            return new ProblemException(ProblemCode.NO_ROUTE, "No cluster has a route for this host and path.");
        }
        return status.is4xxClientError()
                ? new ProblemException(ProblemCode.MALFORMED_REQUEST, "The request can't be forwarded as it is.")
                : new ProblemException(ProblemCode.INTERNAL_ERROR, "The gateway failed on this request.");
    }

    private Mono<Void> write(ServerHttpResponse response, ProblemException problem) {
        byte[] body = json.writeValueAsBytes(Problem.of(problem.code(), problem.detail(), List.of(), Optional.empty()));
        response.setRawStatusCode(problem.code().status());
        HttpHeaders headers = response.getHeaders();
        headers.clear();
        headers.set(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        headers.setContentLength(body.length);
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        if (problem.code() == ProblemCode.REQUEST_TIMEOUT) {
            // Whatever might still come would be the rest of a body that nobody reads.
            headers.set(HttpHeaders.CONNECTION, "close");
        }
        DataBuffer buffer = response.bufferFactory().wrap(body);
        return response.writeWith(Mono.just(buffer));
    }

    private static final class BrokenAnswerException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BrokenAnswerException() {
            super("the node broke off in the middle of its answer", null, false, false);
        }
    }
}
