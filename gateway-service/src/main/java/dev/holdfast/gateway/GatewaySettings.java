package dev.holdfast.gateway;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this gateway runs.
 *
 * @param dataPort where users' requests come in; 0 for any free port
 * @param controlPort where operators come in; 0 for any free port
 * @param snapshotFile where the last good cluster state is kept
 * @param trustedProxies a regular expression of the addresses of proxies whose {@code X-Forwarded-*} headers are kept;
 *     empty for none
 * @param upstream how connections to nodes are kept
 * @param limits of the data port
 */
@ConfigurationProperties("holdfast.gateway")
public record GatewaySettings(
        @DefaultValue("8080") int dataPort,
        @DefaultValue("9000") int controlPort,
        @DefaultValue("data/gateway-snapshot.json") Path snapshotFile,
        @DefaultValue("") String trustedProxies,
        @DefaultValue Upstream upstream,
        @DefaultValue DataPlaneLimits limits) {

    /**
     * Connections to nodes.
     *
     * @param connectTimeout after which another node is tried; default 1 s
     * @param maxConnections to one node; default 1000
     * @param maxWaiting requests that may wait for a connection to one node; default 1000
     * @param maxWait for a connection when all are in use; default 1 s
     * @param maxIdle after which an unused connection is closed: before the nodes close it, or a request could be lost
     *     on the way; default 4 s, as common servers keep a connection for 5 s or more
     */
    public record Upstream(
            @DefaultValue("1s") Duration connectTimeout,
            @DefaultValue("1000") int maxConnections,
            @DefaultValue("1000") int maxWaiting,
            @DefaultValue("1s") Duration maxWait,
            @DefaultValue("4s") Duration maxIdle) {

        public Upstream {
            requirePositive("connect-timeout", connectTimeout);
            requirePositive("max-wait", maxWait);
            requirePositive("max-idle", maxIdle);
            if (maxConnections < 1 || maxWaiting < 1) {
                throw new IllegalArgumentException(
                        "holdfast.gateway.upstream: max-connections and max-waiting are 1 or more");
            }
        }

        private static void requirePositive(String name, Duration value) {
            if (value.toMillis() < 1) {
                throw new IllegalArgumentException(
                        "holdfast.gateway.upstream." + name + " is 1ms or more, not " + value);
            }
        }
    }
}
