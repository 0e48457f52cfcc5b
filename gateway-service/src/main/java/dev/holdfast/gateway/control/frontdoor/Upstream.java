package dev.holdfast.gateway.control.frontdoor;

import dev.holdfast.api.ServiceAddresses;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A service behind the front door. */
public enum Upstream {
    REGION("region-service"),
    HEALTH("health-service"),
    FAILOVER("failover-service");

    private static final String API = "/api/v1/";

    private static final Set<String> HEALTH_OF_NODE = Set.of("health", "probe", "hints");

    private static final Set<String> OPERATIONS_ON_CLUSTER =
            Set.of("rolling-restart", "primary", "explain", "failover", "switchover");

    private static final Set<String> OPERATIONS_ON_NODE = Set.of("drain", "maintenance", "enable");

    private final String service;

    Upstream(String service) {
        this.service = service;
    }

    /** The service's name, as in its logs and documents. */
    public String service() {
        return service;
    }

    /** Where its replicas answer. */
    public List<URI> addresses(ServiceAddresses all) {
        return switch (this) {
            case REGION -> all.region();
            case HEALTH -> all.health();
            case FAILOVER -> all.failover();
        };
    }

    /** The service that serves {@code path}, which may be a template; empty when none does. */
    public static Optional<Upstream> serving(String path) {
        if (!path.startsWith(API)) {
            return Optional.empty();
        }
        String[] segments = path.substring(API.length()).split("/", -1);
        String last = segments[segments.length - 1];
        boolean partOfOne = segments.length == 3;
        return switch (segments[0]) {
            case "nodes" -> {
                if (partOfOne && HEALTH_OF_NODE.contains(last)) {
                    yield Optional.of(HEALTH);
                }
                yield Optional.of(partOfOne && OPERATIONS_ON_NODE.contains(last) ? FAILOVER : REGION);
            }
            case "clusters" ->
                Optional.of(segments.length > 2 && OPERATIONS_ON_CLUSTER.contains(segments[2]) ? FAILOVER : REGION);
            case "regions", "journal" -> Optional.of(REGION);
            case "observers" -> Optional.of(HEALTH);
            case "operations", "failovers" -> Optional.of(FAILOVER);
            default -> Optional.empty();
        };
    }
}
