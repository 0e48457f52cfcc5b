package dev.holdfast.model.journal;

import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Which journal events are wanted; empty members match everything. The times include {@code from} and exclude {@code to}. */
public record JournalFilter(
        Set<EventType> types,
        Optional<RegionId> region,
        Optional<ClusterId> cluster,
        Optional<NodeId> node,
        Optional<String> actor,
        Optional<Instant> from,
        Optional<Instant> to) {

    public static final JournalFilter ALL = new JournalFilter(
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public JournalFilter {
        types = Set.copyOf(types);
    }

    public boolean matches(JournalEvent event) {
        JournalEntry entry = event.entry();
        return (types.isEmpty() || types.contains(entry.type()))
                && (region.isEmpty() || region.equals(entry.region()))
                && (cluster.isEmpty() || cluster.equals(entry.cluster()))
                && (node.isEmpty() || node.equals(entry.node()))
                && (actor.isEmpty() || actor.get().equals(entry.actor()))
                && (from.isEmpty() || !event.at().isBefore(from.get()))
                && (to.isEmpty() || event.at().isBefore(to.get()));
    }
}
