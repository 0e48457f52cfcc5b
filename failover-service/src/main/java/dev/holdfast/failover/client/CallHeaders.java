package dev.holdfast.failover.client;

import java.util.Map;
import java.util.function.Supplier;
import org.springframework.http.client.ClientHttpRequestInterceptor;

/** Headers of one call through an HTTP interface that has no parameter for them. */
public final class CallHeaders {

    private static final ScopedValue<Map<String, String>> HEADERS = ScopedValue.newInstance();

    private CallHeaders() {}

    /** Makes {@code call}; the requests that this thread sends meanwhile carry {@code headers}. */
    static <R> R with(Map<String, String> headers, Supplier<R> call) {
        return ScopedValue.where(HEADERS, Map.copyOf(headers)).call(call::get);
    }

    /** The headers of the call that this thread makes; none outside of one. */
    public static Map<String, String> current() {
        return HEADERS.isBound() ? HEADERS.get() : Map.of();
    }

    /** Adds the headers to the requests of a client. */
    public static ClientHttpRequestInterceptor interceptor() {
        return (request, body, execution) -> {
            current().forEach(request.getHeaders()::set);
            return execution.execute(request, body);
        };
    }
}
