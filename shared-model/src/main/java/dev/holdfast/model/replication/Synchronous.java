package dev.holdfast.model.replication;

import dev.holdfast.model.topology.NodeId;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code synchronous_standby_names = 'ANY required (standbys)'}. Read as a claim: every acknowledged write is on the primary and
 * on at least {@code required} of these standbys.
 *
 * @param required how many have to flush a write before it is acknowledged; 0 claims nothing
 */
public record Synchronous(int required, Set<NodeId> standbys) {

    public static final Synchronous NONE = new Synchronous(0, Set.of());

    public Synchronous {
        standbys = Set.copyOf(standbys);
        if (required < 0 || required > standbys.size()) {
            throw new IllegalArgumentException("ANY " + required + " of " + standbys.size() + " can't be had");
        }
    }

    public boolean claimsNothing() {
        return required == 0;
    }

    /**
     * How many of the standbys have to be detached, so that the primary can acknowledge nothing more and one of the
     * detached holds every acknowledged write: {@code n - required + 1}.
     */
    public int toDetach() {
        return standbys.size() - required + 1;
    }

    /** Whether every write acknowledged under these settings also meets the weaker (or same) claim. */
    public boolean implies(Synchronous claim) {
        Set<NodeId> outside = new HashSet<>(standbys);
        outside.removeAll(claim.standbys);
        return Math.max(0, required - outside.size()) >= claim.required;
    }

    /** The strongest claim of this form that both imply when {@code required} is kept as low as the lower of both. */
    public Synchronous weakest(Synchronous other) {
        Set<NodeId> union = new HashSet<>(standbys);
        union.addAll(other.standbys);
        return new Synchronous(Math.min(required, other.required), union);
    }

    /** The same claim on the same nodes after the primary and one standby have changed roles. */
    public Synchronous exchanged(NodeId formerPrimary, NodeId promoted) {
        Set<NodeId> members = new HashSet<>(standbys);
        members.add(formerPrimary);
        members.remove(promoted);
        return new Synchronous(Math.min(required, members.size()), members);
    }

    @Override
    public String toString() {
        return "ANY " + required + " " + new TreeSet<>(standbys);
    }
}
