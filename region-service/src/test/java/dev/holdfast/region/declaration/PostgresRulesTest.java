package dev.holdfast.region.declaration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.api.problem.FieldError;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.CheckType;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresRulesTest {

    private static final ClusterId ORDERS = new ClusterId("orders");

    private static final Region EU = new Region(
            new RegionId("eu"),
            "Europe",
            List.of(new ZoneId("a"), new ZoneId("b"), new ZoneId("c")),
            Map.of(),
            new Revision(1));

    private static final String NODES = """
            'nodes': [{'id': 'pg-1', 'region': 'eu', 'zone': 'a', 'address': '10.0.0.1:5432', 'agent': '10.0.0.1:8008'},
                      {'id': 'pg-2', 'region': 'eu', 'zone': 'a', 'address': '10.0.0.2:5432', 'agent': '10.0.0.2:8008'}]""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'postgresql': {}, 'redundancy': 'ACTIVE_ACTIVE'                                | redundancy",
                "'postgresql': {}, 'routes': [{'host': 'a.org'}]                                | routes",
                "'postgresql': {}, 'synchronisation': {'path': '/sync'}                         | synchronisation",
                "'postgresql': {}, 'restart': {'url': 'http://deployer/{node}'}                 | restart",
                "'postgresql': {}, 'check': {'interval': '2s'}                                  | check.type",
                "'postgresql': {}, 'check': {'type': 'HTTPS'}                                   | check.type",
                "'postgresql': {}, 'check': {'type': 'POSTGRESQL', 'timeout': '300ms'}          | check.timeout",
                "'postgresql': {'failover': {'durability': 'ASYNC'}}               | postgresql.failover.durability",
                "'postgresql': {'failover': {'synchronousStandbys': 2}}   | postgresql.failover.synchronousStandbys",
                "'postgresql': {'listeners': {'readWrite': 1, 'readOnly': 1}}     | postgresql.listeners.readOnly",
                "'postgresql': {'listeners': {'readWrite': 5001}}                | postgresql.listeners.readWrite",
                "'postgresql': {'listeners': {'readOnly': 5000}}                  | postgresql.listeners.readOnly"
            })
    void eachRuleNamesItsField(String settings, String field) {
        assertThat(check("{" + settings + ", " + NODES + "}"))
                .extracting(FieldError::field)
                .containsExactly(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'postgresql': {}",
                "'postgresql': {}, 'redundancy': 'ACTIVE_PASSIVE', 'check': {'type': 'TCP'}",
                "'postgresql': {}, 'check': {'type': 'HTTP', 'port': 8008, 'path': '/health'}",
                "'postgresql': {'failover': {'durability': 'QUORUM', 'synchronousStandbys': 1}}",
                "'postgresql': {'listeners': {'readWrite': 5002, 'readOnly': 5003}}"
            })
    void whatIsRightPasses(String settings) {
        assertThat(check("{" + settings + ", " + NODES + "}")).isEmpty();
    }

    @Test
    void onlyAPostgresClusterIsActivePassiveAndHasAgents() {
        assertThat(check("{'redundancy': 'ACTIVE_PASSIVE', " + NODES + "}"))
                .extracting(FieldError::field)
                .containsExactly("redundancy", "nodes[0].agent", "nodes[1].agent");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.2:8008, 10.0.0.1:8008, true",
        "HOST:8008, host:8008, false",
        "10.0.0.2:5432, 10.0.0.1:8008, false",
        "[:::]:8008, 10.0.0.1:8008, false"
    })
    void everyNodeHasAnAgentOfItsOwn(String second, String first, boolean passes) {
        String nodes = NODES.replace("10.0.0.1:8008", first).replace("10.0.0.2:8008", second);
        assertThat(check("{'postgresql': {}, " + nodes + "}"))
                .extracting(FieldError::field)
                .isEqualTo(passes ? List.of() : List.of("nodes[1].agent"));
    }

    @Test
    void theRefusedPortNamesTheClusterThatHasIt() {
        assertThat(check("{'postgresql': {'listeners': {'readWrite': 5000}}, " + NODES + "}"))
                .containsExactly(new FieldError(
                        "postgresql.listeners.readWrite", "the port 5000 leads to the cluster ledger; choose another"));
    }

    @Test
    void tooFewNodesForTheStandbysAreRefusedInWordsThatSayHowManyAreNeeded() {
        assertThat(check("{'postgresql': {}}"))
                .containsExactly(
                        new FieldError(
                                "postgresql.failover.synchronousStandbys",
                                "needs 2 nodes, the primary and 1 to acknowledge its writes, and the cluster has 0; add nodes or lower it"));
    }

    @Test
    void membersThatTheFormDemandsMayBeMissing() {
        assertThat(check("{'postgresql': {}, 'nodes': [null, {'id': 'n', 'agent': 'a:1'}]}"))
                .isEmpty();
    }

    @Test
    void whatIsLeftOutIsChosenForAQuickFailover() {
        ClusterDeclaration declared = declaration("{'postgresql': {}}");
        HealthCheck check = declared.check();

        assertThat(declared.redundancy()).isEqualTo(Redundancy.ACTIVE_PASSIVE);
        assertThat(check.type()).isEqualTo(CheckType.POSTGRESQL);
        assertThat(check.interval()).isEqualTo(Duration.ofMillis(250));
        assertThat(check.timeout()).isEqualTo(Duration.ofMillis(200));
        assertThat(check.fall()).isEqualTo(3);
        assertThat(check.rise()).isEqualTo(2);
        assertThat(declaration("{'postgresql': {}, 'check': {'type': 'POSTGRESQL'}}"))
                .isEqualTo(declared);
        assertThat(declaration("{}").check()).isEqualTo(HealthCheck.DEFAULT);
    }

    @Test
    void theDocumentedExampleIsRightAndShowsTheDefaults() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "clusters.md"));
        int begin = document.indexOf("```yaml\npostgresql:") + "```yaml\n".length();
        String example =
                document.substring(begin, document.indexOf("```", begin)).replace("local", "eu");
        ClusterDeclaration declared = HoldfastJson.yamlMapper().readValue(example, ClusterDeclaration.class);
        ClusterDeclaration left = declaration("{'postgresql': {'listeners': {'readWrite': 5432, 'readOnly': 5433}}}");

        assertThat(check(declared)).isEmpty();
        assertThat(declared.settings()).isEqualTo(left.settings());
        assertThat(declared.nodes().getFirst().failover().priority()).isEqualTo(FailoverTraits.DEFAULT_PRIORITY);
    }

    private static List<FieldError> check(String declaration) {
        return check(declaration(declaration));
    }

    private static List<FieldError> check(ClusterDeclaration declared) {
        Violations violations = new Violations();
        Surroundings surroundings = Surroundings.of(
                List.of(EU),
                List.of(
                        cluster("ledger", "{'postgresql': {'listeners': {'readWrite': 5000, 'readOnly': 5001}}}"),
                        cluster(ORDERS.value(), "{'postgresql': {'listeners': {'readWrite': 5002}}}")),
                List.of());
        ClusterRules.check(ORDERS, declared, surroundings, violations);
        return violations.all();
    }

    private static Cluster cluster(String id, String declaration) {
        return new Cluster(new ClusterId(id), declaration(declaration).settings(), new Revision(2));
    }

    private static ClusterDeclaration declaration(String json) {
        return HoldfastJson.jsonMapper().readValue(json.replace('\'', '"'), ClusterDeclaration.class);
    }
}
