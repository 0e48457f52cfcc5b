package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.replication.Lsn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class WireFormsTest {

    private static final JsonMapper JSON = HoldfastJson.jsonMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"CREATE\"}",
                "{\"type\":\"DETACH\"}",
                "{\"type\":\"PROMOTE\",\"synchronous\":{\"required\":1,\"standbys\":[\"db-2\",\"db-3\"]}}",
                "{\"type\":\"FOLLOW\",\"upstream\":\"10.0.0.7:5432\"}",
                "{\"type\":\"FENCE\",\"mode\":\"IMMEDIATE\"}",
                "{\"type\":\"RESUME\"}",
                "{\"type\":\"SYNCHRONISE\",\"synchronous\":{\"required\":0,\"standbys\":[]}}",
                "{\"type\":\"REINITIALISE\",\"upstream\":\"10.0.0.7:5432\"}"
            })
    void ordersLookLikeThis(String action) {
        String written = "{\"cluster\":\"orders\",\"node\":\"db-1\",\"epoch\":7,\"id\":\"failover-7\",\"action\":"
                + action + "}";

        assertThat(JSON.readTree(JSON.writeValueAsString(JSON.readValue(written, AgentOrder.class))))
                .isEqualTo(JSON.readTree(written));
    }

    @Test
    void positionsLookAndCompareAsInPostgresql() {
        Lsn low = Lsn.parse("0/FFFFFFFF");
        Lsn high = Lsn.parse("FFFFFFFF/1");

        assertThat(high).hasToString("FFFFFFFF/1").isGreaterThan(low);
        assertThat(Lsn.parse("1/0").bytesAheadOf(low)).isEqualTo(1);
        assertThat(low.bytesAheadOf(high)).isZero();
    }
}
