package dev.holdfast.agent.postgres;

import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The content of {@code holdfast.conf}, the one file of settings that the agent owns.
 *
 * @param listenAddresses where the server listens
 * @param parameters that the user had put here
 * @param receiving from whom a standby receives; empty for a primary and a detached standby
 * @param synchronous value of {@code synchronous_standby_names}; empty leaves the user's
 */
record OwnedSettings(
        String listenAddresses,
        Map<String, String> parameters,
        Optional<Receiving> receiving,
        Optional<String> synchronous) {

    /**
     * What a standby has: a name that no node can have, so that from the moment it is promoted, commits wait, until the
     * names that count are in force. PostgreSQL notes that commits have to wait at all in a process of its own, some time
     * after it was told.
     */
    static final String NOBODY = "ANY 1 (\"holdfast nobody\")";

    private static final String NOBODY_NAME = "\"holdfast nobody\"";

    static final String FILE = "holdfast.conf";

    /** Appended to {@code postgresql.conf} once. */
    static final String INCLUDE = "include_if_exists = '" + FILE + "'";

    /**
     * Where a standby receives from.
     *
     * @param node its own name
     */
    record Receiving(Endpoint upstream, NodeId node, String username, String password) {

        /** As a connection string of libpq. */
        String connection() {
            Map<String, String> parts = new LinkedHashMap<>();
            parts.put("host", upstream.host());
            parts.put("port", Integer.toString(upstream.port()));
            parts.put("user", username);
            parts.put("password", password);
            parts.put("application_name", node.value());
            // A cut network is noticed by the keepalives within about ten seconds, not by the defaults of two hours.
            parts.put("connect_timeout", "3");
            parts.put("keepalives_idle", "3");
            parts.put("keepalives_interval", "2");
            parts.put("keepalives_count", "3");
            return parts.entrySet().stream()
                    .map(part -> part.getKey() + "=" + LibpqText.quoted(part.getValue()))
                    .collect(Collectors.joining(" "));
        }

        String slot() {
            return SlotName.of(node);
        }

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "Receiving[upstream=" + upstream + ", node=" + node + "]";
        }
    }

    /** The value of {@code primary_conninfo} that is to be in force. */
    String primaryConnection() {
        return receiving.map(Receiving::connection).orElse("");
    }

    String render() {
        Map<String, String> settings = new LinkedHashMap<>(new TreeMap<>(parameters));
        settings.put("listen_addresses", listenAddresses);
        settings.put("primary_conninfo", primaryConnection());
        settings.put("primary_slot_name", receiving.map(Receiving::slot).orElse(""));
        synchronous.ifPresent(names -> settings.put("synchronous_standby_names", names));
        // A standby is promoted on the way that the primary takes.
        settings.put("recovery_target_timeline", "latest");
        settings.put("hot_standby", "on");
        // So that a primary knows within a second that a standby still hears it.
        settings.put("wal_receiver_status_interval", "1s");
        // So that a standby is back soon after its primary is; the default of five seconds is a pause in which, after a
        // restart, commits wait.
        settings.put("wal_retrieve_retry_interval", "200ms");
        // Lets pg_rewind work on systems without data checksums. In force from the next start on.
        settings.put("wal_log_hints", "on");
        // Rewinding begins at the last checkpoint that both servers have, about max_wal_size behind where they parted;
        // a
        // server that is stopped for it would remove that part of its log.
        settings.putIfAbsent("wal_keep_size", "1GB");
        // Before a server recovers from a crash it syncs its files; one after the other takes seconds, in which commits
        // wait.
        settings.putIfAbsent("recovery_init_sync_method", "syncfs");
        // After a crash the agent decides whether and as what the server starts; by itself it would admit clients at
        // once.
        settings.put("restart_after_crash", "off");
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + " = " + quoted(setting.getValue()))
                .collect(Collectors.joining(
                        "\n",
                        "# Written by Holdfast's node-agent, which replaces the whole file. Put settings of your own elsewhere.\n",
                        "\n"));
    }

    /** PostgreSQL reads backslashes in its files as the beginning of something, unlike in SQL. */
    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** The value of {@code synchronous_standby_names} by which commits wait for any of them. */
    static String names(Synchronous synchronous) {
        return synchronous.claimsNothing() ? "" : list("ANY " + synchronous.required() + " (", synchronous);
    }

    /** One that asks for no less, and gives none of them the first place. */
    static String namesInOrder(Synchronous synchronous) {
        return list("FIRST " + synchronous.required() + " (" + NOBODY_NAME + ", ", synchronous);
    }

    private static String list(String begin, Synchronous synchronous) {
        return synchronous.standbys().stream()
                .sorted()
                .map(node -> '"' + node.value() + '"')
                .collect(Collectors.joining(", ", begin, ")"));
    }
}
