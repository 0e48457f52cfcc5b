package dev.holdfast.quickstart.database;

import dev.holdfast.quickstart.control.ControlApi;
import dev.holdfast.quickstart.node.SampleNodes;
import dev.holdfast.quickstart.port.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cluster {@code db}. Declared when it isn't there; what a user has changed since is left as it is, except that addresses
 * follow the ports of this start.
 */
public final class DatabaseCluster {

    static final String ID = "db";

    private static final String PATH = "/api/v1/clusters/" + ID;

    private static final Duration POLL = Duration.ofMillis(200);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ControlApi api;
    private final Ports ports;
    private final LongSupplier nanoClock;

    public DatabaseCluster(ControlApi api, Ports ports, LongSupplier nanoClock) {
        this.api = api;
        this.ports = ports;
        this.nanoClock = nanoClock;
    }

    /** Declares it when it is missing and corrects addresses; otherwise changes nothing. Its region must be there. */
    public void declare() throws IOException, InterruptedException {
        Optional<JsonNode> existing = api.get(PATH);
        if (existing.isEmpty()) {
            api.put(PATH, declaration(), Optional.empty());
            return;
        }
        ObjectNode declaration = (ObjectNode) existing.get().path("declaration").deepCopy();
        if (correctAddresses(declaration)) {
            api.put(
                    PATH,
                    declaration,
                    Optional.of(existing.get().path("version").asLong()));
        }
    }

    /**
     * Waits until there is a primary whose standbys acknowledge writes.
     *
     * @throws IOException when that takes longer than the limit; the message says what it waits for
     */
    public void awaitPrimary(Duration limit) throws IOException, InterruptedException {
        long deadline = nanoClock.getAsLong() + limit.toNanos();
        while (api.get(PATH + "/primary")
                .filter(primary -> primary.path("phase").asString().equals("STEADY")
                        && primary.path("claimed").path("required").asInt() > 0)
                .isEmpty()) {
            if (nanoClock.getAsLong() - deadline > 0) {
                throw new IOException("the cluster \"" + ID + "\" has no primary that is followed: "
                        + api.get(PATH + "/explain").map(JsonNode::toString).orElse("it is gone"));
            }
            new CountDownLatch(1).await(POLL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private JsonNode declaration() {
        ObjectNode cluster = JSON.createObjectNode();
        declareListeners(cluster.putObject("postgresql").putObject("listeners"));
        ArrayNode nodes = cluster.putArray("nodes");
        for (int number = 1; number <= Ports.DATABASE_NODES; number++) {
            declareAddresses(nodes.addObject().put("id", DatabaseNodes.name(number)), number)
                    .put("region", "local")
                    .put("zone", SampleNodes.zone(number));
        }
        return cluster;
    }

    private ObjectNode declareListeners(ObjectNode listeners) {
        return listeners.put("readWrite", ports.databaseReadWrite()).put("readOnly", ports.databaseReadOnly());
    }

    private ObjectNode declareAddresses(ObjectNode node, int number) {
        return node.put("address", "127.0.0.1:" + ports.database(number))
                .put("agent", "127.0.0.1:" + ports.agent(number));
    }

    /** Returns whether there was anything to correct. */
    private boolean correctAddresses(ObjectNode declaration) {
        JsonNode before = declaration.deepCopy();
        if (declaration.path("postgresql").path("listeners") instanceof ObjectNode listeners) {
            declareListeners(listeners);
        }
        for (JsonNode node : declaration.path("nodes")) {
            int number = DatabaseNodes.names().indexOf(node.path("id").asString()) + 1;
            if (number > 0) {
                declareAddresses((ObjectNode) node, number);
            }
        }
        return !declaration.equals(before);
    }
}
