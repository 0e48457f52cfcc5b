package dev.holdfast.gateway.routing;

import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cluster of a host and path: one hash lookup for each label of the host and each segment of the path, however
 * many routes there are.
 */
final class RouteIndex {

    private static final String WILDCARD = "*.";

    private final Map<String, Segment> exactHosts = new HashMap<>();
    private final Map<String, Segment> domains = new HashMap<>();
    private final Segment anyHost = new Segment();

    /** Where two clusters claim one route, the first by id has it. */
    RouteIndex(SortedMap<ClusterId, List<Route>> routes) {
        routes.forEach(
                (cluster, its) -> its.forEach(route -> rootOf(route.host()).add(route.pathPrefix(), cluster)));
    }

    private Segment rootOf(String host) {
        if (host.equals(Route.ANY_HOST)) {
            return anyHost;
        }
        return host.startsWith(WILDCARD)
                ? domains.computeIfAbsent(host.substring(WILDCARD.length()), name -> new Segment())
                : exactHosts.computeIfAbsent(host, name -> new Segment());
    }

    /**
     * The cluster of the longest matching prefix of the most exact host that has one.
     *
     * @param host as in a Host header, in any case, with or without a port; empty when the request has none
     * @param path encoded, as received
     */
    @Nullable
    ClusterId find(String host, String path) {
        String name = normalised(host);
        ClusterId found = find(exactHosts.get(name), path);
        int dot = domains.isEmpty() ? -1 : name.indexOf('.');
        while (found == null && dot >= 0) {
            found = find(domains.get(name.substring(dot + 1)), path);
            dot = name.indexOf('.', dot + 1);
        }
        return found != null ? found : anyHost.find(path);
    }

    private static @Nullable ClusterId find(@Nullable Segment root, String path) {
        return root == null ? null : root.find(path);
    }

    private static String normalised(String host) {
        // The port starts at the last colon, unless that stands inside the brackets of an IPv6 address.
        int colon = host.lastIndexOf(':');
        int end = colon > host.lastIndexOf(']') ? colon : host.length();
        if (end > 0 && host.charAt(end - 1) == '.') {
            end--;
        }
        return host.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /** One segment of path prefixes, and what lies below it. */
    private static final class Segment {

        private final Map<String, Segment> next = new HashMap<>();
        private @Nullable ClusterId cluster;

        void add(String prefix, ClusterId owner) {
            Segment at = this;
            for (String name : prefix.split("/", -1)) {
                if (!name.isEmpty()) {
                    at = at.next.computeIfAbsent(name, absent -> new Segment());
                }
            }
            if (at.cluster == null) {
                at.cluster = owner;
            }
        }

        @Nullable
        ClusterId find(String path) {
            Segment at = this;
            ClusterId longest = cluster;
            int start = 1;
            while (!at.next.isEmpty() && start <= path.length()) {
                int slash = path.indexOf('/', start);
                int end = slash < 0 ? path.length() : slash;
                Segment below = at.next.get(path.substring(start, end));
                if (below == null) {
                    break;
                }
                at = below;
                longest = at.cluster != null ? at.cluster : longest;
                start = end + 1;
            }
            return longest;
        }
    }
}
