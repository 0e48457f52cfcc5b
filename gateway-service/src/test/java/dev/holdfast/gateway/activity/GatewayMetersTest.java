package dev.holdfast.gateway.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class GatewayMetersTest {

    private static final ClusterId SHOP = new ClusterId("shop");
    private static final ClusterId BANK = new ClusterId("bank");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final GatewayMeters meters = new GatewayMeters(registry);

    @Test
    void forgetsTheMetersOfAClusterThatIsGone() {
        for (ClusterId cluster : new ClusterId[] {SHOP, BANK}) {
            meters.requestEnded(cluster, "unanswered", 1);
            meters.retried(cluster, "refused");
            meters.retryBudgetExhausted(cluster);
            meters.pickedInPanic(cluster);
        }
        meters.forget(SHOP);
        assertThat(registry.getMeters())
                .hasSize(4)
                .allMatch(meter -> "bank".equals(meter.getId().getTag("cluster")));
    }

    @Test
    void forgetsTheMetersOfANodeThatIsGoneAndCountsAnewWhenItReturns() {
        NodeId node = new NodeId("node-1");
        meters.requestEnded(SHOP, node, "2xx", 1);
        meters.tryFailed(SHOP, node, "reset");
        meters.forget(node);
        assertThat(registry.getMeters()).isEmpty();
        meters.requestEnded(SHOP, node, "2xx", 1);
        assertThat(registry.get("holdfast.gateway.requests").timer().count()).isEqualTo(1);
    }
}
