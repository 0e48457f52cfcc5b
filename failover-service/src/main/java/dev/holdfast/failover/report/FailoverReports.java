package dev.holdfast.failover.report;

import dev.holdfast.failover.report.FailoverReport.Phase;
import dev.holdfast.failover.report.FailoverReport.State;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts the events of failovers together to reports. */
final class FailoverReports {

    /** The events that tell of failovers. */
    static final Set<EventType> EVENTS = EnumSet.of(
            EventType.PRIMARY_SUSPECTED,
            EventType.PRIMARY_TRUSTED,
            EventType.FAILOVER_STARTED,
            EventType.FAILOVER_PROMOTING,
            EventType.PRIMARY_CHANGED,
            EventType.FAILOVER_VERIFYING,
            EventType.FAILOVER_RECOVERING,
            EventType.FAILOVER_COMPLETED,
            EventType.FAILOVER_CANCELLED,
            EventType.FAILOVER_GIVEN_UP,
            EventType.FAILOVER_BLOCKED);

    private FailoverReports() {}

    /**
     * Reads the newest ones that {@code view} has, the newest first.
     *
     * @param cluster of which; empty for all
     * @param events at most so many are looked through
     */
    static List<FailoverReport> read(StateView view, Optional<ClusterId> cluster, int events) {
        JournalFilter all = JournalFilter.ALL;
        JournalFilter filter =
                new JournalFilter(EVENTS, all.region(), cluster, all.node(), all.actor(), all.from(), all.to());
        return of(view.journal(filter, Optional.empty(), events).reversed());
    }

    /** The reports of the failovers among the events, the newest first; of one whose start is missing there is none. */
    static List<FailoverReport> of(List<JournalEvent> oldestFirst) {
        Map<ClusterId, List<JournalEvent>> byCluster = new LinkedHashMap<>();
        for (JournalEvent event : oldestFirst) {
            event.entry()
                    .cluster()
                    .ifPresent(cluster -> byCluster
                            .computeIfAbsent(cluster, id -> new ArrayList<>())
                            .add(event));
        }
        List<FailoverReport> reports = new ArrayList<>();
        byCluster.forEach((cluster, events) -> addReports(cluster, events, reports));
        reports.sort(Comparator.comparing(FailoverReport::began).reversed());
        return reports;
    }

    private static void addReports(ClusterId cluster, List<JournalEvent> events, List<FailoverReport> reports) {
        Optional<JournalEvent> suspected = Optional.empty();
        List<JournalEvent> open = new ArrayList<>();
        for (JournalEvent event : events) {
            EventType type = event.entry().type();
            if (!open.isEmpty()) {
                open.add(event);
                if (end(type).isPresent()) {
                    reports.add(report(cluster, suspected, open));
                    open = new ArrayList<>();
                    suspected = Optional.empty();
                }
            } else if (type == EventType.FAILOVER_STARTED) {
                open.add(event);
            } else if (type == EventType.PRIMARY_SUSPECTED) {
                suspected = Optional.of(event);
            } else if (type == EventType.PRIMARY_TRUSTED) {
                suspected = Optional.empty();
            }
        }
        if (!open.isEmpty()) {
            reports.add(report(cluster, suspected, open));
        }
    }

    private static Optional<State> end(EventType type) {
        return switch (type) {
            case FAILOVER_COMPLETED -> Optional.of(State.COMPLETED);
            case FAILOVER_CANCELLED -> Optional.of(State.CANCELLED);
            case FAILOVER_GIVEN_UP -> Optional.of(State.GIVEN_UP);
            default -> Optional.empty();
        };
    }

    private static FailoverReport report(
            ClusterId cluster, Optional<JournalEvent> suspected, List<JournalEvent> events) {
        JournalEvent start = events.getFirst();
        JournalEvent last = events.getLast();
        Optional<State> ended = end(last.entry().type());
        State state = ended.orElse(last.entry().type() == EventType.FAILOVER_BLOCKED ? State.BLOCKED : State.RUNNING);
        Map<EventType, JournalEvent> newest = new HashMap<>();
        events.forEach(event -> newest.put(event.entry().type(), event));
        List<JournalEvent> all = new ArrayList<>(suspected.stream().toList());
        all.addAll(events);
        Instant noticed = suspected.map(JournalEvent::at).orElse(start.at());
        return new FailoverReport(
                cluster + "-" + start.entry().evidence().get("epoch"),
                cluster,
                state,
                text(start, "kind").orElse("unknown"),
                text(start, "operation").orElse("unknown"),
                start.entry().actor(),
                node(start).orElseThrow(),
                Optional.ofNullable(newest.get(EventType.PRIMARY_CHANGED)).flatMap(FailoverReports::node),
                (int) events.stream()
                        .filter(event -> event.entry().type() == EventType.FAILOVER_STARTED)
                        .count(),
                suspected.map(JournalEvent::at),
                start.at(),
                ended.map(end -> last.at()),
                Optional.ofNullable(newest.get(EventType.FAILOVER_PROMOTING)).flatMap(event -> text(event, "loss")),
                phases(all),
                Optional.ofNullable(newest.get(EventType.FAILOVER_VERIFYING))
                        .map(event -> Duration.between(noticed, event.at())),
                all.stream().map(event -> event.revision().value()).toList());
    }

    private static List<Phase> phases(List<JournalEvent> events) {
        List<Phase> phases = new ArrayList<>();
        for (int index = 0; index < events.size(); index++) {
            JournalEvent event = events.get(index);
            Optional<Duration> took = index + 1 < events.size()
                    ? Optional.of(
                            Duration.between(event.at(), events.get(index + 1).at()))
                    : Optional.empty();
            phaseBegunBy(event.entry().type()).ifPresent(name -> phases.add(new Phase(name, event.at(), took)));
        }
        return phases;
    }

    private static Optional<String> phaseBegunBy(EventType type) {
        return switch (type) {
            case PRIMARY_SUSPECTED -> Optional.of("detect");
            case FAILOVER_STARTED -> Optional.of("fence");
            case FAILOVER_PROMOTING -> Optional.of("promote");
            case PRIMARY_CHANGED -> Optional.of("route");
            case FAILOVER_VERIFYING -> Optional.of("verify");
            case FAILOVER_RECOVERING -> Optional.of("recover");
            default -> Optional.empty();
        };
    }

    private static Optional<NodeId> node(JournalEvent event) {
        return text(event, "primary").map(NodeId::new);
    }

    private static Optional<String> text(JournalEvent event, String key) {
        return Optional.ofNullable(event.entry().evidence().get(key)).map(String::valueOf);
    }
}
