package dev.holdfast.simulation;

import dev.holdfast.failover.promotion.AgentReport.Postgres;
import dev.holdfast.failover.promotion.AgentReport.Role;
import dev.holdfast.failover.promotion.Member;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** One cluster, its controllers and everything between them, made from a seed: the same seed tells the same story. */
final class World {

    /** How long faults come. */
    static final long TROUBLE = 12_000;

    /** By when everything must be well after the last fault has ended. */
    static final long PATIENCE = 60_000;

    private static final int OBSERVERS = 3;
    private static final int FALL = 3;

    final Random random;
    final Schedule schedule = new Schedule();
    final Story story;
    final Network network;
    final Options options;
    final FailoverPolicy policy;
    final List<SimulatedNode> nodes = new ArrayList<>();
    final List<Member> members = new ArrayList<>();
    final List<SimulatedController> controllers = new ArrayList<>();
    final SimulatedStore store;
    final FailoverInvariants invariants;
    private final Map<NodeId, SimulatedNode> byId = new HashMap<>();
    private final Map<NodeId, Integer> failedChecks = new HashMap<>();
    private final Map<NodeId, HealthStatus> verdicts = new HashMap<>();
    final Map<NodeId, HealthStatus> wrongVerdicts = new HashMap<>();
    private long reigns;

    World(long seed, Options options, boolean tellsStory) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.options = options;
        this.story = new Story(tellsStory, schedule);
        this.network = new Network(schedule, random);
        int count = 3 + random.nextInt(3);
        boolean async = random.nextInt(10) == 0;
        int k = count > 3 && random.nextInt(3) == 0 ? 2 : 1;
        this.policy = new FailoverPolicy(
                async ? FailoverPolicy.Durability.ASYNC : FailoverPolicy.Durability.QUORUM,
                k,
                random.nextBoolean() ? FailoverPolicy.OnCrash.FAIL_OVER : FailoverPolicy.OnCrash.RESTART,
                1_000_000L,
                new FailoverPolicy.Timing(
                        Duration.ofMillis(600),
                        Duration.ofMillis(1500),
                        Duration.ofMillis(1500),
                        Duration.ofMillis(3000),
                        Duration.ofMillis(5000),
                        Duration.ofMillis(2000),
                        Duration.ofMillis(200)),
                new FailoverPolicy.Flapping(1000, Duration.ofMinutes(1)));
        Set<NodeId> standbys = new HashSet<>();
        for (int number = 1; number <= count; number++) {
            SimulatedNode node = new SimulatedNode(this, "pg-" + number, 0.97 + 0.01 * number);
            nodes.add(node);
            byId.put(node.id, node);
            members.add(new Member(
                    node.id, new RegionId(number % 2 == 0 ? "north" : "south"), random.nextInt(3), number == 5));
            if (number > 1) {
                standbys.add(node.id);
            }
        }
        this.invariants = new FailoverInvariants(this);
        Synchronous wanted = async ? Synchronous.NONE : new Synchronous(k, standbys);
        this.store = new SimulatedStore(
                this, PrimaryRecord.initial(nodes.getFirst().id, 1, wanted, Instant.ofEpochMilli(0)));
        nodes.getFirst().startAsPrimary(wanted);
        for (SimulatedNode node : nodes) {
            node.startFollowing(nodes.getFirst());
            schedule.after(random.nextInt(40), () -> writeForever(node));
        }
        for (int number = 1; number <= 2 + random.nextInt(2); number++) {
            controllers.add(new SimulatedController(this, "controller-" + number));
        }
        schedule.after(random.nextInt(250), this::observeForever);
    }

    long now() {
        return schedule.now();
    }

    boolean isAsync() {
        return policy.durability() == FailoverPolicy.Durability.ASYNC;
    }

    SimulatedNode node(NodeId id) {
        return Objects.requireNonNull(byId.get(id));
    }

    long nextReign() {
        return ++reigns;
    }

    private void writeForever(SimulatedNode node) {
        node.write();
        schedule.after(30 + random.nextInt(20), () -> writeForever(node));
    }

    private void observeForever() {
        for (SimulatedNode node : nodes) {
            int failures = 0;
            for (int observer = 1; observer <= OBSERVERS; observer++) {
                String name = "observer-" + observer;
                boolean answers = node.postgres == Postgres.RUNNING
                        && !node.frozen
                        && network.reaches(name, node.name)
                        && network.reaches(node.name, name);
                failures += answers ? 0 : 1;
            }
            int inRow = 2 * failures > OBSERVERS ? failedChecks.merge(node.id, 1, Integer::sum) : 0;
            failedChecks.put(node.id, inRow);
            if (inRow == 0) {
                verdicts.put(node.id, HealthStatus.HEALTHY);
            } else if (inRow >= FALL) {
                verdicts.put(node.id, HealthStatus.UNHEALTHY);
            }
        }
        schedule.after(250, this::observeForever);
    }

    HealthStatus verdict(NodeId node) {
        return wrongVerdicts.getOrDefault(node, verdicts.getOrDefault(node, HealthStatus.HEALTHY));
    }

    /** Runs faults and then the recovery from them; throws when a promise is broken. */
    void run() {
        Faults faults = new Faults(this);
        faults.begin();
        runUntil(TROUBLE);
        faults.end();
        long healedAt = now();
        while (now() < healedAt + PATIENCE) {
            runUntil(now() + 500);
            if (isWell(healedAt)) {
                story.tell(() -> "all is well");
                return;
            }
        }
        throw new InvariantBroken.NotWell("not well " + PATIENCE + " ms after the last fault: " + store.record()
                + ", the last write was acknowledged at " + invariants.lastAcknowledgement + "; "
                + nodes.stream().map(SimulatedNode::report).toList());
    }

    private void runUntil(long end) {
        while (schedule.step(end)) {
            invariants.always();
        }
    }

    private boolean isWell(long healedAt) {
        PrimaryRecord record = store.record();
        SimulatedNode primary = node(record.reign().primary());
        return record.phase() == FailoverPhase.STEADY
                && invariants.lastAcknowledgement > Math.max(healedAt, now() - 400)
                && primary.role == Role.PRIMARY
                && primary.couldAcknowledge()
                && record.doubtful().isEmpty()
                && record.reign().claimed().equals(record.reign().wanted())
                && (isAsync() || record.reign().claimed().standbys().size() == nodes.size() - 1)
                && nodes.stream()
                        .allMatch(node -> node == primary
                                || node.report()
                                        .upstream()
                                        .filter(primary.id::equals)
                                        .isPresent());
    }
}
