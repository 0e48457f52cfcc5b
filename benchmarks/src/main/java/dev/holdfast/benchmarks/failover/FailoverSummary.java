package dev.holdfast.benchmarks.failover;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** All runs in numbers. */
record FailoverSummary(List<FailoverRun> runs) {

    FailoverSummary {
        runs = List.copyOf(runs);
    }

    /** One line for each fault that was run. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("%-12s %5s %14s %11s %11s %6s %12s %14s"
                .formatted("fault", "runs", "outage median", "least", "most", "lost", "split-brain", "whole median"));
        for (Fault fault : Fault.values()) {
            List<FailoverRun> of = of(fault);
            if (!of.isEmpty()) {
                long[] outages = sorted(of, FailoverSummary::outage);
                lines.add("%-12s %5d %11d ms %8d ms %8d ms %6d %12d %11d ms"
                        .formatted(
                                name(fault),
                                of.size(),
                                median(outages),
                                outages[0],
                                outages[outages.length - 1],
                                sum(of, run -> run.traffic().lost().size()),
                                sum(of, run -> run.traffic().splitBrain().size()),
                                median(sorted(of, run -> run.whole().toMillis()))));
            }
        }
        return lines;
    }

    /** {@code name=value} pairs, times in milliseconds. */
    String pairs() {
        List<String> pairs = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            List<FailoverRun> of = of(fault);
            if (!of.isEmpty()) {
                pairs.add(name(fault) + "_outage_ms=" + median(sorted(of, FailoverSummary::outage)));
                pairs.add(name(fault) + "_whole_ms="
                        + median(sorted(of, run -> run.whole().toMillis())));
            }
        }
        pairs.add("runs=" + runs.size());
        pairs.add("acknowledged=" + sum(runs, run -> run.traffic().acknowledged()));
        pairs.add("lost=" + sum(runs, run -> run.traffic().lost().size()));
        pairs.add("split_brain=" + sum(runs, run -> run.traffic().splitBrain().size()));
        return String.join(" ", pairs);
    }

    /** Whether nothing acknowledged was lost, and nothing acknowledged twice over. */
    boolean isSafe() {
        return runs.stream()
                .allMatch(run -> run.traffic().lost().isEmpty()
                        && run.traffic().splitBrain().isEmpty());
    }

    private List<FailoverRun> of(Fault fault) {
        return runs.stream().filter(run -> run.fault() == fault).toList();
    }

    private static long outage(FailoverRun run) {
        return run.traffic().longestSilence().toMillis();
    }

    private static long[] sorted(List<FailoverRun> runs, ToLongFunction<FailoverRun> value) {
        return runs.stream().mapToLong(value).sorted().toArray();
    }

    private static long sum(List<FailoverRun> runs, ToLongFunction<FailoverRun> value) {
        return runs.stream().mapToLong(value).sum();
    }

    /** Of an even number the mean of the two in the middle. */
    static long median(long[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Math.round(
                        Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow());
    }

    private static String name(Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }
}
