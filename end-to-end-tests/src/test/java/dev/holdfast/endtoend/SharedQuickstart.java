package dev.holdfast.endtoend;

import static org.awaitility.Awaitility.await;

import dev.holdfast.quickstart.node.SampleNodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests one quickstart for all of them, whole and healthy before each test. */
final class SharedQuickstart implements ParameterResolver, BeforeEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(SharedQuickstart.class);

    private static final Duration HEAL_LIMIT = Duration.ofMinutes(3);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningQuickstart.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return quickstart(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        System.out.println("--- " + context.getDisplayName());
        heal(quickstart(context));
    }

    private static RunningQuickstart quickstart(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(RunningQuickstart.class, key -> start(), RunningQuickstart.class);
    }

    private static RunningQuickstart start() {
        try {
            return RunningQuickstart.start(
                    Files.createTempDirectory("holdfast end to end"), RunningQuickstart.freePorts(), "--no-database");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Brings back what the test before has left broken, and waits until the gateway uses all four nodes. */
    private static void heal(RunningQuickstart quickstart) throws IOException, InterruptedException {
        for (long pid : quickstart.processes().values()) {
            RunningQuickstart.signal("CONT", pid);
        }
        quickstart.bringBack("postgres");
        for (String service : ControlServices.NAMES) {
            quickstart.bringBack(service);
        }
        quickstart.bringBack("gateway-service");
        for (String node : SampleNodes.names()) {
            if (quickstart.pid(node).isEmpty()) { // One that runs may have been told to fail its checks.
                quickstart.bringBack(node);
            }
            Http.post(quickstart.node(node) + "/faults?status=none");
            Http.post(quickstart.node(node) + "/faults?health=none");
        }
        ControlApi control = quickstart.control();
        await("the gateway uses all four nodes")
                .atMost(HEAL_LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    for (String node : SampleNodes.names()) {
                        if (!control.inRotation(node)) {
                            return false;
                        }
                    }
                    return true;
                });
    }
}
