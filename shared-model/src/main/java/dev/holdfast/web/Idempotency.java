package dev.holdfast.web;

import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.store.RememberedAnswer;
import dev.holdfast.model.store.StateChange;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives a request that carries an {@code Idempotency-Key} its effect once. The answer is remembered in the transaction
 * of the effect itself, so that no crash can separate them.
 */
public final class Idempotency {

    /** The header by which a client names a request that it may repeat. */
    public static final String KEY_HEADER = "Idempotency-Key";

    /** Set to {@code true} on an answer that was given before. */
    public static final String REPLAYED_HEADER = "Idempotent-Replayed";

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final String service;
    private final JsonMapper mapper;

    /** @param service whose keys these are */
    public Idempotency(String service, JsonMapper mapper) {
        this.service = service;
        this.mapper = mapper;
    }

    /**
     * A request as far as repeating it goes.
     *
     * @param key as the client gave it; empty when it gave none
     * @param target method and path, with the query
     * @param body the parsed body; empty when there is none
     */
    public record Request(Optional<String> key, String target, Optional<?> body) {

        public Request {
            if (key.isPresent() && !KEY.matcher(key.get()).matches()) {
                throw ProblemException.ofField(
                        ProblemCode.MALFORMED_REQUEST, KEY_HEADER, "is 1 to 255 visible ASCII characters");
            }
        }
    }

    /**
     * Runs {@code effect} inside {@code change}, or gives the answer that it had when the same caller sent the same
     * request under the same key before. Another request under that key is a problem. Whatever {@code effect} answers is
     * remembered, a refusal too; what it throws is not, and is tried anew.
     */
    public ResponseEntity<?> once(StateChange change, Request request, Supplier<? extends ResponseEntity<?>> effect) {
        if (request.key().isEmpty()) {
            return effect.get();
        }
        String key = Caller.current().name() + "/" + request.key().get();
        String digest = TokenDirectory.sha256(request.target() + "\n"
                + request.body().map(mapper::writeValueAsString).orElse(""));
        Optional<RememberedAnswer> remembered = change.rememberedAnswer(service, key);
        if (remembered.isPresent()) {
            return replay(remembered.get(), digest);
        }
        ResponseEntity<?> answer = effect.get();
        change.remember(new RememberedAnswer(
                service,
                key,
                digest,
                answer.getStatusCode().value(),
                mapper.writeValueAsString(replayedHeaders(answer.getHeaders())),
                answer.hasBody() ? mapper.writeValueAsString(answer.getBody()) : "",
                change.now()));
        return answer;
    }

    private ResponseEntity<?> replay(RememberedAnswer remembered, String digest) {
        if (!remembered.requestDigest().equals(digest)) {
            throw ProblemException.ofField(
                    ProblemCode.IDEMPOTENCY_KEY_REUSED,
                    KEY_HEADER,
                    "was used for another request; use a new key for a new request");
        }
        Map<String, String> headers = mapper.readValue(remembered.headers(), new TypeReference<>() {});
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(remembered.status()).header(REPLAYED_HEADER, "true");
        headers.forEach(answer::header);
        return remembered.body().isEmpty() ? answer.build() : answer.body(mapper.readTree(remembered.body()));
    }

    private static Map<String, String> replayedHeaders(HttpHeaders headers) {
        Map<String, String> kept = new LinkedHashMap<>();
        Optional.ofNullable(headers.getETag()).ifPresent(tag -> kept.put(HttpHeaders.ETAG, tag));
        Optional.ofNullable(headers.getLocation())
                .map(URI::toString)
                .ifPresent(location -> kept.put(HttpHeaders.LOCATION, location));
        Optional.ofNullable(headers.getContentType())
                .map(MediaType::toString)
                .ifPresent(type -> kept.put(HttpHeaders.CONTENT_TYPE, type));
        return kept;
    }
}
