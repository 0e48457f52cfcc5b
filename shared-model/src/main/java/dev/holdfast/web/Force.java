package dev.holdfast.web;

import dev.holdfast.api.access.Scope;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Overriding a safety rule, as with {@code force=true}: an administrator's, and the journal shows why. */
public final class Force {

    private Force() {}

    /** Throws the problem unless the caller of the current request may override safety rules and gives a reason. */
    public static void requireAllowed(Optional<String> reason) {
        requireAllowed("force=true", reason);
    }

    /** @param override what the caller has set in order to override them */
    public static void requireAllowed(String override, Optional<String> reason) {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        boolean isAdmin = authentication != null
                && authentication.getAuthorities().stream()
                        .anyMatch(authority -> Scope.ADMIN.authority().equals(authority.getAuthority()));
        if (!isAdmin) {
            throw new ProblemException(ProblemCode.FORBIDDEN, override + " needs a token with the scope admin.");
        }
        if (reason.filter(given -> !given.isBlank()).isEmpty()) {
            throw ProblemException.ofField(ProblemCode.VALIDATION_FAILED, "reason", "is required with " + override);
        }
    }
}
