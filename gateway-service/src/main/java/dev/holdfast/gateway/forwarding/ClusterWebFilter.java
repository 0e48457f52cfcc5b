package dev.holdfast.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import dev.holdfast.gateway.routing.CurrentTable;
import dev.holdfast.gateway.routing.RoutedCluster;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Hands every request that the table knows a cluster for to the gateway's filters. One lookup, however many routes there
 * are. It stands before Spring's handler mappings, which would answer CORS preflights themselves: those are the nodes'.
 */
final class ClusterWebFilter implements WebFilter, Ordered {

    /** The attribute that holds the {@link ForwardedRequest}. */
    static final String REQUEST = ForwardedRequest.class.getName();

    private final Route route = Route.async()
            .id("clusters")
            .uri("http://cluster.invalid")
            .predicate(exchange -> true)
            .build();

    private final FilteringWebHandler filters;
    private final CurrentTable table;
    private final ClusterForwardings forwardings;
    private final ForwardedRequest.Measures measures;

    ClusterWebFilter(
            FilteringWebHandler filters,
            CurrentTable table,
            ClusterForwardings forwardings,
            ForwardedRequest.Measures measures) {
        this.filters = filters;
        this.table = table;
        this.forwardings = forwardings;
        this.measures = measures;
    }

    /** After every other one: what the table doesn't know goes on to where nothing is found. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        String host = request.getHeaders().getFirst(HttpHeaders.HOST);
        RoutedCluster cluster =
                table.get().match(host == null ? "" : host, request.getURI().getRawPath());
        if (cluster == null) {
            return chain.filter(exchange);
        }
        ForwardedRequest forwarded = new ForwardedRequest(exchange, cluster, forwardings.of(cluster.id()), measures);
        exchange.getAttributes().put(GATEWAY_ROUTE_ATTR, route);
        exchange.getAttributes().put(REQUEST, forwarded);
        return filters.handle(exchange);
    }
}
