package dev.holdfast.failover.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** Makes HTTP clients whose every call ends: connecting and answering each have a timeout. */
public final class HttpClients {

    private final RestClient.Builder builder;
    private final HttpClient http;
    private final Optional<String> serviceToken;

    /**
     * @param builder is copied for each client
     * @param serviceToken shown to other services, and to nobody else
     */
    public HttpClients(RestClient.Builder builder, Duration connectTimeout, Optional<String> serviceToken) {
        this.builder = builder;
        // No upgrade to HTTP/2 is tried, which some servers answer oddly.
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .build();
        this.serviceToken = serviceToken;
    }

    /** A client for anyone, which knows no secret. */
    public RestClient plain(Duration timeout) {
        return withTimeout(timeout).build();
    }

    /** A client of one service at {@code address}, through its HTTP interface. */
    public <T> T service(Class<T> api, URI address, Duration timeout) {
        RestClient.Builder service =
                withTimeout(timeout).baseUrl(address.toString()).requestInterceptor(CallHeaders.interceptor());
        serviceToken.ifPresent(token -> service.defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token));
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(service.build()))
                .build()
                .createClient(api);
    }

    /** Clients of all replicas of one service. */
    public <T> Replicas<T> replicas(Class<T> api, List<URI> addresses, Duration timeout) {
        return new Replicas<>(addresses.stream()
                .map(address -> service(api, address, timeout))
                .toList());
    }

    private RestClient.Builder withTimeout(Duration timeout) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(timeout);
        return builder.clone().requestFactory(requests);
    }
}
