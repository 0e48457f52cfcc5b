package dev.holdfast.region.declaration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.NodeDeclaration;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.api.problem.FieldError;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeclarationRulesTest {

    private static final ClusterId SHOP = new ClusterId("shop");

    private static final ClusterId CART = new ClusterId("cart");

    private static final Region EU = new Region(
            new RegionId("eu"), "Europe", List.of(new ZoneId("a"), new ZoneId("b")), Map.of(), new Revision(1));

    private static final String NODE = "\"region\": \"eu\", \"zone\": \"a\"";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id': 'cart'}                                                      | id",
                "{'check': {'interval': '1s', 'timeout': '1001ms'}}                  | check.timeout",
                "{'check': {'expectedStatus': '300-200'}}                            | check.expectedStatus",
                "{'check': {'path': '/%zz'}}                                         | check.path",
                "{'check': {'path': '/a#b'}}                                         | check.path",
                "{'retries': {'perTryTimeout': '31s'}}                               | retries.perTryTimeout",
                "{'ejection': {'maxEjectionTime': '9s'}}                             | ejection.baseEjectionTime",
                "{'synchronisation': {'path': '/a^b'}}                               | synchronisation.path",
                "{'restart': {'url': 'http://['}}                                    | restart.url",
                "{'restart': {'url': 'http://me:secret@deployer/{node}'}}            | restart.url",
                "{'restart': {'url': 'http://deployer/{node}?token=secret'}}         | restart.url",
                "{'routes': [{'pathPrefix': '/a'}, {'pathPrefix': '/a/'}]}           | routes[1]"
            })
    void eachRuleNamesItsField(String declaration, String field) {
        assertThat(check(declaration)).extracting(FieldError::field).containsExactly(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'check': {'interval': '1s', 'timeout': '1s', 'expectedStatus': '204'}}",
                "{'check': {'type': 'TCP', 'path': '/%zz'}}",
                "{'routes': [{'pathPrefix': '/a'}, {'pathPrefix': '/b'}, {'host': 'x.org', 'pathPrefix': '/a'}]}",
                "{'restart': {'url': 'http://{node}.example.org/restart'}}"
            })
    void whatIsRightPasses(String declaration) {
        assertThat(check(declaration)).isEmpty();
    }

    @Test
    void membersThatTheFormDemandsMayBeMissing() {
        assertThat(check("{'synchronisation': {}, 'restart': {}, 'routes': [null], 'nodes': [null, {'id': 'n'}]}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "[:::::]:80, false",
        "[1:2:3:4:5:6:7:8:9]:80, false",
        "[12345::]:80, false",
        "[1::2::3]:80, false",
        "[::]:80, true",
        "[fd00::7]:80, true",
        "[::ffff:10.0.0.7]:80, true",
        "fd00.example.com:80, true"
    })
    void whatLooksLikeAnAddressIsOne(String address, boolean possible) {
        String nodes = "{'nodes': [{'id': 'x', 'address': '%s', %s}]}".formatted(address, NODE.replace('"', '\''));
        assertThat(check(nodes))
                .extracting(FieldError::field)
                .isEqualTo(possible ? List.of() : List.of("nodes[0].address"));
    }

    @Test
    void sameAddressesAreFoundWhateverTheirCase() {
        assertThat(check("{'nodes': [{'id': 'x', 'address': 'Host:80', %s}, {'id': 'y', 'address': 'hOST:80', %s}]}"
                        .formatted(NODE.replace('"', '\''), NODE.replace('"', '\''))))
                .containsExactly(new FieldError("nodes[1].address", "is the same address as nodes[0].address"));
    }

    @Test
    void conflictsGiveWayToBrokenRules() {
        Violations violations = new Violations();
        violations.conflict(ProblemCode.ROUTE_TAKEN, "routes[0]", "taken");
        assertThatThrownBy(violations::throwIfAny)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ProblemCode.ROUTE_TAKEN));
        violations.add("check", "broken");
        assertThatThrownBy(violations::throwIfAny).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo(ProblemCode.VALIDATION_FAILED);
            assertThat(e.errors()).extracting(FieldError::field).containsExactly("check", "routes[0]");
        });
    }

    @Test
    void showsNoMoreViolationsThanAnyoneReads() {
        Violations violations = new Violations();
        for (int i = 0; i < 20_000; i++) {
            violations.add("nodes[" + i + "].id", "is required");
        }
        assertThatThrownBy(violations::throwIfAny)
                .hasMessageStartingWith("20000 fields")
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.errors()).hasSize(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\nb", "\u001b[31m", "\u202e", "\u2066", "\ud800", "\u2028", "\u0085"})
    void textThatFoolsItsReaderIsRefused(String text) {
        Violations violations = new Violations();
        TextRules.check("name", text, violations);
        assertThat(violations.all()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Zürich", "日本", "👩‍👩‍👧", "<script>", "a'b\"c\\d", "שלום"})
    void textOfAllPeopleIsTaken(String text) {
        Violations violations = new Violations();
        TextRules.check("name", text, violations);
        assertThat(violations.all()).isEmpty();
    }

    @Test
    void aPlanNamesWhatComesStaysAndGoes() {
        Cluster present = new Cluster(SHOP, declaration("{}").settings(), new Revision(4));
        Node stays = node("n1", "10.0.0.1:80");
        Node moves = node("n2", "10.0.0.2:80");
        Node goes = node("n3", "10.0.0.3:80");
        ClusterPlan plan = ClusterPlan.of(
                SHOP,
                declaration("""
                        {'nodes': [{'id': 'n1', 'address': '10.0.0.1:80', %1$s}, {'id': 'n2', 'address': '10.0.0.9:80', %1$s},
                         {'id': 'n4', 'address': '10.0.0.4:80', %1$s}]}""".formatted(NODE.replace('"', '\''))),
                Optional.of(
                        ClusterState.Members.of(present, List.of(stays, moves, goes), List.of(), Optional.empty())));
        assertThat(plan.added()).extracting(Node::id).containsExactly(new NodeId("n4"));
        assertThat(plan.removed()).containsExactly(goes);
        assertThat(plan.changed()).extracting(ClusterPlan.NodeChange::before).containsExactly(moves);
        assertThat(plan.changed().getFirst().after().synchronisedIn()).isEmpty();
        assertThat(plan.changesNothing()).isFalse();
    }

    @Test
    void nodesThatServeGoOnServingWhenTheirClusterGetsAHook() {
        Cluster present = new Cluster(SHOP, declaration("{}").settings(), new Revision(4));
        Node serves = node("n1", "10.0.0.1:80");
        Node servesAndChanges = node("n2", "10.0.0.2:80");
        Node isDown = node("n3", "10.0.0.3:80");
        Node joins = node("n4", "10.0.0.4:80").withSynchronisedIn(Optional.empty());
        ClusterState.Members members = ClusterState.Members.of(
                present,
                List.of(serves, servesAndChanges, isDown, joins),
                List.of(
                        health(serves, HealthStatus.HEALTHY),
                        health(servesAndChanges, HealthStatus.HEALTHY),
                        health(isDown, HealthStatus.UNHEALTHY),
                        health(joins, HealthStatus.HEALTHY)),
                Optional.empty());
        String nodes = """
                'nodes': [{'id': 'n1', 'address': '10.0.0.1:80', %1$s}, {'id': 'n2', 'address': '10.0.0.2:80', 'weight': 7, %1$s},
                 {'id': 'n3', 'address': '10.0.0.3:80', %1$s}, {'id': 'n4', 'address': '10.0.0.4:80', %1$s}]""".formatted(NODE.replace('"', '\''));

        ClusterPlan plan = ClusterPlan.of(
                SHOP, declaration("{'synchronisation': {'path': '/sync'}, " + nodes + "}"), Optional.of(members));
        ClusterPlan withoutHook = ClusterPlan.of(SHOP, declaration("{" + nodes + "}"), Optional.of(members));

        assertThat(plan.stillSynchronised()).containsExactly(serves.withSynchronisedIn(Optional.of(5L)));
        assertThat(plan.changed())
                .singleElement()
                .satisfies(change -> assertThat(change.after().synchronisedIn()).contains(5L));
        assertThat(withoutHook.stillSynchronised()).isEmpty();
        assertThat(withoutHook.changed().getFirst().after().synchronisedIn()).contains(1L);
    }

    @Test
    void leavingMaintenanceForAnyStateMeansToJoinAnew() {
        Node serving = node("n1", "10.0.0.1:80");
        Node inMaintenance = serving.administered(AdminState.MAINTENANCE);
        assertThat(inMaintenance.synchronisedIn()).isPresent();
        assertThat(inMaintenance.administered(AdminState.MAINTENANCE)).isEqualTo(inMaintenance);
        assertThat(inMaintenance.administered(AdminState.DRAINING).synchronisedIn())
                .isEmpty();
        assertThat(inMaintenance.administered(AdminState.ENABLED).synchronisedIn())
                .isEmpty();
    }

    @Test
    void changesAreToldByTheirPath() {
        Map<String, Object> changes = MemberChanges.between(
                Map.of("a", 1, "b", Map.of("c", "x", "d", List.of(1)), "gone", true),
                Map.of("a", 2, "b", Map.of("c", "x", "d", List.of(2)), "new", "y"));
        assertThat(changes)
                .isEqualTo(Map.of(
                        "a", Map.of("from", 1, "to", 2),
                        "b.d", Map.of("from", List.of(1), "to", List.of(2)),
                        "gone", Map.of("from", true),
                        "new", Map.of("to", "y")));
        assertThat(MemberChanges.inWords(changes)).isEqualTo("a 1 → 2, b.d changed, gone removed, new set to y");
    }

    private static Node node(String id, String address) {
        NodeDeclaration declaration = HoldfastJson.jsonMapper()
                .readValue("{\"address\": \"" + address + "\", " + NODE + "}", NodeDeclaration.class);
        return NodeTransition.declared(new NodeId(id), SHOP, declaration, Optional.empty())
                .withSynchronisedIn(Optional.of(1L))
                .withVersion(new Revision(3));
    }

    /** In the fifth incarnation. */
    private static NodeHealth health(Node node, HealthStatus status) {
        return new NodeHealth(
                node.id(), status, Optional.of(status), 5, Instant.EPOCH, "2 of 3 agree", new Revision(3));
    }

    private static List<FieldError> check(String declaration) {
        Violations violations = new Violations();
        Surroundings surroundings = Surroundings.of(
                List.of(EU), List.of(new Cluster(CART, declaration("{}").settings(), new Revision(2))), List.of());
        ClusterRules.check(SHOP, declaration(declaration), surroundings, violations);
        return violations.all();
    }

    private static ClusterDeclaration declaration(String json) {
        return HoldfastJson.jsonMapper().readValue(json.replace('\'', '"'), ClusterDeclaration.class);
    }
}
