package dev.holdfast.agent.postgres;

import dev.holdfast.model.topology.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the agent knows of its server from its configuration.
 *
 * @param node its name, also in {@code synchronous_standby_names}
 * @param data the data directory
 * @param configuration where {@code postgresql.conf} is; empty when in the data directory
 * @param programs where {@code postgres} is; empty for the newest that is installed
 * @param log takes what the server prints
 */
public record EngineSettings(
        NodeId node,
        Path data,
        Optional<Path> configuration,
        Optional<Path> programs,
        Optional<String> runAs,
        Path log,
        Network network,
        Access access,
        Map<String, String> parameters,
        Limits limits) {

    public EngineSettings {
        parameters = Map.copyOf(parameters);
    }

    /** Where the server listens, and from where agents and standbys come. */
    public record Network(int port, String listenAddresses, List<String> replicationNetworks) {

        public Network {
            replicationNetworks = List.copyOf(replicationNetworks);
        }
    }

    /** The role, a superuser, by which the agents of a cluster ask one another's servers. */
    public record Access(String username, String password) {

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "Access[username=" + username + "]";
        }
    }

    /**
     * How long things may take.
     *
     * @param call an answer over SQL
     * @param start until a started server answers, recovery included
     * @param stop of a fast stop, until it becomes an immediate one
     * @param stream until a standby streams from its upstream
     * @param copy of all data
     * @param promote until a promoted standby takes writes
     */
    public record Limits(
            Duration call, Duration start, Duration stop, Duration stream, Duration copy, Duration promote) {}

    Path configurationFolder() {
        return configuration.orElse(data);
    }
}
