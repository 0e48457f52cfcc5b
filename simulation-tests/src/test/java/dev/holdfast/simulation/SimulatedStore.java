package dev.holdfast.simulation;

import dev.holdfast.failover.promotion.FailoverDecision;
import dev.holdfast.failover.promotion.FailoverSnapshot.Verification;
import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.model.replication.PrimaryRecord;
import java.util.Optional;

/** The store: one record, changed by compare-and-set. */
final class SimulatedStore {

    private final World world;
    private PrimaryRecord record;
    boolean away;
    Optional<OperatorRequest> request = Optional.empty();
    Optional<Verification> verification = Optional.empty();

    SimulatedStore(World world, PrimaryRecord record) {
        this.world = world;
        this.record = record;
    }

    PrimaryRecord record() {
        return record;
    }

    /** Whether the decision's record is in the store now. */
    boolean put(String controller, FailoverDecision decision) {
        if (away || !record.number().equals(decision.before().number())) {
            return false;
        }
        PrimaryRecord before = record;
        record = decision.record();
        decision.events()
                .forEach(event ->
                        world.story.tell(() -> controller + " decides: " + event.text() + " " + event.evidence()));
        world.story.tell(() -> "the store holds " + record);
        decision.taken()
                .forEach(edge -> world.invariants.edges.add(edge.from() + " to " + edge.to() + ": " + edge.reason()));
        world.invariants.stored(before, record);
        return true;
    }
}
