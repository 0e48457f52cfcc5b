package dev.holdfast.api.access;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The tokens that this installation knows.
 *
 * @param tokens who may call; none means that nobody may
 * @param serviceToken the token, in plain, by which this service calls the others; empty when it calls none
 */
@ConfigurationProperties("holdfast.access")
public record AccessSettings(@DefaultValue List<Token> tokens, Optional<String> serviceToken) {

    public AccessSettings {
        tokens = List.copyOf(tokens);
        Set<String> names = new HashSet<>();
        for (Token token : tokens) {
            if (!names.add(token.name())) {
                throw new IllegalArgumentException("holdfast.access.tokens has two tokens named " + token.name());
            }
        }
    }

    /**
     * A token, known by its hash only.
     *
     * @param name who holds it; stands in the journal
     * @param sha256 SHA-256 of the token, 64 hexadecimal digits
     * @param scopes at least one
     */
    public record Token(String name, String sha256, Set<Scope> scopes) {

        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");

        private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

        public Token {
            if (name == null || !NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "holdfast.access.tokens[].name is 1 to 63 letters, digits and . _ @ -, not " + name);
            }
            sha256 = String.valueOf(sha256).toLowerCase(Locale.ROOT);
            if (!SHA256.matcher(sha256).matches()) {
                throw new IllegalArgumentException("holdfast.access.tokens[].sha256 of " + name
                        + " is not 64 hexadecimal digits; make it with: printf %s TOKEN | sha256sum");
            }
            scopes = scopes == null ? Set.of() : Set.copyOf(scopes);
            if (scopes.isEmpty()) {
                throw new IllegalArgumentException("holdfast.access.tokens[].scopes of " + name + " is empty");
            }
        }

        /** Its scopes as text leaves the hash out. */
        @Override
        public String toString() {
            return "Token[name=" + name + ", scopes=" + scopes + "]";
        }
    }

    /** Leaves the service token out. */
    @Override
    public String toString() {
        return "AccessSettings[tokens=" + tokens + "]";
    }
}
