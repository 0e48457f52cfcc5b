package dev.holdfast.agent.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The agent's entries in {@code pg_hba.conf}: a marked block at the top, where the first match counts. Everything else in the
 * file is left as it is. Included files would be tidier, and exist from version 16 on only.
 */
final class HbaBlock {

    private static final String BEGIN = "# BEGIN holdfast: written by its node-agent, changes in here are lost";

    private static final String END = "# END holdfast";

    private static final String LOCAL_CLOSED = "local all all reject";

    private static final String CLOSED = "host all all all reject";

    private HbaBlock() {}

    /** Whether the file keeps everyone out but the agents. */
    static boolean isClosed(String file) {
        List<String> lines = file.lines().toList();
        return lines.contains(BEGIN)
                && lines.subList(lines.indexOf(BEGIN), Math.max(lines.indexOf(BEGIN), lines.indexOf(END)))
                        .contains(CLOSED);
    }

    /**
     * The file with the block as it is to be.
     *
     * @param role of the agents
     * @param networks from which other agents and standbys come, in the form of the file
     * @param closed whether everyone else is kept out
     */
    static String applied(String file, String role, List<String> networks, boolean closed) {
        List<String> block = new ArrayList<>();
        block.add(BEGIN);
        for (String network : concat(List.of("127.0.0.1/32", "::1/128"), networks)) {
            block.add("host all,replication " + quoted(role) + " " + network + " scram-sha-256");
        }
        if (closed) {
            block.add(LOCAL_CLOSED);
            block.add(CLOSED);
        }
        block.add(END);
        return block.stream().collect(Collectors.joining("\n", "", "\n")) + without(file);
    }

    private static String without(String file) {
        List<String> kept = new ArrayList<>();
        boolean inside = false;
        for (String line : file.lines().toList()) {
            if (line.equals(BEGIN)) {
                inside = true;
            } else if (inside && line.equals(END)) {
                inside = false;
            } else if (!inside) {
                kept.add(line);
            }
        }
        return kept.isEmpty() ? "" : String.join("\n", kept) + "\n";
    }

    private static List<String> concat(List<String> first, List<String> then) {
        List<String> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
