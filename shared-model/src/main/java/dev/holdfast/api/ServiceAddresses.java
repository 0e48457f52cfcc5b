package dev.holdfast.api;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the services answer: base URLs, one for each replica.
 *
 * @param region default {@code http://127.0.0.1:9101}
 * @param health default {@code http://127.0.0.1:9201}
 * @param failover default {@code http://127.0.0.1:9301}
 * @param gateways control ports of all gateways; default {@code http://127.0.0.1:9000}
 */
@ConfigurationProperties("holdfast.services")
public record ServiceAddresses(
        @DefaultValue("http://127.0.0.1:9101") List<URI> region,
        @DefaultValue("http://127.0.0.1:9201") List<URI> health,
        @DefaultValue("http://127.0.0.1:9301") List<URI> failover,
        @DefaultValue("http://127.0.0.1:9000") List<URI> gateways) {

    public ServiceAddresses {
        region = validated("region", region);
        health = validated("health", health);
        failover = validated("failover", failover);
        gateways = validated("gateways", gateways);
    }

    private static List<URI> validated(String name, List<URI> addresses) {
        for (URI address : addresses) {
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (!http || address.getHost() == null) {
                throw new IllegalArgumentException(
                        "holdfast.services." + name + " holds base URLs such as http://10.0.0.5:9101, not " + address);
            }
        }
        return List.copyOf(addresses);
    }
}
