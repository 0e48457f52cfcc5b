package dev.holdfast.api.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the holder of a token. Only hashes are kept and compared, so neither memory nor timing tells a token. Immutable.
 */
public final class TokenDirectory {

    private final Map<String, AccessSettings.Token> byHash;

    public TokenDirectory(AccessSettings settings) {
        byHash = settings.tokens().stream()
                .collect(Collectors.toUnmodifiableMap(AccessSettings.Token::sha256, Function.identity()));
    }

    /** The holder of {@code token}; empty when nobody has it. */
    public Optional<TokenHolder> lookup(String token) {
        return Optional.ofNullable(byHash.get(sha256(token)))
                .map(found -> new TokenHolder(found.name(), found.scopes()));
    }

    /** SHA-256 of {@code text} as 64 hexadecimal digits. */
    public static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
