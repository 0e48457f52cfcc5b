package dev.holdfast.failover.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.AdminStateRequest;
import dev.holdfast.api.GatewayNodeView;
import dev.holdfast.api.GatewayNodesApi;
import dev.holdfast.api.NodeProbeApi;
import dev.holdfast.api.NodeView;
import dev.holdfast.api.NodesApi;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.failover.client.CallHeaders;
import dev.holdfast.failover.client.NodeChecks;
import dev.holdfast.failover.client.NodeOrders;
import dev.holdfast.failover.client.Replicas;
import dev.holdfast.failover.client.RestartHooks;
import dev.holdfast.failover.command.OperationDesk;
import dev.holdfast.failover.operation.Limits;
import dev.holdfast.failover.operation.OperationOrder;
import dev.holdfast.failover.operation.Trigger;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.RestartHook;
import dev.holdfast.model.topology.Retries;
import dev.holdfast.model.topology.ZoneId;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/**
 * A cluster, the services around it and its gateway, in memory and on virtual time: the store's twin, and hand-written
 * stand-ins behind the HTTP interfaces. Every part can be taken away. The invariants are checked at every tick.
 */
public final class SimulatedCluster {

    public static final ClusterId SHOP = new ClusterId("shop");
    public static final String GATEWAY = "http://gateway:9000";
    public static final Limits LIMITS = new Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(40),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5));
    public static final RunnerTimings TIMINGS =
            new RunnerTimings(Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(1));
    private static final Duration BOOT_TIME = Duration.ofSeconds(3);

    public final VirtualTime time = new VirtualTime();
    public final InMemoryClusterStateStore store = new InMemoryClusterStateStore(time);
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Map<NodeId, Machine> machines = new TreeMap<>();
    public final List<NodeId> restarted = new ArrayList<>();
    public boolean regionServiceAway;
    public boolean healthServiceAway;
    public boolean gatewayAway;
    public boolean healthFrozen;
    public Optional<HttpStatus> hookFails = Optional.empty();
    /** From the call of the hook to the end of the old process. */
    public Duration hookDelay = Duration.ZERO;

    private final Map<String, NodeId> restartsUnderKey = new HashMap<>();
    private Optional<Integer> maxUnavailable = Optional.empty();
    private final AtomicLong ids = new AtomicLong();
    private final OperationDesk desk = new OperationDesk(LIMITS, () -> new UUID(0, ids.incrementAndGet()));

    /** The process behind a node. */
    public static final class Machine {
        public boolean broken;
        public boolean down;
        public int outstanding;
        public Instant upFrom = Instant.MIN;
        private Optional<Instant> oldProcessEnds = Optional.empty();
    }

    /** Nodes are named {@code node-1}, {@code node-2}, … and spread over the zones in equal runs. */
    public SimulatedCluster(int nodes, int zones, boolean hook) {
        List<ZoneId> zoneIds = new ArrayList<>();
        for (int zone = 0; zone < zones; zone++) {
            zoneIds.add(new ZoneId("zone-" + (char) ('a' + zone)));
        }
        RegionId region = new RegionId("eu");
        store.change(change -> {
            change.record(JournalEntry.of(EventType.REGION_DECLARED, "test", "declared")
                    .about(region));
            change.put(new Region(region, "eu", zoneIds, Map.of(), Revision.NONE));
            change.record(JournalEntry.of(EventType.CLUSTER_DECLARED, "test", "declared")
                    .about(SHOP));
            change.put(new Cluster(SHOP, settings(hook), Revision.NONE));
            for (int index = 0; index < nodes; index++) {
                NodeId id = node(index + 1);
                machines.put(id, new Machine());
                change.put(new Node(
                        id,
                        SHOP,
                        region,
                        zoneIds.get(index * zones / nodes),
                        new Endpoint("127.0.0.1", 8081 + index),
                        1,
                        FailoverTraits.DEFAULT,
                        Map.of(),
                        AdminState.ENABLED,
                        Optional.of(0L),
                        Revision.NONE));
            }
            return true;
        });
        judgeHealth();
    }

    public static NodeId node(int number) {
        return new NodeId("node-" + number);
    }

    public Machine machine(int number) {
        return machine(node(number));
    }

    private Machine machine(NodeId id) {
        return Objects.requireNonNull(machines.get(id));
    }

    public static ClusterSettings settings(boolean hook) {
        return new ClusterSettings(
                Redundancy.ACTIVE_ACTIVE,
                List.of(),
                HealthCheck.DEFAULT,
                Balancing.DEFAULT,
                Retries.DEFAULT,
                Ejection.DEFAULT,
                Duration.ofSeconds(10),
                Optional.empty(),
                hook
                        ? Optional.of(new RestartHook("http://hook/{node}", Duration.ofSeconds(2), Optional.empty()))
                        : Optional.empty(),
                Optional.empty());
    }

    public OperationRunner runner(String holder) {
        OperationMetrics metrics = new OperationMetrics(meters);
        ActionRunner actions = new ActionRunner(
                new ActionRunner.Remote(
                        new NodeOrders(new Replicas<NodesApi>(List.of(new RegionService()))),
                        new NodeChecks(timeout -> new Replicas<NodeProbeApi>(List.of(this::probe))),
                        Map.of(GATEWAY, (GatewayNodesApi) this::askGateway),
                        new RestartHooks(timeout -> RestClient.builder()
                                .requestFactory(this::hookRequest)
                                .build())),
                TIMINGS,
                Runnable::run,
                time::nanos,
                metrics);
        return new OperationRunner(
                new OperationRunner.SharedState(store, store), actions, LIMITS, TIMINGS, holder, time::nanos, metrics);
    }

    /** Starts the operation as the API does. */
    public OperationId start(OperationOrder order) {
        maxUnavailable = order.parameters().maxUnavailable();
        return store.change(change -> desk.start(change, SHOP, order, "alice")).id();
    }

    /** Takes an operator's word as the API does; nothing happens when it doesn't apply. */
    public void tell(OperationId id, Trigger trigger) {
        try {
            store.change(change -> desk.tell(change, id, trigger));
        } catch (ProblemException refused) {
            assertThat(refused.code()).isEqualTo(ProblemCode.OPERATION_NOT_WAITING);
        }
    }

    /** Leaves the operation with other steps, as another version of this service might. */
    public void replaceSteps(OperationId id, List<OperationStep> steps) {
        store.change(change -> {
            Operation now = change.operation(id).orElseThrow();
            change.record(JournalEntry.of(EventType.OPERATION_STEP_STARTED, "test", "other steps")
                    .about(SHOP));
            return change.put(new Operation(
                    id,
                    now.type(),
                    now.cluster(),
                    now.node(),
                    now.state(),
                    now.parameters(),
                    steps,
                    now.startedBy(),
                    now.startedAt(),
                    now.endedAt(),
                    now.outcome(),
                    now.version()));
        });
    }

    public Operation operation(OperationId id) {
        return store.read(view -> view.operation(id)).orElseThrow();
    }

    public Node member(int number) {
        return store.read(view -> view.node(node(number))).orElseThrow();
    }

    public AdminState adminState(int number) {
        return member(number).adminState();
    }

    public List<JournalEvent> journal() {
        return store.read(view -> view.journal(JournalFilter.ALL, Optional.empty(), 10_000))
                .reversed();
    }

    /** Lets time pass by one tick: machines boot, requests end, observers judge. */
    public void pass() {
        time.advance(TIMINGS.tickInterval());
        endOldProcesses();
        judgeHealth();
        requireInvariants();
    }

    /** Runs until the operation ends; fails when it doesn't within {@code limit}. */
    public Operation runUntilEnd(OperationRunner runner, OperationId id, Duration limit) {
        for (Duration passed = Duration.ZERO;
                passed.compareTo(limit) <= 0;
                passed = passed.plus(TIMINGS.tickInterval())) {
            runner.sweep();
            Operation now = operation(id);
            if (now.state().isFinal()) {
                return now;
            }
            pass();
        }
        throw new AssertionError("not ended within " + limit + ": " + operation(id));
    }

    public void setAdminState(NodeId id, AdminState state) {
        store.change(change -> administer(change, id, state));
    }

    private static Node administer(StateChange change, NodeId id, AdminState state) {
        Node node = change.node(id).orElseThrow();
        if (node.adminState() == state) {
            return node;
        }
        change.record(JournalEntry.of(EventType.NODE_ADMIN_STATE_CHANGED, "region-service", "set " + state)
                .about(SHOP, id));
        return change.put(node.administered(state));
    }

    /** No more nodes out than allowed, and those of one zone; a node is never restarted while it may have requests. */
    private void requireInvariants() {
        ClusterState.Members members =
                store.read(view -> ClusterState.Members.of(view, SHOP)).orElseThrow();
        List<Node> out = members.nodes().stream()
                .filter(node -> node.adminState() != AdminState.ENABLED)
                .toList();
        if (out.size() > maxUnavailable.orElse(1)) {
            throw new AssertionError("out of service at once: " + out);
        }
        if (out.stream().map(Node::zone).distinct().count() > 1) {
            throw new AssertionError("out in two zones at once: " + out);
        }
    }

    /** Whoever is ordered out of service leaves enough others in it. */
    private void requireSpared(ClusterState.Members members, Node node) {
        if (!members.takesTraffic(node)) {
            return;
        }
        long others = members.nodes().stream().filter(members::takesTraffic).count() - 1;
        int needed = maxUnavailable.map(most -> members.nodes().size() - most).orElse(1);
        if (others < Math.max(1, needed)) {
            throw new AssertionError(node.id() + " is taken out, which leaves " + others + " of " + needed);
        }
    }

    private boolean answers(NodeId id) {
        Machine machine = machines.get(id);
        return machine != null && !machine.down && !time.instant().isBefore(machine.upFrom);
    }

    /** The observers, much simplified: a verdict holds as soon as it is true. */
    public void judgeHealth() {
        if (healthFrozen) {
            return;
        }
        store.change(change -> {
            for (Node node : change.nodesOf(SHOP)) {
                Optional<NodeHealth> held = change.health(node.id());
                HealthStatus status = answers(node.id()) ? HealthStatus.HEALTHY : HealthStatus.UNHEALTHY;
                if (held.isEmpty() || held.get().status() != status) {
                    change.record(JournalEntry.of(EventType.NODE_BECAME_HEALTHY, "health-service", status.name())
                            .about(SHOP, node.id()));
                    change.put(new NodeHealth(
                            node.id(),
                            status,
                            Optional.of(status),
                            held.map(NodeHealth::incarnation).orElse(0L),
                            change.now(),
                            "simulated",
                            held.map(NodeHealth::version).orElse(Revision.NONE)));
                }
                if (status == HealthStatus.HEALTHY && node.synchronisedIn().isEmpty()) {
                    change.record(JournalEntry.of(EventType.NODE_SYNCHRONISED, "region-service", "synchronised")
                            .about(SHOP, node.id()));
                    change.put(change.node(node.id()).orElseThrow().withSynchronisedIn(Optional.of(0L)));
                }
            }
            return true;
        });
    }

    /** Region-service, as far as it takes orders: an order based on an older version changes nothing. */
    private final class RegionService implements NodesApi {

        @Override
        public NodeView node(NodeId id) {
            throw new UnsupportedOperationException("the runner reads the store");
        }

        @Override
        public NodeView setAdminState(NodeId id, boolean force, AdminStateRequest request) {
            requireHere(!regionServiceAway);
            return store.change(change -> {
                Node node = change.node(id).orElseThrow();
                String current = "\"" + node.version() + "\"";
                if (!current.equals(CallHeaders.current().get(HttpHeaders.IF_MATCH))) {
                    throw new HttpClientErrorException(HttpStatus.PRECONDITION_FAILED);
                }
                ClusterState.Members members =
                        ClusterState.Members.of(change, SHOP).orElseThrow();
                if (request.adminState() != AdminState.ENABLED && !force) {
                    requireSpared(members, node);
                    if (members.isLastInService(node)) {
                        throw new HttpClientErrorException(HttpStatus.CONFLICT);
                    }
                }
                Node changed = administer(change, id, request.adminState());
                return NodeView.of(
                        changed, ClusterState.Members.of(change, SHOP).orElseThrow());
            });
        }
    }

    private ProbeResult probe(NodeId id) {
        requireHere(!healthServiceAway);
        return answers(id)
                ? new ProbeResult(ProbeOutcome.SUCCESS, time.instant(), Duration.ofMillis(1), "200")
                : new ProbeResult(ProbeOutcome.REFUSED, time.instant(), Duration.ofMillis(1), "connection refused");
    }

    private GatewayNodeView askGateway(NodeId id) {
        requireHere(!gatewayAway);
        return store.read(view -> new GatewayNodeView(
                id,
                view.revision(),
                true,
                view.node(id)
                        .map(node -> node.takesTraffic(settings(true), view.health(id)))
                        .orElse(false),
                machines.getOrDefault(id, new Machine()).outstanding,
                Optional.empty()));
    }

    /** A deployer: it ends the old process after a while, and tells how that stands to whoever asks with the same key. */
    private ClientHttpRequest hookRequest(URI uri, HttpMethod method) {
        NodeId id = new NodeId(uri.getPath().substring(1));
        MockClientHttpRequest request = new MockClientHttpRequest(method, uri) {
            @Override
            protected ClientHttpResponse executeInternal() {
                String key = getHeaders().getFirst("Idempotency-Key");
                return new MockClientHttpResponse(new byte[0], hookFails.orElseGet(() -> restart(id, key)));
            }
        };
        return request;
    }

    private HttpStatus restart(NodeId id, @Nullable String key) {
        if (restartsUnderKey.putIfAbsent(Objects.requireNonNull(key), id) == null) {
            restarted.add(id);
            machine(id).oldProcessEnds = Optional.of(time.instant().plus(hookDelay));
        }
        endOldProcesses();
        return machine(id).oldProcessEnds.isPresent() ? HttpStatus.ACCEPTED : HttpStatus.OK;
    }

    private void endOldProcesses() {
        machines.forEach((id, machine) -> {
            if (machine.oldProcessEnds
                    .filter(end -> !time.instant().isBefore(end))
                    .isPresent()) {
                if (adminState(id) != AdminState.MAINTENANCE || machine.outstanding > 0) {
                    throw new AssertionError(id + " is restarted while it may have requests");
                }
                machine.oldProcessEnds = Optional.empty();
                machine.upFrom = machine.broken ? Instant.MAX : time.instant().plus(BOOT_TIME);
            }
        });
    }

    private AdminState adminState(NodeId id) {
        return store.read(view -> view.node(id)).orElseThrow().adminState();
    }

    private static void requireHere(boolean here) {
        if (!here) {
            throw new ResourceAccessException("connection refused");
        }
    }
}
