package dev.holdfast.api.access;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Who holds a token, and what it allows. */
public record TokenHolder(String name, Set<Scope> scopes) {

    public TokenHolder {
        scopes = Set.copyOf(scopes);
    }

    public boolean allows(Scope wanted) {
        return scopes.stream().anyMatch(scope -> scope.includes(wanted));
    }

    /** The authorities of all scopes it has, included ones too. */
    public List<String> authorities() {
        return Arrays.stream(Scope.values())
                .filter(this::allows)
                .map(Scope::authority)
                .toList();
    }
}
