package dev.holdfast.region.synchronisation;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks nodes whether they are synchronised. Bodies are not read. Safe for use by many threads. */
final class HookClient implements AutoCloseable {

    /** What a node answered. */
    record Answer(boolean synchronised, String detail) {}

    private static final int OK = 200;

    /** A lower bound of the hook's own timeout applies to connecting as well. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient verifying = client().build();
    private final HttpClient trusting = client().sslContext(trustingEveryone()).build();

    /** Asks once, within the question's timeout. Every failure is an answer too. */
    Answer ask(JoiningNode.Question question) throws InterruptedException {
        HttpClient client = question.tlsVerify() ? verifying : trusting;
        try {
            HttpRequest request = HttpRequest.newBuilder(question.uri())
                    .timeout(question.timeout())
                    .header("User-Agent", "holdfast-synchronisation")
                    .build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            // Closing before the end cuts off a body that may be long or never end.
            response.body().close();
            return new Answer(response.statusCode() == OK, response.statusCode() + " from GET " + question.uri());
        } catch (HttpTimeoutException e) {
            return new Answer(false, "no answer from GET " + question.uri() + " within " + question.timeout());
        } catch (IllegalArgumentException e) {
            return new Answer(false, "GET " + question.uri() + " can't be asked: " + e.getMessage());
        } catch (IOException e) {
            return new Answer(
                    false,
                    "no answer from GET " + question.uri() + ": " + e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        verifying.shutdownNow();
        trusting.shutdownNow();
    }

    private static HttpClient.Builder client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT);
    }

    private static SSLContext trustingEveryone() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustEveryone()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** For clusters whose checks have {@code tlsVerify: false}. The extended form also leaves host names unchecked. */
    private static final class TrustEveryone extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
