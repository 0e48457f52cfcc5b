package dev.holdfast.quickstart.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.data.FileTree;
import dev.holdfast.quickstart.process.ProcessDefinition;
import dev.holdfast.quickstart.process.ProcessFailedException;
import dev.holdfast.quickstart.process.Supervisor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The services as they start fastest: each jar taken apart, and beside it what a JVM had loaded and linked of it after a
 * start (an AOT cache, JEP 514), for the next JVM to begin with. Made once for each build, in the folder {@code target};
 * a service whose cache can't be made starts from its jar as it is, only slower.
 */
public final class AotCaches {

    /** Many times what it takes, so that only a start that hangs is given up. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** Each one loads a service and then writes its classes down, which takes a processor and up to a gigabyte. */
    private static final int AT_ONCE = 2;

    private final Path home;
    private final DataDirectory data;
    private final Supervisor supervisor;
    private final Consumer<String> announce;

    /** The services whose cache is of the present build. */
    private final Set<String> prepared = ConcurrentHashMap.newKeySet();

    /**
     * @param home the root of the repository
     * @param supervisor runs what makes the caches
     */
    public AotCaches(Path home, DataDirectory data, Supervisor supervisor, Consumer<String> announce) {
        this.home = home;
        this.data = data;
        this.supervisor = supervisor;
        this.announce = announce;
    }

    /**
     * A start to learn from.
     *
     * @param options of the JVM; the cache fits only JVMs with the same collector
     * @param environment with which the service can be started
     */
    public record Trial(String service, List<String> options, Map<String, String> environment) {}

    /** Makes the caches that are missing or belong to another build. */
    public void prepare(List<Trial> trials) throws InterruptedException {
        try (ExecutorService workers = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().daemon().name("aot-", 0).factory())) {
            List<Future<?>> results = new ArrayList<>();
            for (Trial trial : trials) {
                results.add(workers.submit(() -> prepareUnlessPrepared(trial)));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The end of the command line that starts the service. */
    public List<String> launch(String service) {
        if (prepared.contains(service)) {
            // What of the cache a JVM can't use it does without; that is no news for the service's log.
            return List.of(
                    "-XX:AOTCache=" + cache(service),
                    "-Xlog:aot*=error",
                    "-jar",
                    takenApart(service).toString());
        }
        return List.of("-jar", Services.jar(home, service).toString());
    }

    private void prepareUnlessPrepared(Trial trial) {
        String service = trial.service();
        try {
            // Two quickstarts may start from the same build at the same time.
            try (FileChannel file = FileChannel.open(
                            folder(service).resolveSibling("quickstart.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock _ = file.lock()) {
                String build = build(service, trial.options());
                if (!Files.exists(mark(service))
                        || !Files.readString(mark(service)).equals(build)) {
                    make(trial, build);
                }
                prepared.add(service);
            }
        } catch (IOException | ProcessFailedException e) {
            announce.accept(service + " starts slower, from its jar: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The mark is written last: a cache without it is made anew. */
    private void make(Trial trial, String build) throws IOException, InterruptedException, ProcessFailedException {
        String service = trial.service();
        announce.accept(service + " is prepared to start faster (once for each build)");
        FileTree.delete(folder(service));
        List<String> takeApart = List.of(
                Jvm.program(),
                "-Djarmode=tools",
                "-jar",
                Services.jar(home, service).toString(),
                "extract",
                "--destination",
                folder(service).toString());
        run(service, takeApart, Map.of());
        List<String> trialRun = new ArrayList<>();
        trialRun.add(Jvm.program());
        trialRun.addAll(trial.options());
        trialRun.addAll(List.of("-XX:AOTCacheOutput=" + cache(service), "-Dspring.context.exit=onRefresh"));
        trialRun.addAll(List.of("-jar", takenApart(service).toString()));
        run(service, trialRun, trial.environment());
        if (!Files.exists(cache(service))) {
            throw new IOException("no cache came of its trial start, see " + log(service));
        }
        Files.writeString(mark(service), build);
    }

    private void run(String service, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException, ProcessFailedException {
        supervisor.runToEnd(
                ProcessDefinition.passing(service + "-preparation", command, environment, log(service)), LIMIT);
    }

    /** What the cache was made of: another Java, other options or other classes make another text. */
    private String build(String service, List<String> options) throws IOException {
        CRC32 contents = new CRC32();
        try (ZipFile jar = new ZipFile(Services.jar(home, service).toFile());
                Stream<? extends ZipEntry> entries = jar.stream()) {
            entries.forEach(
                    entry -> contents.update((entry.getName() + entry.getCrc() + entry.getSize()).getBytes(UTF_8)));
        }
        return System.getProperty("java.vm.version") + " " + Jvm.program() + " " + options + " "
                + Long.toHexString(contents.getValue());
    }

    private Path folder(String service) {
        return home.resolve(service).resolve("target").resolve("quickstart");
    }

    private Path takenApart(String service) {
        return folder(service).resolve(service + ".jar");
    }

    private Path cache(String service) {
        return folder(service).resolve(service + ".aot");
    }

    private Path mark(String service) {
        return folder(service).resolve("made-of.txt");
    }

    private Path log(String service) {
        return data.log(service + "-preparation");
    }
}
