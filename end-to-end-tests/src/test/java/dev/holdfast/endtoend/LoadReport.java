package dev.holdfast.endtoend;

import dev.holdfast.endtoend.OpenLoopLoad.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the users of a load saw. */
record LoadReport(List<Outcome> outcomes) {

    LoadReport(Collection<Outcome> outcomes) {
        this(List.copyOf(outcomes));
    }

    List<Outcome> errors() {
        return outcomes.stream().filter(Outcome::isError).toList();
    }

    double errorShare() {
        return (double) errors().size() / outcomes.size();
    }

    /** How many requests due in that time the node has answered. */
    long servedBy(String node, Instant from, Instant to) {
        return outcomes.stream()
                .filter(outcome -> outcome.servedBy().equals(node))
                .filter(outcome ->
                        !outcome.dueAt().isBefore(from) && outcome.dueAt().isBefore(to))
                .count();
    }

    Map<String, Long> answers() {
        return outcomes.stream().collect(Collectors.groupingBy(Outcome::servedBy, TreeMap::new, Collectors.counting()));
    }

    private Duration percentile(double percent) {
        List<Duration> sorted = outcomes.stream().map(Outcome::latency).sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(sorted.size() * percent / 100)));
    }

    @Override
    public String toString() {
        String figures =
                "%d requests, %d errors (%.3f %%), p50 %d ms, p99 %d ms, p99.9 %d ms, longest %d ms, answers %s"
                        .formatted(
                                outcomes.size(),
                                errors().size(),
                                100 * errorShare(),
                                percentile(50).toMillis(),
                                percentile(99).toMillis(),
                                percentile(99.9).toMillis(),
                                percentile(100).toMillis(),
                                answers());
        return errors().isEmpty()
                ? figures
                : figures + "; first errors: " + errors().stream().limit(5).toList();
    }
}
