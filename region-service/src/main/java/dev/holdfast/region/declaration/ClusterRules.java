package dev.holdfast.region.declaration;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Route;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster's declaration must satisfy beyond the form of its fields. The form may be broken too: members that the
 * form demands may be missing, and are left to the check of the form.
 */
public final class ClusterRules {

    private static final Pattern STATUS_RANGE = Pattern.compile("(\\d{3})-(\\d{3})");

    private ClusterRules() {}

    public static void check(
            ClusterId id, ClusterDeclaration declared, Surroundings surroundings, Violations violations) {
        declared.id()
                .filter(given -> !given.equals(id))
                .ifPresent(given -> violations.add("id", "is " + given + ", and the path says " + id));
        checkRoutes(id, declared.routes(), surroundings, violations);
        checkHealthCheck(declared.check(), violations);
        atMost(
                "retries.perTryTimeout",
                declared.retries().perTryTimeout(),
                "requestTimeout",
                declared.retries().requestTimeout(),
                violations);
        atMost(
                "ejection.baseEjectionTime",
                declared.ejection().baseEjectionTime(),
                "maxEjectionTime",
                declared.ejection().maxEjectionTime(),
                violations);
        declared.synchronisation().ifPresent(hook -> checkPath("synchronisation.path", hook.path(), violations));
        declared.restart().ifPresent(hook -> checkRestartUrl(hook.url(), violations));
        NodeRules.checkAll(id, declared.nodes(), surroundings, violations);
        PostgresRules.check(id, declared, surroundings, violations);
    }

    private static void checkHealthCheck(HealthCheck check, Violations violations) {
        atMost("check.timeout", check.timeout(), "interval", check.interval(), violations);
        Matcher range = STATUS_RANGE.matcher(check.expectedStatus());
        if (range.matches() && range.group(1).compareTo(range.group(2)) > 0) {
            violations.add("check.expectedStatus", "is a range from the lower status to the higher one");
        }
        if (check.type().isHttp()) {
            checkPath("check.path", check.path(), violations);
        }
    }

    private static void checkRoutes(
            ClusterId id, List<Route> routes, Surroundings surroundings, Violations violations) {
        Map<Surroundings.RouteKey, Integer> seen = new HashMap<>();
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (route == null) {
                continue;
            }
            Surroundings.RouteKey key = Surroundings.RouteKey.of(route);
            Integer first = seen.putIfAbsent(key, i);
            if (first != null) {
                violations.add("routes[" + i + "]", "is the same route as routes[" + first + "]");
            }
            ClusterId owner = surroundings.routes().get(key);
            if (owner != null && !owner.equals(id)) {
                violations.conflict(
                        ProblemCode.ROUTE_TAKEN,
                        "routes[" + i + "]",
                        "the route " + route.host() + route.pathPrefix() + " belongs to the cluster " + owner);
            }
        }
    }

    private static void atMost(String field, Duration value, String boundName, Duration bound, Violations violations) {
        if (value.compareTo(bound) > 0) {
            violations.add(field, "must not be longer than " + boundName);
        }
    }

    private static void checkPath(String field, @Nullable String path, Violations violations) {
        if (path == null || !path.startsWith("/")) {
            return;
        }
        URI uri = parsed("http://node" + path);
        if (uri == null || uri.getRawFragment() != null) {
            violations.add(field, "must be a path that can stand in a URL; write other characters as %XX");
        }
    }

    private static void checkRestartUrl(@Nullable String url, Violations violations) {
        if (url == null) {
            return;
        }
        URI uri = parsed(url.replace("{node}", "node"));
        if (uri == null || uri.getHost() == null) {
            violations.add("restart.url", "must be a URL with a host, such as \"http://10.0.0.1:9900/restart/{node}\"");
        } else if (uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
            violations.add(
                    "restart.url",
                    "must have no user, password or query, since everyone may read it; a secret belongs in"
                            + " restart.authorization, and the call's body names the node");
        }
    }

    private static @Nullable URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
