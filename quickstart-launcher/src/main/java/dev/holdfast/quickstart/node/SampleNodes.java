package dev.holdfast.quickstart.node;

import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.port.Ports;
import dev.holdfast.quickstart.process.ProcessDefinition;
import dev.holdfast.quickstart.process.Readiness;
import dev.holdfast.quickstart.service.Jvm;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The sample nodes as processes, spread over two zones. */
public final class SampleNodes {

    public static final List<String> ZONES = List.of("a", "b");

    /** A little more than a node allows requests in progress. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(12);

    private SampleNodes() {}

    /** The name of the node with that number, from 1; its process has the same name. */
    public static String name(int number) {
        return "node-" + number;
    }

    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (int number = 1; number <= Ports.SAMPLE_NODES; number++) {
            names.add(name(number));
        }
        return List.copyOf(names);
    }

    public static String zone(int number) {
        return ZONES.get((number - 1) % ZONES.size());
    }

    /**
     * All of them.
     *
     * @param jar the quickstart's own, in which {@link SampleNode} is
     */
    public static List<ProcessDefinition> processes(Path jar, DataDirectory data, Ports ports, HttpClient client) {
        List<ProcessDefinition> processes = new ArrayList<>();
        for (int number = 1; number <= Ports.SAMPLE_NODES; number++) {
            String name = name(number);
            int port = ports.node(number);
            List<String> command = new ArrayList<>(List.of(Jvm.program()));
            command.addAll(Jvm.COMMON_OPTIONS);
            command.addAll(List.of("-Xmx32m", "-XX:TieredStopAtLevel=1"));
            // Small answers go out at once, and connections that a gateway keeps are not closed under it.
            command.add("-Dsun.net.httpserver.nodelay=true");
            command.add("-Dsun.net.httpserver.idleInterval=600");
            command.add("-Dsun.net.httpserver.maxIdleConnections=1000");
            command.addAll(List.of("-cp", jar.toString(), SampleNode.class.getName()));
            command.addAll(List.of(name, zone(number), Integer.toString(port)));
            processes.add(new ProcessDefinition(
                    name,
                    port,
                    command,
                    Map.of(),
                    data.log(name),
                    Readiness.answers(client, URI.create("http://127.0.0.1:" + port + "/health")),
                    false,
                    "TERM",
                    STOP_GRACE));
        }
        return List.copyOf(processes);
    }
}
