package dev.holdfast.web;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Reads a {@link WriteRequest} from headers and query; a malformed one is a problem that names the header. */
final class WriteRequestResolver implements HandlerMethodArgumentResolver {

    static final String DRY_RUN = "dryRun";

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == WriteRequest.class;
    }

    @Override
    public WriteRequest resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest request = (HttpServletRequest) webRequest.getNativeRequest();
        List<String> keys = headers(request, Idempotency.KEY_HEADER);
        if (keys.size() > 1) {
            throw ProblemException.ofField(ProblemCode.MALFORMED_REQUEST, Idempotency.KEY_HEADER, "must be given once");
        }
        WriteRequest read = new WriteRequest(
                keys.stream().findFirst(),
                target(request),
                Preconditions.parse(
                        headers(request, HttpHeaders.IF_MATCH), headers(request, HttpHeaders.IF_NONE_MATCH)),
                dryRun(Optional.ofNullable(request.getParameter(DRY_RUN))));
        // Refuses a malformed key before anything is done.
        read.idempotent(Optional.empty());
        return read;
    }

    private static String target(HttpServletRequest request) {
        String path = request.getMethod() + " " + request.getRequestURI();
        return request.getQueryString() == null ? path : path + "?" + request.getQueryString();
    }

    private static boolean dryRun(Optional<String> given) {
        return given.map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw ProblemException.ofField(ProblemCode.MALFORMED_REQUEST, DRY_RUN, "must be true or false");
                })
                .orElse(false);
    }

    private static List<String> headers(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name));
    }
}
