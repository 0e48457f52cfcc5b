package dev.holdfast.quickstart;

import dev.holdfast.quickstart.control.ControlApi;
import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.data.Secrets;
import dev.holdfast.quickstart.database.DatabaseCluster;
import dev.holdfast.quickstart.database.DatabaseNodes;
import dev.holdfast.quickstart.database.LedgerProcess;
import dev.holdfast.quickstart.node.SampleNodes;
import dev.holdfast.quickstart.port.Ports;
import dev.holdfast.quickstart.postgres.EmbeddedStore;
import dev.holdfast.quickstart.process.ProcessDefinition;
import dev.holdfast.quickstart.process.ProcessFailedException;
import dev.holdfast.quickstart.process.Supervisor;
import dev.holdfast.quickstart.sample.RestartHook;
import dev.holdfast.quickstart.sample.SampleCluster;
import dev.holdfast.quickstart.service.AotCaches;
import dev.holdfast.quickstart.service.Services;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that a quickstart runs: started in order, declared, and stopped in order. */
final class Suite {

    /** Generous: a small machine may be busy with a build beside it. */
    private static final Duration START_LIMIT = Duration.ofMinutes(4);

    private static final Duration TRAFFIC_LIMIT = Duration.ofMinutes(2);

    private static final String LAUNCHER = "quickstart-launcher";

    private final Path home;
    private final DataDirectory data;
    private final Ports ports;
    private final boolean withDatabase;
    private final Secrets secrets;
    private final Supplier<String> newKey;
    private final LongSupplier nanoClock;
    private final Progress progress;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Supervisor supervisor;
    private volatile @Nullable RestartHook restartHook;

    /**
     * @param withDatabase whether the PostgreSQL cluster is among what runs
     * @param newSecret makes up tokens and passwords
     * @param newKey makes up idempotency keys
     */
    Suite(
            Path home,
            DataDirectory data,
            Ports ports,
            boolean withDatabase,
            Supplier<String> newSecret,
            Supplier<String> newKey,
            LongSupplier nanoClock,
            Progress progress)
            throws IOException {
        this.home = home;
        this.data = data;
        this.ports = ports;
        this.withDatabase = withDatabase;
        this.secrets = Secrets.open(data.file("secrets.json"), newSecret);
        this.newKey = newKey;
        this.nanoClock = nanoClock;
        this.progress = progress;
        this.supervisor = new Supervisor(data, progress::say, nanoClock);
    }

    /** The jars that the build makes and the quickstart runs. */
    static List<Path> jars(Path home) {
        return Stream.of(
                        Services.REGION, Services.HEALTH, Services.FAILOVER, Services.GATEWAY, Services.AGENT, LAUNCHER)
                .map(module -> Services.jar(home, module))
                .toList();
    }

    /** Returns when every sample node answers through the gateway. */
    void start() throws IOException, InterruptedException, SQLException, ProcessFailedException {
        progress.say("preparing PostgreSQL in " + data.root());
        EmbeddedStore store = EmbeddedStore.prepare(data, secrets, ports.postgres(), supervisor);
        start(List.of(store.process()));
        awaitReady(List.of(EmbeddedStore.PROCESS));
        store.createDatabase();

        Path jar = Services.jar(home, LAUNCHER);
        AotCaches caches = new AotCaches(home, data, supervisor, progress::say);
        Services definitions =
                new Services(data, secrets, ports, store.environment(), client, caches, store.programs());
        caches.prepare(definitions.trials(withDatabase));
        List<ProcessDefinition> services = definitions.processes(withDatabase);
        List<ProcessDefinition> nodes = SampleNodes.processes(jar, data, ports, client);
        progress.say("starting " + services.size() + " services and " + nodes.size() + " sample nodes");
        start(services);
        start(nodes);
        awaitReady(services.stream().map(ProcessDefinition::name).toList());
        awaitReady(nodes.stream().map(ProcessDefinition::name).toList());

        String hookToken = secrets.get(Secrets.RESTART_HOOK);
        restartHook = new RestartHook(ports.restartHook(), hookToken, supervisor, progress::say);
        progress.say(
                withDatabase ? "declaring the clusters \"sample\" and \"db\"" : "declaring the cluster \"sample\"");
        ControlApi api = new ControlApi(client, URI.create(control()), secrets.get(Secrets.ADMIN), newKey);
        SampleCluster sample = new SampleCluster(
                api,
                client,
                ports,
                new SampleCluster.Hook(RestartHook.url(ports.restartHook()), RestartHook.authorization(hookToken)),
                nanoClock);
        sample.declare();
        DatabaseCluster database = new DatabaseCluster(api, ports, nanoClock);
        if (withDatabase) {
            database.declare();
        }
        Set<String> expected = sample.expectedNodes();
        progress.say("waiting for traffic to reach " + String.join(", ", expected));
        sample.awaitTraffic(expected, TRAFFIC_LIMIT);
        if (withDatabase) {
            progress.say("waiting for the database to have a primary with standbys");
            database.awaitPrimary(TRAFFIC_LIMIT);
            start(List.of(LedgerProcess.definition(jar, data, secrets, ports)));
        }
        progress.say("ready");
    }

    /** Stops the gateway first, which lets its requests end, and the store last. Safe at any moment of the start. */
    void stop() throws IOException, InterruptedException {
        progress.say("stopping");
        Optional.ofNullable(restartHook).ifPresent(RestartHook::close);
        List<String> services = new ArrayList<>(List.of(Services.FAILOVER, Services.REGION));
        for (int observer = 1; observer <= Ports.OBSERVERS; observer++) {
            services.add(Services.healthProcess(observer));
        }
        supervisor.stopAll(List.of(
                List.of(LedgerProcess.NAME),
                List.of(Services.GATEWAY),
                services,
                SampleNodes.names(),
                DatabaseNodes.names(),
                List.of(EmbeddedStore.PROCESS)));
        supervisor.close();
        data.close();
    }

    /** For programs: where things are and the token that may do everything. */
    String readyLine() throws IOException {
        return "ready: gateway=" + gateway() + " control=" + control() + " token=" + secrets.get(Secrets.ADMIN)
                + " data=" + data.root();
    }

    /** For people: lines to paste into another terminal. */
    String thingsToTry() throws IOException {
        String authorized = "curl -s -H 'Authorization: Bearer " + secrets.get(Secrets.ADMIN) + "' ";
        String node = SampleNodes.name(1);
        String pid = supervisor.pid(node).map(String::valueOf).orElse("PID");
        String restart = RestartHook.url(ports.restartHook(), node, secrets.get(Secrets.RESTART_HOOK));
        return """

                Things to try in another terminal:

                1. Watch who answers:
                     while sleep 0.2; do curl -sS %1$s/; done
                2. Kill a node while you watch: no request fails. Ask why the node is out, then bring it back:
                     kill -9 %4$s
                     %3$s%2$s/api/v1/nodes/%5$s/health
                     curl -s -X POST '%6$s'
                3. Restart all four nodes, one after the other, and follow it:
                     %3$s-X POST %2$s/api/v1/clusters/sample/rolling-restart
                     %3$s%2$s/api/v1/operations
                %9$s
                Status page: %2$s/ (its token is the one in the line "ready")
                API:         %2$s/swagger-ui.html
                Logs:        %7$s
                Ctrl-C stops everything; the data stays in %8$s.
                """.formatted(
                gateway(),
                control(),
                authorized,
                pid,
                node,
                restart,
                data.file("logs"),
                data.root(),
                withDatabase ? databaseToTry(authorized) : "").stripTrailing();
    }

    private String databaseToTry(String authorized) throws IOException {
        return """

                4. Watch the ledger, which writes into the PostgreSQL cluster "db", and hand its primary over; then kill one:
                     tail -f '%3$s'
                     %2$s-X POST %1$s/api/v1/clusters/db/switchover
                     %2$s%1$s/api/v1/failovers
                """.formatted(control(), authorized, data.log(LedgerProcess.NAME));
    }

    private void start(List<ProcessDefinition> definitions) throws IOException, ProcessFailedException {
        for (ProcessDefinition definition : definitions) {
            supervisor.start(definition);
        }
    }

    private void awaitReady(List<String> names) throws InterruptedException, ProcessFailedException {
        for (String name : names) {
            supervisor.awaitReady(name, START_LIMIT);
            progress.say(name + " is ready");
        }
    }

    private String gateway() {
        return "http://127.0.0.1:" + ports.gateway();
    }

    private String control() {
        return "http://127.0.0.1:" + ports.gatewayControl();
    }
}
