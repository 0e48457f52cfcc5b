package dev.holdfast.gateway;

import dev.holdfast.gateway.activity.NodeActivity;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import io.netty.util.ResourceLeakDetector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** A whole gateway process on free ports, with a store in memory that tests write as the other services would. */
final class TestGateway implements AutoCloseable {

    static final ClusterId SHOP = new ClusterId("shop");
    static final RegionId REGION = new RegionId("here");
    private static final JournalEntry CHANGE = JournalEntry.of(EventType.CLUSTER_DECLARED, "test", "changed");

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    private final InMemoryClusterStateStore store;
    private final RunningGateway process;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private TestGateway(InMemoryClusterStateStore store, RunningGateway process) {
        this.store = store;
        this.process = process;
    }

    static InMemoryClusterStateStore newStore() {
        InMemoryClusterStateStore store = new InMemoryClusterStateStore(Clock.systemUTC());
        store.change(change -> {
            change.record(JournalEntry.of(EventType.REGION_DECLARED, "test", "declared")
                    .about(REGION));
            return change.put(
                    new Region(REGION, "Here", List.of(new ZoneId("a"), new ZoneId("b")), Map.of(), Revision.NONE));
        });
        return store;
    }

    static TestGateway start(Path folder, String... more) {
        return start(newStore(), folder, more);
    }

    static TestGateway start(InMemoryClusterStateStore store, Path folder, String... more) {
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "--holdfast.gateway.data-port=0",
                                "--holdfast.gateway.control-port=0",
                                "--holdfast.gateway.snapshot-file=" + folder.resolve("snapshot.json"),
                                "--holdfast.gateway.upstream.connect-timeout=5s",
                                "--logging.structured.format.console="),
                        java.util.stream.Stream.of(more))
                .toArray(String[]::new);
        return new TestGateway(
                store,
                GatewayServiceApplication.start(
                        shared -> shared.initializers(
                                context -> context.getBeanFactory().registerSingleton("clusterStateStore", store)),
                        args));
    }

    InMemoryClusterStateStore store() {
        return store;
    }

    RunningGateway process() {
        return process;
    }

    NodeActivity activity() {
        return process.shared().getBean(NodeActivity.class);
    }

    /** Declares the cluster with these nodes, odd ones in zone a and even ones in zone b, all healthy. */
    void declare(ClusterSettings settings, List<TestNode> nodes) {
        store.change(change -> {
            change.record(CHANGE.about(SHOP));
            change.put(new Cluster(SHOP, settings, Revision.NONE));
            for (int i = 0; i < nodes.size(); i++) {
                add(change, nodes.get(i), i % 2 == 0 ? "a" : "b");
            }
            return true;
        });
        awaitTable();
    }

    void redeclare(ClusterSettings settings) {
        change(change -> change.put(
                new Cluster(SHOP, settings, change.cluster(SHOP).orElseThrow().version())));
    }

    void addNode(TestNode node, String zone) {
        change(change -> add(change, node, zone));
    }

    private static void add(StateChange change, TestNode node, String zone) {
        NodeId id = new NodeId(node.name());
        change.put(new Node(
                id,
                SHOP,
                REGION,
                new ZoneId(zone),
                node.address(),
                1,
                FailoverTraits.DEFAULT,
                Map.of(),
                AdminState.ENABLED,
                Optional.of(0L),
                Revision.NONE));
        change.put(new NodeHealth(
                id, HealthStatus.HEALTHY, Optional.of(HealthStatus.HEALTHY), 0, change.now(), "test", Revision.NONE));
    }

    void removeNode(TestNode node) {
        change(change -> change.delete(new NodeId(node.name())));
    }

    void setAdminState(TestNode node, AdminState state) {
        change(change ->
                change.put(change.node(new NodeId(node.name())).orElseThrow().withAdminState(state)));
    }

    void judge(TestNode node, HealthStatus status) {
        change(change -> {
            NodeHealth health = change.health(new NodeId(node.name())).orElseThrow();
            change.put(new NodeHealth(
                    health.node(),
                    status,
                    Optional.of(status),
                    health.incarnation() + (status == HealthStatus.UNHEALTHY ? 1 : 0),
                    change.now(),
                    "test",
                    health.version()));
        });
    }

    private void change(Consumer<StateChange> work) {
        store.change(change -> {
            change.record(CHANGE.about(SHOP));
            work.accept(change);
            return true;
        });
        awaitTable();
    }

    /** Waits until the gateway routes by the newest revision. */
    void awaitTable() {
        Revision newest = store.read(view -> view.revision());
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !newest.isAfter(activity().tableRevision()));
    }

    boolean followsStore() {
        return process.shared().getBean(ClusterStateReplica.class).inContact();
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + process.dataPort() + path);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(url(path)).GET());
    }

    HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(url(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        // Bounded as a whole: the request's own timeout ends with the headers.
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    HttpClient client() {
        return client;
    }

    @Override
    public void close() {
        process.close();
        client.close();
    }
}
