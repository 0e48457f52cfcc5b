package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
                "{\"type\":\"PROMOTE\",\"synchronous\":{\"required\":1,\"standbys\":[\"db-2\"]}}",
                "{\"type\":\"FOLLOW\",\"upstream\":\"db-2\",\"address\":\"10.0.0.7:5432\"}",
                "{\"type\":\"FENCE\",\"mode\":\"IMMEDIATE\"}",
                "{\"type\":\"RESUME\"}",
                "{\"type\":\"SYNCHRONISE\",\"synchronous\":{\"required\":0,\"standbys\":[]}}",
                "{\"type\":\"REINITIALISE\",\"upstream\":\"db-2\",\"address\":\"10.0.0.7:5432\"}",
                "{\"type\":\"VERIFY\"}"
            })
    void ordersLookLikeThis(String action) {
        String written = "{\"cluster\":\"orders\",\"node\":\"db-1\",\"number\":{\"epoch\":7,\"step\":31},\"action\":"
                + action + "}";

        assertThat(JSON.readTree(JSON.writeValueAsString(JSON.readValue(written, AgentOrder.class))))
                .isEqualTo(JSON.readTree(written));
    }

    @Test
    void reportsAreReadAsTheyAreWritten() {
        AgentReport report = new AgentReport(
                "one",
                7,
                Duration.ofMillis(1500),
                new ClusterId("orders"),
                new NodeId("db-1"),
                new OrderNumber(3, 14),
                Optional.empty(),
                PostgresState.RUNNING,
                Optional.empty(),
                Optional.of(PostgresRole.PRIMARY),
                false,
                false,
                Optional.of(new Position(2, Lsn.parse("0/5000000"))),
                Optional.of(Lsn.parse("0/4000000")),
                Optional.empty(),
                Optional.of(new AgentReport.Sender(
                        new Synchronous(1, Set.of(new NodeId("db-2"))),
                        Lsn.parse("0/4500000"),
                        Map.of(new NodeId("db-2"), Lsn.parse("0/5000000")))),
                Optional.of(new OrderNumber(2, 9)),
                Optional.empty(),
                List.of(),
                Optional.of("7300000000000000000"),
                Optional.of(180_001),
                Optional.empty(),
                List.of());

        String written = JSON.writeValueAsString(report);

        assertThat(JSON.readValue(written, AgentReport.class)).isEqualTo(report);
        assertThat(written).contains("\"accepted\":{\"epoch\":3,\"step\":14}", "\"flushed\":{\"db-2\":\"0/5000000\"}");
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
