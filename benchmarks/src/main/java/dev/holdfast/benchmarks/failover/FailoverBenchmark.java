package dev.holdfast.benchmarks.failover;

import dev.holdfast.endtoend.LedgerTraffic;
import dev.holdfast.endtoend.NetworkNamespace;
import dev.holdfast.endtoend.SpreadDatabase;
import dev.holdfast.endtoend.SpreadSuite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/**
 * Strikes the primary of a real PostgreSQL cluster of three, again and again, with the faults in rotation, under four writers
 * through the gateway and a session on each server from before the fault. Everything has its default settings.
 */
@Command(
        name = "failover.sh",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description =
                "How long a PostgreSQL cluster takes no writes when its primary is lost, and whether a row is lost.")
final class FailoverBenchmark implements Callable<Integer> {

    private static final int WRITERS = 4;

    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private static final Duration AFTERWARDS = Duration.ofSeconds(1);

    /** Beyond that something is broken. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "10",
            description = "How often each fault is run (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--faults",
            paramLabel = "FAULT",
            split = ",",
            defaultValue = "crash,postmaster,freeze,partition,switchover",
            description = "Which, separated by commas (default: ${DEFAULT-VALUE}).")
    private List<Fault> faults = List.of();

    @Option(
            names = "--freeze",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long a frozen node stays frozen (default: ${DEFAULT-VALUE}).")
    private int freezeSeconds;

    @Option(
            names = "--partition",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "How long a node stays cut off (default: ${DEFAULT-VALUE}).")
    private int partitionSeconds;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where data and logs are kept afterwards (default: a temporary folder).")
    private Optional<Path> folder = Optional.empty();

    private FailoverBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FailoverBenchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Optional<String> obstacle = NetworkNamespace.obstacle();
        if (obstacle.isPresent()) {
            System.err.println(obstacle.get());
            return CommandLine.ExitCode.SOFTWARE;
        }
        Path data = folder.isPresent()
                ? Files.createDirectories(folder.get())
                : Files.createTempDirectory("holdfast-benchmark");
        System.out.println("data and logs in " + data);
        List<FailoverRun> done = new ArrayList<>();
        try (SpreadSuite suite = SpreadSuite.start(data);
                SpreadDatabase database = SpreadDatabase.start(suite)) {
            for (int round = 1; round <= runs; round++) {
                for (Fault fault : faults) {
                    FailoverRun run = run(database, fault);
                    System.out.println(round + "/" + runs + " " + run);
                    done.add(run);
                }
            }
        }
        FailoverSummary summary = new FailoverSummary(done);
        summary.table().forEach(System.out::println);
        System.out.println(summary.pairs());
        return summary.isSafe() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private FailoverRun run(SpreadDatabase database, Fault fault) throws Exception {
        database.awaitWhole(LIMIT);
        String primary = database.primary().path("primary").asString();
        try (LedgerTraffic traffic = new LedgerTraffic(database.target())) {
            traffic.start(WRITERS);
            TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
            Fault.Timing timing =
                    new Fault.Timing(Duration.ofSeconds(freezeSeconds), Duration.ofSeconds(partitionSeconds));
            fault.strike(database, primary);
            database.awaitReplaced(primary, LIMIT);
            fault.repair(database, primary, timing);
            database.awaitWhole(LIMIT);
            Duration whole = timing.sinceRepair();
            TimeUnit.NANOSECONDS.sleep(AFTERWARDS.toNanos());
            return new FailoverRun(fault, traffic.finish(), whole, phases(database.newestReport()));
        }
    }

    private static String phases(JsonNode report) {
        StringJoiner phases = new StringJoiner(", ");
        report.path("phases")
                .forEach(phase -> phases.add(phase.path("name").asString() + " "
                        + Duration.parse(
                                        phase.path("took").asString().equals("0s")
                                                ? "PT0S"
                                                : phase.path("took").asString())
                                .toMillis()));
        return phases.toString();
    }
}
