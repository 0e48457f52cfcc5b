package dev.holdfast.quickstart.port;

import java.util.ArrayList;
import java.util.List;

/**
 * Every port of one quickstart.
 *
 * @param offset added to each default port, so that several quickstarts fit on one machine
 */
public record Ports(int offset) {

    public static final int OBSERVERS = 3;

    public static final int SAMPLE_NODES = 4;

    public static final int DATABASE_NODES = 3;

    private static final int RESTART_HOOK = 9900;

    /** The largest offset at which every port is still a port. */
    public static final int MAX_OFFSET = 65_535 - RESTART_HOOK;

    public Ports {
        if (offset < 0 || offset > MAX_OFFSET) {
            throw new IllegalArgumentException("a port offset is between 0 and " + MAX_OFFSET + ", not " + offset);
        }
    }

    public int gateway() {
        return 8080 + offset;
    }

    public int gatewayControl() {
        return 9000 + offset;
    }

    public int region() {
        return 9101 + offset;
    }

    /** Of the observer with that number, from 1. */
    public int health(int observer) {
        return 9200 + observer + offset;
    }

    public int failover() {
        return 9301 + offset;
    }

    public int postgres() {
        return 9432 + offset;
    }

    /** Of the sample node with that number, from 1. */
    public int node(int number) {
        return 8080 + number + offset;
    }

    /** Of the agent of the database node with that number, from 1. */
    public int agent(int number) {
        return 9400 + number + offset;
    }

    /** Of the PostgreSQL server of the database node with that number, from 1. */
    public int database(int number) {
        return 9440 + number + offset;
    }

    /** Where the gateway takes connections to the database's primary. */
    public int databaseReadWrite() {
        return 9450 + offset;
    }

    /** Where the gateway takes connections to the database's standbys. */
    public int databaseReadOnly() {
        return 9451 + offset;
    }

    /** Where the launcher itself listens. */
    public int restartHook() {
        return RESTART_HOOK + offset;
    }

    /** All of them, each with what it is wanted for. */
    public List<WantedPort> all() {
        List<WantedPort> wanted = new ArrayList<>();
        wanted.add(new WantedPort(gateway(), "the gateway"));
        wanted.add(new WantedPort(gatewayControl(), "the control API"));
        for (int number = 1; number <= SAMPLE_NODES; number++) {
            wanted.add(new WantedPort(node(number), "the sample node node-" + number));
        }
        wanted.add(new WantedPort(region(), "region-service"));
        for (int observer = 1; observer <= OBSERVERS; observer++) {
            wanted.add(new WantedPort(health(observer), "health-service-" + observer));
        }
        wanted.add(new WantedPort(failover(), "failover-service"));
        wanted.add(new WantedPort(postgres(), "PostgreSQL"));
        wanted.add(new WantedPort(databaseReadWrite(), "the way to the database's primary"));
        wanted.add(new WantedPort(databaseReadOnly(), "the way to the database's standbys"));
        for (int number = 1; number <= DATABASE_NODES; number++) {
            wanted.add(new WantedPort(agent(number), "the agent of the database node db-" + number));
            wanted.add(new WantedPort(database(number), "the PostgreSQL server of the database node db-" + number));
        }
        wanted.add(new WantedPort(restartHook(), "the restart hook of the sample nodes"));
        return List.copyOf(wanted);
    }

    /** A port and what it is wanted for, in words for people. */
    public record WantedPort(int port, String purpose) {}
}
