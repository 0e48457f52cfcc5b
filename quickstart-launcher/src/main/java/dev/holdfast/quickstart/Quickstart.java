package dev.holdfast.quickstart;

import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.port.PortCheck;
import dev.holdfast.quickstart.port.Ports;
import dev.holdfast.quickstart.process.Leftovers;
import dev.holdfast.quickstart.process.ProcessFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The launcher. Exit codes: 0 after an orderly stop, by Ctrl-C or SIGTERM too; 1 when something could not be started; 2
 * when the arguments are wrong.
 */
@Command(name = "./quickstart")
public final class Quickstart {

    /** Where the repository is; set by the script that starts the launcher. */
    private static final String HOME_PROPERTY = "holdfast.home";

    private static final int FAILED = 1;

    private static final int WRONG_ARGUMENTS = 2;

    private static final int SECRET_BYTES = 32;

    @Option(names = "--port-offset", paramLabel = "N")
    private int portOffset;

    @Option(names = "--data-dir", paramLabel = "DIR")
    private @Nullable Path dataDirectory;

    @Option(names = "--no-database")
    private boolean noDatabase;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true)
    private boolean help;

    private final AtomicInteger exitCode = new AtomicInteger();

    public static void main(String[] arguments) throws InterruptedException {
        Quickstart quickstart = new Quickstart();
        int result = quickstart.start(arguments);
        if (result >= 0) {
            quickstart.exitCode.set(result);
            System.exit(result);
        }
        new CountDownLatch(1).await(); // Until a signal ends the process.
    }

    /** The text of {@code --help}; the script shows the same file. */
    static String usage() throws IOException {
        try (InputStream text = Objects.requireNonNull(Quickstart.class.getResourceAsStream("usage.txt"))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the exit code, or -1 when all runs and goes on running. */
    private int start(String[] arguments) throws InterruptedException {
        Ports ports;
        try {
            new CommandLine(this).parseArgs(arguments);
            ports = new Ports(portOffset);
        } catch (ParameterException | IllegalArgumentException e) {
            System.err.println("quickstart: " + e.getMessage() + " (see ./quickstart --help)");
            return WRONG_ARGUMENTS;
        }
        try {
            if (help) {
                System.out.print(usage());
                return 0;
            }
            return start(ports);
        } catch (IOException | SQLException | ProcessFailedException e) {
            System.err.println("quickstart: " + describe(e));
            return FAILED;
        } catch (RuntimeException e) {
            System.err.println("quickstart: this is a fault of the quickstart itself");
            e.printStackTrace();
            return FAILED;
        }
    }

    private int start(Ports ports) throws IOException, InterruptedException, SQLException, ProcessFailedException {
        Path home = Path.of(Objects.requireNonNull(
                System.getProperty(HOME_PROPERTY), "start the quickstart by the script ./quickstart"));
        Progress progress = new Progress(System.err, System::nanoTime);
        DataDirectory data =
                DataDirectory.open(Objects.requireNonNullElseGet(dataDirectory, () -> home.resolve(".holdfast")));
        Leftovers.stop(data, progress::say);
        Optional<String> busy = PortCheck.findBusy(ports);
        if (busy.isPresent()) {
            System.err.println(busy.get());
            return FAILED;
        }
        requireBuilt(home);
        Suite suite = new Suite(
                home,
                data,
                ports,
                !noDatabase,
                Quickstart::newSecret,
                () -> UUID.randomUUID().toString(),
                System::nanoTime,
                progress);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(suite, progress), "stop"));
        suite.start();
        System.out.println(suite.readyLine());
        System.out.println(suite.thingsToTry());
        return -1;
    }

    private static void requireBuilt(Path home) throws ProcessFailedException {
        for (Path jar : Suite.jars(home)) {
            if (!Files.exists(jar)) {
                throw new ProcessFailedException(jar + " is missing; start without --no-build to have it built");
            }
        }
    }

    private void stop(Suite suite, Progress progress) {
        // Taken before the stop makes a start that is still under way fail.
        int result = exitCode.get();
        try {
            suite.stop();
            progress.say("stopped");
        } catch (IOException e) {
            progress.say("could not stop everything: " + describe(e));
            result = Math.max(result, FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        // A stop that was asked for is a success, where the JVM would report the signal.
        Runtime.getRuntime().halt(result);
    }

    private static String describe(Exception e) {
        return Objects.requireNonNullElseGet(e.getMessage(), e::toString);
    }

    private static String newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }
}
