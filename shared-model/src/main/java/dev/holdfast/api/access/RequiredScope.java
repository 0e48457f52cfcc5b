package dev.holdfast.api.access;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The one rule for which scope a request needs; the front door and every service apply it. */
public final class RequiredScope {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** One node's, and not a node or cluster that happens to be named so. */
    private static final Pattern ADMIN_STATE = Pattern.compile("/api/v1/nodes/[^/]+/admin-state");

    /** Nobody but Holdfast's own services gives orders to agents: an operator's word goes through the failover-service. */
    private static final String AGENT_ORDERS = "/api/v1/agent/orders";

    private RequiredScope() {}

    /**
     * The scope needed for {@code method} on {@code path}; empty when anyone may. Looking needs READ, commands (POST) and
     * the admin state of a node need OPERATE, orders to agents SERVICE, and every other change ADMIN.
     */
    public static Optional<Scope> of(String method, String path) {
        if (READING.contains(method) && isOpen(path)) {
            return Optional.empty();
        }
        if (READING.contains(method)) {
            return Optional.of(Scope.READ);
        }
        if (path.equals(AGENT_ORDERS)) {
            return Optional.of(Scope.SERVICE);
        }
        if (method.equals("POST")
                || (method.equals("PUT") && ADMIN_STATE.matcher(path).matches())) {
            return Optional.of(Scope.OPERATE);
        }
        return Optional.of(Scope.ADMIN);
    }

    private static boolean isOpen(String path) {
        return path.equals("/actuator/health")
                || path.startsWith("/actuator/health/")
                || path.equals("/v3/api-docs")
                || path.startsWith("/v3/api-docs/");
    }
}
