package dev.holdfast.web;

import dev.holdfast.api.problem.DocumentProblems;
import dev.holdfast.api.problem.FieldError;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.store.LeaseLostException;
import dev.holdfast.model.store.StaleVersionException;
import dev.holdfast.model.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestValueException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Turns every exception that reaches the edge into a problem with a stable code. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    private final ProblemWriter problems;

    ProblemAdvice(ProblemWriter problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    ResponseEntity<Object> problem(ProblemException e) {
        return problems.answer(e);
    }

    @ExceptionHandler
    ResponseEntity<Object> unavailable(StoreUnavailableException e) {
        log.warn("the cluster-state store can't be reached: {}", e.getMessage());
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "1");
        return problems.entity(
                ProblemCode.STORE_UNAVAILABLE,
                "The cluster-state store can't be reached. A change may or may not have been made; try again with the"
                        + " same Idempotency-Key.",
                List.of(),
                headers);
    }

    @ExceptionHandler
    ResponseEntity<Object> stale(StaleVersionException e) {
        return simple(ProblemCode.STALE_VERSION, "It was changed meanwhile. Read it again and repeat the change.");
    }

    @ExceptionHandler
    ResponseEntity<Object> leaseLost(LeaseLostException e) {
        return simple(ProblemCode.SERVICE_UNAVAILABLE, "Another replica took this work over. Try again.");
    }

    @ExceptionHandler
    ResponseEntity<Object> wrongParameter(MethodArgumentTypeMismatchException e) {
        return field(ProblemCode.MALFORMED_REQUEST, e.getName(), mustBe(e));
    }

    @ExceptionHandler
    ResponseEntity<Object> unexpected(Exception e) {
        log.error("a request failed unexpectedly", e);
        return simple(ProblemCode.INTERNAL_ERROR, "An unexpected error. The log has it under the trace id.");
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException) {
                return simple(ProblemCode.DOCUMENT_TOO_LARGE, BodyLimitFilter.detail());
            }
            if (cause instanceof ProblemException problem) {
                return problem(problem);
            }
        }
        if (e.getCause() instanceof JacksonException jackson) {
            return problem(DocumentProblems.of(jackson));
        }
        return field(ProblemCode.MALFORMED_DOCUMENT, "(document)", "is missing or can't be read");
    }

    @Override
    protected ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<FieldError> unreadable = e.getBindingResult().getFieldErrors().stream()
                .filter(error -> error.isBindingFailure() && error.contains(TypeMismatchException.class))
                .map(error -> new FieldError(error.getField(), mustBe(error.unwrap(TypeMismatchException.class))))
                .toList();
        if (!unreadable.isEmpty()) {
            return problems.entity(
                    ProblemCode.MALFORMED_REQUEST,
                    unreadable.getFirst().field() + ": " + unreadable.getFirst().message(),
                    unreadable,
                    new HttpHeaders());
        }
        Stream<FieldError> fields = e.getBindingResult().getFieldErrors().stream()
                .map(error -> new FieldError(error.getField(), message(error)));
        Stream<FieldError> whole = e.getBindingResult().getGlobalErrors().stream()
                .map(error -> new FieldError("(document)", message(error)));
        return violations(Stream.concat(fields, whole));
    }

    @Override
    protected ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return violations(e.getParameterValidationResults().stream().flatMap(ProblemAdvice::errors));
    }

    /** Everything else that Spring answers: the status decides the code. */
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (e instanceof MissingRequestValueException missing) {
            return simple(
                    ProblemCode.MALFORMED_REQUEST,
                    String.valueOf(missing.getBody().getDetail()));
        }
        ProblemCode code = switch (status.value()) {
            case 404 -> ProblemCode.NOT_FOUND;
            case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
            case 406 -> ProblemCode.NOT_ACCEPTABLE;
            case 413 -> ProblemCode.DOCUMENT_TOO_LARGE;
            case 415 -> ProblemCode.UNSUPPORTED_MEDIA_TYPE;
            case 503 -> ProblemCode.SERVICE_UNAVAILABLE;
            default -> status.is4xxClientError() ? ProblemCode.MALFORMED_REQUEST : ProblemCode.INTERNAL_ERROR;
        };
        if (code == ProblemCode.INTERNAL_ERROR) {
            return unexpected(e);
        }
        return problems.entity(code, detail(code, headers), List.of(), headers);
    }

    private static String detail(ProblemCode code, HttpHeaders headers) {
        return switch (code) {
            case METHOD_NOT_ALLOWED -> "Allowed here: " + headers.getAllow() + ".";
            case UNSUPPORTED_MEDIA_TYPE -> "Taken here: " + headers.getAccept() + ".";
            case NOT_FOUND -> "The paths of the API stand at /v3/api-docs.";
            default -> code.title() + ".";
        };
    }

    private ResponseEntity<Object> violations(Stream<FieldError> found) {
        List<FieldError> errors =
                found.sorted(Comparator.comparing(FieldError::field)).toList();
        String detail = errors.size() == 1
                ? errors.getFirst().field() + ": " + errors.getFirst().message()
                : errors.size() + " fields break a rule; see errors.";
        return problems.entity(ProblemCode.VALIDATION_FAILED, detail, errors, new HttpHeaders());
    }

    private static Stream<FieldError> errors(ParameterValidationResult result) {
        String parameter = String.valueOf(result.getMethodParameter().getParameterName());
        return result.getResolvableErrors().stream()
                .map(error -> error instanceof org.springframework.validation.FieldError field
                        ? new FieldError(field.getField(), message(field))
                        : new FieldError(parameter, message(error)));
    }

    /** What the parameter must look like; ids say it themselves. */
    private static String mustBe(TypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        String root = e.getMostSpecificCause() instanceof IllegalArgumentException reason
                ? String.valueOf(reason.getMessage())
                : "";
        if (type != null && type.isEnum()) {
            return "must be one of " + Arrays.toString(type.getEnumConstants());
        }
        if (type == Instant.class) {
            return "must be a time, such as 2026-01-31T12:00:00Z";
        }
        return root.startsWith("a ") ? root : "has the wrong form";
    }

    private static String message(MessageSourceResolvable error) {
        return error.getDefaultMessage() == null ? "is not valid" : error.getDefaultMessage();
    }

    private ResponseEntity<Object> field(ProblemCode code, String field, String message) {
        return problem(ProblemException.ofField(code, field, message));
    }

    private ResponseEntity<Object> simple(ProblemCode code, String detail) {
        return problems.entity(code, detail, List.of(), new HttpHeaders());
    }
}
