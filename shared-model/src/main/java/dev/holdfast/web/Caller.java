package dev.holdfast.web;

import dev.holdfast.api.access.OnBehalfOf;
import dev.holdfast.api.access.Scope;
import java.util.regex.Pattern;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Who makes the request that this thread serves.
 *
 * @param name the token's name; for a service that acts for a user, {@code "user via service"}
 */
public record Caller(String name) {

    private static final Pattern USER = Pattern.compile("[\\x21-\\x7e ]{1,200}");

    /** The caller of the current request. Outside of an authenticated request an {@link IllegalStateException}. */
    public static Caller current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication == null || !authentication.isAuthenticated()) {
            throw new IllegalStateException("no authenticated request is served by this thread");
        }
        String name = authentication.getName();
        boolean isService = authentication.getAuthorities().stream()
                .anyMatch(authority -> Scope.SERVICE.authority().equals(authority.getAuthority()));
        if (isService && RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) {
            String user = attributes.getRequest().getHeader(OnBehalfOf.HEADER);
            if (user != null && USER.matcher(user).matches()) {
                return new Caller(user + " via " + name);
            }
        }
        return new Caller(name);
    }
}
