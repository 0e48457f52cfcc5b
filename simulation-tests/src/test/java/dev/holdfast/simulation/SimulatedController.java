package dev.holdfast.simulation;

import dev.holdfast.failover.promotion.AgentReport;
import dev.holdfast.failover.promotion.FailoverDecider;
import dev.holdfast.failover.promotion.FailoverDecision;
import dev.holdfast.failover.promotion.FailoverSnapshot;
import dev.holdfast.failover.promotion.FailoverSnapshot.Verification;
import dev.holdfast.failover.promotion.Order;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A replica of failover-service around the decider of production. It may stall between any two of its steps. */
final class SimulatedController {

    private static final int INTERVAL = 120;

    private record Heard(AgentReport report, long askedAt) {}

    final String name;
    private final World world;
    private final FailoverDecider decider;
    private final Map<NodeId, Heard> heard = new HashMap<>();
    long stalledUntil;

    SimulatedController(World world, String name) {
        this.world = world;
        this.name = name;
        this.decider = new FailoverDecider(world.options.rules());
        world.schedule.after(world.random.nextInt(INTERVAL), this::tick);
    }

    private void tick() {
        if (world.now() >= stalledUntil) {
            poll();
            decide();
        }
        world.schedule.after(INTERVAL + world.random.nextInt(20), this::tick);
    }

    /** Does the work, later when the controller stalls: it goes on from where it was, knowing nothing of it. */
    private void step(Runnable work) {
        if (world.now() < stalledUntil) {
            world.schedule.after(stalledUntil - world.now(), work);
        } else {
            work.run();
        }
    }

    private void poll() {
        for (SimulatedNode node : world.nodes) {
            long askedAt = world.now();
            world.network.send(name, node.name, () -> node.atAgent(() -> answer(node, askedAt)));
        }
    }

    private void answer(SimulatedNode node, long askedAt) {
        AgentReport report = node.report();
        world.network.send(node.name, name, () -> {
            Heard before = heard.get(node.id);
            if (before == null || before.askedAt() <= askedAt) {
                heard.put(node.id, new Heard(report, askedAt));
            }
        });
    }

    private void decide() {
        if (world.store.away) {
            return;
        }
        FailoverSnapshot snapshot = snapshot(world.store.record());
        FailoverDecision decision = decider.decide(snapshot);
        if (!decision.changes()) {
            clearRequest(snapshot);
            give(decision.orders());
            return;
        }
        world.schedule.after(
                1 + world.random.nextInt(4),
                () -> step(() -> {
                    if (world.store.put(name, decision)) {
                        clearRequest(snapshot);
                        world.schedule.after(world.random.nextInt(2), () -> step(() -> give(decision.orders())));
                    }
                }));
    }

    private void clearRequest(FailoverSnapshot snapshot) {
        if (snapshot.request().isPresent() && world.store.request.equals(snapshot.request())) {
            world.store.request = Optional.empty();
        }
    }

    private FailoverSnapshot snapshot(PrimaryRecord record) {
        Map<NodeId, AgentReport> reports = new HashMap<>();
        heard.forEach((node, told) ->
                reports.put(node, told.report().withAge(Duration.ofMillis(world.now() - told.askedAt()))));
        return new FailoverSnapshot(
                Instant.ofEpochMilli(world.now()),
                world.policy,
                record,
                world.members,
                reports,
                world.verdict(record.reign().primary()),
                false,
                world.store.verification,
                world.store.request);
    }

    private void give(List<Order> orders) {
        for (Order order : orders) {
            if (order instanceof Order.Verify) {
                verify(order);
                continue;
            }
            SimulatedNode node = world.node(order.node());
            long askedAt = world.now();
            world.network.send(
                    name,
                    node.name,
                    () -> node.atAgent(() -> {
                        node.obey(order);
                        answer(node, askedAt);
                    }));
        }
    }

    private void verify(Order order) {
        SimulatedNode node = world.node(order.node());
        world.network.send(name, node.name, () -> {
            boolean writes =
                    !node.frozen && node.couldAcknowledge() && world.now() - world.invariants.lastAcknowledgement < 300;
            world.network.send(
                    node.name,
                    name,
                    () -> world.store.verification = Optional.of(
                            new Verification(order.number().epoch(), writes, writes ? "read back" : "not written")));
        });
    }
}
