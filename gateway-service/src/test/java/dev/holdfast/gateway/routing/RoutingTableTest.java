package dev.holdfast.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoutingTableTest {

    @Test
    void prefersTheMostExactHostAndThenTheLongestPrefix() {
        RoutingTable table = RoutingTable.of(
                TestClusters.state(Map.of(
                        "any", List.of(new Route("*", "/")),
                        "any-deep", List.of(new Route("*", "/shop/cart")),
                        "domain", List.of(new Route("*.example.org", "/")),
                        "subdomain", List.of(new Route("*.eu.example.org", "/")),
                        "exact", List.of(new Route("www.example.org", "/shop")))),
                RoutingTable.EMPTY);
        assertThat(match(table, "www.example.org:8080", "/shop/x")).isEqualTo("exact");
        assertThat(match(table, "WWW.Example.Org.", "/shop")).isEqualTo("exact");
        assertThat(match(table, "www.example.org", "/shopping")).isEqualTo("domain");
        assertThat(match(table, "a.b.eu.example.org", "/")).isEqualTo("subdomain");
        assertThat(match(table, "example.org", "/shop/cart/1")).isEqualTo("any-deep");
        assertThat(match(table, "example.org", "/shop/carton")).isEqualTo("any");
        assertThat(match(table, "[::1]:80", "/")).isEqualTo("any");
        assertThat(match(table, "", "")).isEqualTo("any");
    }

    @Test
    void hasNoClusterForWhatNoRouteNames() {
        RoutingTable table = RoutingTable.of(
                TestClusters.state(Map.of("shop", List.of(new Route("shop.example", "/a/b/")))), RoutingTable.EMPTY);
        assertThat(match(table, "shop.example", "/a")).isNull();
        assertThat(match(table, "other.example", "/a/b")).isNull();
        assertThat(match(table, "shop.example", "/a/b")).isEqualTo("shop");
        assertThat(match(table, "shop.example", "/a/b/c")).isEqualTo("shop");
        assertThat(match(RoutingTable.EMPTY, "shop.example", "/")).isNull();
    }

    @Test
    void givesARouteThatTwoClustersClaimToTheFirstById() {
        RoutingTable table = RoutingTable.of(
                TestClusters.state(Map.of("b", List.of(new Route("*", "/")), "a", List.of(new Route("*", "/")))),
                RoutingTable.EMPTY);
        assertThat(match(table, "x", "/")).isEqualTo("a");
    }

    @Test
    void keepsWhatHasNotChanged() {
        ClusterState before = TestClusters.state(Map.of("a", List.of(new Route("*", "/a"))));
        Map<ClusterId, ClusterState.Members> more = new HashMap<>(before.clusters());
        more.putAll(
                TestClusters.state(Map.of("b", List.of(new Route("*", "/b")))).clusters());
        RoutingTable first = RoutingTable.of(before, RoutingTable.EMPTY);
        RoutingTable second = RoutingTable.of(new ClusterState(new Revision(2), List.of(), more), first);
        assertThat(second.cluster(new ClusterId("a"))).isSameAs(first.cluster(new ClusterId("a")));
        assertThat(match(second, "x", "/b")).isEqualTo("b");
        assertThat(second.revision()).isEqualTo(new Revision(2));
    }

    @Property(tries = 300)
    void agreesWithASearchThroughAllRoutes(@ForAll("routes") List<Route> routes, @ForAll("routes") List<Route> asked) {
        Map<String, List<Route>> clusters = new HashMap<>();
        for (int i = 0; i < routes.size(); i++) {
            clusters.put("c%03d".formatted(i), List.of(routes.get(i)));
        }
        RoutingTable table = RoutingTable.of(TestClusters.state(clusters), RoutingTable.EMPTY);
        for (Route request : asked) {
            String host = request.host().replace("*", "z");
            assertThat(match(table, host, request.pathPrefix())).isEqualTo(search(routes, host, request.pathPrefix()));
        }
    }

    private static @Nullable String search(List<Route> routes, String host, String path) {
        int best = -1;
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            if (matches(route, host, path) && (best < 0 || rank(route) > rank(routes.get(best)))) {
                best = i;
            }
        }
        return best < 0 ? null : "c%03d".formatted(best);
    }

    private static boolean matches(Route route, String host, String path) {
        boolean hostMatches = route.host().equals("*")
                || route.host().equals(host)
                || (route.host().startsWith("*.") && host.endsWith(route.host().substring(1)));
        String prefix = route.pathPrefix().equals("/") ? "" : route.pathPrefix();
        return hostMatches && (path + "/").startsWith(prefix + "/");
    }

    private static int rank(Route route) {
        int host = route.host().equals("*")
                ? 0
                : route.host().startsWith("*.") ? route.host().length() : 1000;
        return host * 1000
                + (route.pathPrefix().equals("/") ? 0 : route.pathPrefix().length());
    }

    @Provide
    Arbitrary<List<Route>> routes() {
        Arbitrary<String> labels = Arbitraries.of("a", "b", "c");
        Arbitrary<String> names = labels.list().ofMinSize(1).ofMaxSize(3).map(parts -> String.join(".", parts));
        Arbitrary<String> hosts = Arbitraries.oneOf(names, names.map(name -> "*." + name), Arbitraries.just("*"));
        Arbitrary<String> paths = labels.list().ofMaxSize(3).map(parts -> "/" + String.join("/", parts));
        return Combinators.combine(hosts, paths)
                .as(Route::new)
                .list()
                .ofMaxSize(12)
                .map(ArrayList::new);
    }

    private static @Nullable String match(RoutingTable table, String host, String path) {
        RoutedCluster cluster = table.match(host, path);
        return cluster == null ? null : Objects.toString(cluster.id());
    }
}
