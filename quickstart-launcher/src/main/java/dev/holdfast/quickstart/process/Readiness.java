package dev.holdfast.quickstart.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Tells whether a process that was started has begun its work. */
@FunctionalInterface
public interface Readiness {

    /** How long one question may take; the next one follows anyway. */
    Duration QUESTION_TIMEOUT = Duration.ofSeconds(2);

    /** Asked again and again; answers false, and doesn't throw, while the process isn't there yet. */
    boolean isReady() throws InterruptedException;

    /** Ready when a GET of the address is answered with 200. */
    static Readiness answers(HttpClient client, URI address) {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(QUESTION_TIMEOUT).build();
        return () -> {
            try {
                return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
            } catch (IOException e) {
                return false; // Nothing listens yet.
            }
        };
    }
}
