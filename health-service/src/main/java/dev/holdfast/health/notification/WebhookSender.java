package dev.holdfast.health.notification;

import dev.holdfast.api.JournalEventView;
import dev.holdfast.health.notification.NotificationSettings.Webhook;
import dev.holdfast.model.journal.JournalEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/** Delivers one event to one webhook, once. */
final class WebhookSender {

    /** {@code sha256=} and the HMAC-SHA256 of the body under the webhook's secret, in hexadecimal digits. */
    static final String SIGNATURE_HEADER = "X-Holdfast-Signature";

    /** The event's revision: the same on every delivery of an event, so that receivers can drop repetitions. */
    static final String REVISION_HEADER = "X-Holdfast-Revision";

    private static final String HMAC = "HmacSHA256";

    private final HttpClient http;
    private final JsonMapper json;
    private final Duration timeout;

    WebhookSender(HttpClient http, JsonMapper json, Duration timeout) {
        this.http = http;
        this.json = json;
        this.timeout = timeout;
    }

    /**
     * Returns nothing when the receiver took the event, or else why it didn't. It says so by its status alone, and has the
     * timeout for it; whatever it sends after that is not waited for.
     */
    Optional<String> send(Webhook webhook, JournalEvent event) throws InterruptedException {
        byte[] content = json.writeValueAsBytes(JournalEventView.of(event));
        HttpRequest.Builder request = HttpRequest.newBuilder(webhook.url())
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header(REVISION_HEADER, event.revision().toString())
                .POST(HttpRequest.BodyPublishers.ofByteArray(content));
        webhook.secret().ifPresent(secret -> request.header(SIGNATURE_HEADER, "sha256=" + sign(secret, content)));
        webhook.credentials().ifPresent(user -> request.header("Authorization", "Basic " + base64(user)));
        try {
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            // The request's timeout ends with the headers; a body that never ends would otherwise be waited for.
            response.body().close();
            int status = response.statusCode();
            return status / 100 == 2 ? Optional.empty() : Optional.of("it answered " + status);
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String sign(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }
}
