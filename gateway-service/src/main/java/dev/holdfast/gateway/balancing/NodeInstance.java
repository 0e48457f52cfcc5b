package dev.holdfast.gateway.balancing;

import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.gateway.routing.Target;
import java.net.URI;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;

/**
 * A node, picked for a request.
 *
 * @param cluster as it stood when the node was picked
 * @param panic whether it was picked in panic
 */
public record NodeInstance(RoutedCluster cluster, Target target, boolean panic) implements ServiceInstance {

    @Override
    public String getInstanceId() {
        return target.id().value();
    }

    @Override
    public String getServiceId() {
        return cluster.id().value();
    }

    @Override
    public String getHost() {
        return target.address().urlHost();
    }

    @Override
    public int getPort() {
        return target.address().port();
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public URI getUri() {
        return URI.create("http://" + target.address());
    }

    @Override
    public Map<String, String> getMetadata() {
        return Map.of("region", target.region().value(), "zone", target.zone().value());
    }
}
