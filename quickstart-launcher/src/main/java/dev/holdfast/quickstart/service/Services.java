package dev.holdfast.quickstart.service;

import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.data.Secrets;
import dev.holdfast.quickstart.database.DatabaseNodes;
import dev.holdfast.quickstart.port.Ports;
import dev.holdfast.quickstart.process.ProcessDefinition;
import dev.holdfast.quickstart.process.Readiness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The services as processes of their own, each from the jar that the build made. They get their settings through the
 * environment, which unlike a command line other users can't read.
 */
public final class Services {

    public static final String REGION = "region-service";

    public static final String HEALTH = "health-service";

    public static final String FAILOVER = "failover-service";

    public static final String GATEWAY = "gateway-service";

    public static final String AGENT = "node-agent";

    /**
     * Runs a command behind everything else, so that services which start again don't take the processors from the
     * traffic. Linux weighs whole sessions against one another first, and only then the processes in each.
     */
    public static final List<String> IN_THE_BACKGROUND =
            List.of("/bin/sh", "-c", "{ echo 10 > /proc/self/autogroup; } 2> /dev/null; exec nice -n 10 \"$@\"", "sh");

    private static final String HOST = "http://127.0.0.1:";

    /** A little more than the services themselves allow requests in progress. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(15);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final DataDirectory data;
    private final Secrets secrets;
    private final Ports ports;
    private final Map<String, String> storeEnvironment;
    private final HttpClient client;
    private final AotCaches caches;
    private final Path postgresPrograms;

    /**
     * @param storeEnvironment what a service needs to know to use the store
     * @param postgresPrograms the folder with the programs that agents run
     * @param caches how a service is launched
     */
    public Services(
            DataDirectory data,
            Secrets secrets,
            Ports ports,
            Map<String, String> storeEnvironment,
            HttpClient client,
            AotCaches caches,
            Path postgresPrograms) {
        this.data = data;
        this.secrets = secrets;
        this.ports = ports;
        this.storeEnvironment = Map.copyOf(storeEnvironment);
        this.client = client;
        this.caches = caches;
        this.postgresPrograms = postgresPrograms;
    }

    /** The name of the process of the observer with that number, from 1. */
    public static String healthProcess(int observer) {
        return HEALTH + "-" + observer;
    }

    /** The options that a service's JVM is run with. */
    public static List<String> jvmOptions(String service) {
        List<String> own = switch (service) {
            case GATEWAY -> List.of("-Xmx384m");
            // Start-up and little load: the quick compiler alone starts faster and takes less memory.
            case AGENT -> List.of("-Xmx96m", "-XX:TieredStopAtLevel=1");
            default -> List.of("-Xmx192m", "-XX:TieredStopAtLevel=1");
        };
        return Stream.concat(Jvm.COMMON_OPTIONS.stream(), own.stream()).toList();
    }

    /** The jar that the build makes of a module. */
    public static Path jar(Path home, String module) {
        return home.resolve(module).resolve("target").resolve(module + ".jar");
    }

    /**
     * @param withDatabase the agents too
     * @return how each service can be started once to make its cache
     */
    public List<AotCaches.Trial> trials(boolean withDatabase) throws IOException {
        Map<String, AotCaches.Trial> trials = new LinkedHashMap<>();
        for (Launch launch : launches(withDatabase)) {
            trials.putIfAbsent(
                    launch.service(),
                    new AotCaches.Trial(launch.service(), jvmOptions(launch.service()), environment(launch)));
        }
        return List.copyOf(trials.values());
    }

    /** All services, in the order in which they are listed; to be asked for when the caches have been prepared. */
    public List<ProcessDefinition> processes(boolean withDatabase) throws IOException {
        List<ProcessDefinition> processes = new ArrayList<>();
        for (Launch launch : launches(withDatabase)) {
            processes.add(definition(launch));
        }
        return List.copyOf(processes);
    }

    private List<Launch> launches(boolean withDatabase) throws IOException {
        List<Launch> launches = new ArrayList<>();
        launches.add(control(REGION, REGION, ports.region(), Map.of()));
        for (int observer = 1; observer <= Ports.OBSERVERS; observer++) {
            launches.add(control(healthProcess(observer), HEALTH, ports.health(observer), observer(observer)));
        }
        launches.add(control(FAILOVER, FAILOVER, ports.failover(), Map.of()));
        launches.add(gateway());
        if (withDatabase) {
            for (int number = 1; number <= Ports.DATABASE_NODES; number++) {
                launches.add(agent(number));
            }
        }
        return launches;
    }

    private static Map<String, Object> observer(int number) {
        return Map.of(
                "holdfast.health.observer.id",
                "health-" + number,
                "holdfast.health.observer.location",
                "local",
                "holdfast.health.observer.declared",
                Ports.OBSERVERS);
    }

    private static Launch control(String process, String service, int port, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("server.port", port);
        return new Launch(process, service, port, port, IN_THE_BACKGROUND, settings);
    }

    /** Not in the background: the database servers are its children and would be there too. */
    private Launch agent(int number) throws IOException {
        Map<String, Object> settings = DatabaseNodes.settings(number, data, secrets, ports, postgresPrograms);
        int port = ports.agent(number);
        return new Launch(DatabaseNodes.name(number), AGENT, port, port, List.of(), settings);
    }

    private Launch gateway() throws IOException {
        Map<String, Object> settings = Map.of(
                "holdfast.gateway.data-port",
                ports.gateway(),
                "holdfast.gateway.control-port",
                ports.gatewayControl(),
                "holdfast.gateway.snapshot-file",
                data.folder("gateway").resolve("snapshot.json").toString());
        return new Launch(GATEWAY, GATEWAY, ports.gateway(), ports.gatewayControl(), List.of(), settings);
    }

    private ProcessDefinition definition(Launch launch) throws IOException {
        List<String> command = new ArrayList<>(launch.runner());
        command.add(Jvm.program());
        command.addAll(jvmOptions(launch.service()));
        command.addAll(caches.launch(launch.service()));
        Readiness readiness =
                Readiness.answers(client, URI.create(HOST + launch.actuatorPort() + "/actuator/health/readiness"));
        return new ProcessDefinition(
                launch.process(),
                launch.port(),
                command,
                environment(launch),
                data.log(launch.process()),
                readiness,
                true,
                "TERM",
                STOP_GRACE);
    }

    private Map<String, String> environment(Launch launch) throws IOException {
        Map<String, Object> settings = new HashMap<>(launch.settings());
        settings.put("server.address", "127.0.0.1");
        settings.putAll(addresses());
        settings.putAll(access(launch.service()));
        Map<String, String> environment = new HashMap<>(launch.service().equals(AGENT) ? Map.of() : storeEnvironment);
        environment.put("SPRING_APPLICATION_JSON", JSON.writeValueAsString(settings));
        return environment;
    }

    private Map<String, Object> addresses() {
        List<String> health = new ArrayList<>();
        for (int observer = 1; observer <= Ports.OBSERVERS; observer++) {
            health.add(HOST + ports.health(observer));
        }
        return Map.of(
                "holdfast.services.region", List.of(HOST + ports.region()),
                "holdfast.services.health", health,
                "holdfast.services.failover", List.of(HOST + ports.failover()),
                "holdfast.services.gateways", List.of(HOST + ports.gatewayControl()));
    }

    /** Every service knows everybody's hash, and in plain only the token that it calls the others with. */
    private Map<String, Object> access(String service) throws IOException {
        List<Map<String, Object>> tokens = new ArrayList<>();
        for (String scope : List.of(Secrets.ADMIN, Secrets.OPERATE, Secrets.READ)) {
            tokens.add(Map.of("name", scope, "sha256", secrets.hash(scope), "scopes", List.of(scope)));
        }
        for (String caller : List.of(REGION, HEALTH, FAILOVER, GATEWAY, AGENT)) {
            tokens.add(Map.of("name", caller, "sha256", secrets.hash(caller), "scopes", List.of("service")));
        }
        return Map.of("holdfast.access.tokens", tokens, "holdfast.access.service-token", secrets.get(service));
    }

    /**
     * What tells one process from another.
     *
     * @param runner the command that the JVM is run by, if any
     */
    private record Launch(
            String process,
            String service,
            int port,
            int actuatorPort,
            List<String> runner,
            Map<String, Object> settings) {}
}
