package dev.holdfast.simulation;

import dev.holdfast.failover.promotion.AgentReport.Postgres;
import dev.holdfast.failover.promotion.AgentReport.Role;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.simulation.SimulatedNode.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The promises that must hold after each event, checked against the truth that no controller knows. */
final class FailoverInvariants {

    /** A row that a client was told is safe. */
    record Acknowledged(Row row, int end) {}

    private final World world;
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final Map<NodeId, OrderNumber> accepted = new HashMap<>();
    private final Map<Long, NodeId> promotedIn = new HashMap<>();
    private long newestReign;
    private Optional<SimulatedNode> lastToAcknowledge = Optional.empty();
    long lastAcknowledgement;
    int failovers;
    final Set<String> edges = new HashSet<>();

    FailoverInvariants(World world) {
        this.world = world;
    }

    void acknowledged(SimulatedNode node, Row row, int end) {
        boolean isOld = node.reign < newestReign;
        // Standbys may have confirmed the row before they were detached, and the answer comes late: it is in the new
        // reign.
        if (isOld && lastToAcknowledge.filter(newest -> newest.has(row, end)).isEmpty()) {
            throw new InvariantBroken("split brain: " + node.name + " acknowledges a write after "
                    + lastToAcknowledge.map(last -> last.name).orElse("another")
                    + ", promoted later and without it, has acknowledged one");
        }
        acknowledged.add(new Acknowledged(row, end));
        if (isOld) {
            return;
        }
        if (node.reign > newestReign) {
            newestReign = node.reign;
            requireEveryAcknowledgedWrite(node, "has become primary and acknowledges a write");
        }
        lastToAcknowledge = Optional.of(node);
        lastAcknowledgement = world.now();
    }

    void promoted(SimulatedNode node, long epoch) {
        NodeId other = promotedIn.putIfAbsent(epoch, node.id);
        if (other != null && !other.equals(node.id)) {
            throw new InvariantBroken(other + " and " + node.id + " were both promoted in epoch " + epoch);
        }
    }

    void stored(PrimaryRecord before, PrimaryRecord after) {
        if (after.number().step() != before.number().step() + 1
                || after.number().epoch() < before.number().epoch()) {
            throw new InvariantBroken("numbers don't grow: " + before.number() + ", " + after.number());
        }
        boolean begins = after.phase() == FailoverPhase.FENCING && before.phase() != FailoverPhase.FENCING;
        if (begins && after.number().epoch() == before.number().epoch()) {
            throw new InvariantBroken("an operation began without a new epoch: " + after);
        }
        boolean designates = after.phase() == FailoverPhase.PROMOTING && before.phase() != FailoverPhase.PROMOTING;
        if (designates && !world.isAsync()) {
            requireNobodyElseCanAcknowledge(after.reign().primary());
            requireEveryAcknowledgedWrite(world.node(after.reign().primary()), "is about to be promoted");
        }
        if (!before.reign().confirmed() && after.reign().confirmed()) {
            failovers++;
            if (!world.isAsync()) {
                requireEveryAcknowledgedWrite(world.node(after.reign().primary()), "has been promoted");
            }
        }
        requireTrueClaim(after);
    }

    /** After every event: what agents have accepted never shrinks, and the primary's settings are at least what is claimed. */
    void always() {
        for (SimulatedNode node : world.nodes) {
            OrderNumber before = accepted.put(node.id, node.accepted());
            if (before != null && node.accepted().compareTo(before) < 0) {
                throw new InvariantBroken(node.name + " has gone back from " + before + " to " + node.accepted());
            }
        }
        PrimaryRecord record = world.store.record();
        SimulatedNode primary = world.node(record.reign().primary());
        if (record.reign().confirmed()
                && primary.role == Role.PRIMARY
                && primary.postgres == Postgres.RUNNING
                && !primary.impliesClaim(record.reign().claimed())) {
            throw new InvariantBroken("the store claims " + record.reign().claimed() + ", which is more than "
                    + primary.name + " asks for");
        }
    }

    private void requireNobodyElseCanAcknowledge(NodeId candidate) {
        for (SimulatedNode node : world.nodes) {
            if (!node.id.equals(candidate) && node.couldAcknowledge()) {
                throw new InvariantBroken(
                        candidate + " is about to be promoted while " + node.name + " could still acknowledge writes");
            }
        }
    }

    private void requireEveryAcknowledgedWrite(SimulatedNode node, String what) {
        if (world.isAsync()) {
            return;
        }
        for (Acknowledged write : acknowledged) {
            if (!node.has(write.row(), write.end())) {
                throw new InvariantBroken(node.name + " " + what + " without the acknowledged write at " + write.end()
                        + " of timeline " + write.row().timeline);
            }
        }
    }

    /**
     * Every acknowledged write is on as many standbys as claimed. A node whose data directory is being made anew counts as
     * having it, since it says nothing and takes part in nothing until it has caught up with the primary.
     */
    private void requireTrueClaim(PrimaryRecord record) {
        Synchronous claim = record.reign().claimed();
        if (claim.claimsNothing()) {
            return;
        }
        List<SimulatedNode> standbys =
                claim.standbys().stream().map(world::node).toList();
        for (Acknowledged write : acknowledged) {
            long holders = standbys.stream()
                    .filter(node -> node.vouchesForNothing() || node.has(write.row(), write.end()))
                    .count();
            if (holders < claim.required()) {
                throw new InvariantBroken("the store claims " + claim + ", and the acknowledged write at " + write.end()
                        + " of timeline " + write.row().timeline + " is on " + holders + " of them");
            }
        }
    }

    int acknowledgedWrites() {
        return acknowledged.size();
    }
}
