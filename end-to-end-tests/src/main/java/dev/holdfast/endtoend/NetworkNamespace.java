package dev.holdfast.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network of its own on this machine, joined to the rest by one cable: as far as the processes in it can tell, another
 * machine. Needs Linux, root and the program {@code ip}.
 */
public final class NetworkNamespace implements AutoCloseable {

    /** Nobody's: frames to it get lost on the way, without any answer, as behind a switch that has died. */
    private static final String NOWHERE = "02:00:00:00:00:01";

    private static final String INNER_DEVICE = "eth0";

    private final String name;
    private final String outerDevice;
    private final String outerAddress;
    private final String innerAddress;

    private NetworkNamespace(int number) {
        long process = ProcessHandle.current().pid();
        this.name = "holdfast-" + process + "-" + number;
        this.outerDevice = "hf" + process + "-" + number; // At most 15 characters.
        // One of the networks for private use, by process, so that tests don't meet.
        String network = "10." + (128 + process % 128) + "." + number;
        this.outerAddress = network + ".1";
        this.innerAddress = network + ".2";
    }

    /** Why there can't be one on this machine; empty when there can. */
    public static Optional<String> obstacle() {
        try {
            create(255).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("no network can be cut here (" + e.getMessage()
                    + "): needs root on Linux, and apt-get install iproute2");
        }
    }

    static NetworkNamespace create(int number) throws IOException {
        NetworkNamespace namespace = new NetworkNamespace(number);
        ip("netns", "add", namespace.name);
        try {
            namespace.connect();
        } catch (IOException e) {
            namespace.close();
            throw e;
        }
        return namespace;
    }

    private void connect() throws IOException {
        ip("link", "add", outerDevice, "type", "veth", "peer", "name", INNER_DEVICE, "netns", name);
        ip("address", "add", outerAddress + "/30", "dev", outerDevice);
        ip("link", "set", outerDevice, "up");
        ip("-n", name, "address", "add", innerAddress + "/30", "dev", INNER_DEVICE);
        ip("-n", name, "link", "set", "lo", "up");
        ip("-n", name, "link", "set", INNER_DEVICE, "up");
        ip("-n", name, "route", "add", "default", "via", outerAddress);
        // From here on to the other networks of this machine; what comes over other cables is still not passed on.
        Files.writeString(Path.of("/proc/sys/net/ipv4/conf", outerDevice, "forwarding"), "1");
    }

    /** This machine's address, as seen from inside. */
    String outerAddress() {
        return outerAddress;
    }

    /** The address of processes inside, as seen from this machine. */
    String innerAddress() {
        return innerAddress;
    }

    /** What to put before a command that is to run inside. */
    List<String> runner() {
        return List.of("ip", "netns", "exec", name);
    }

    /** From now on everything that either side sends gets lost. */
    public void cut() throws IOException {
        ip("neighbour", "replace", innerAddress, "lladdr", NOWHERE, "dev", outerDevice, "nud", "permanent");
        ip(
                "-n",
                name,
                "neighbour",
                "replace",
                outerAddress,
                "lladdr",
                NOWHERE,
                "dev",
                INNER_DEVICE,
                "nud",
                "permanent");
    }

    /** Undoes the cut. */
    public void join() throws IOException {
        ip("neighbour", "delete", innerAddress, "dev", outerDevice);
        ip("-n", name, "neighbour", "delete", outerAddress, "dev", INNER_DEVICE);
    }

    @Override
    public void close() throws IOException {
        try {
            if (Files.exists(Path.of("/sys/class/net", outerDevice))) {
                ip("link", "delete", outerDevice); // Would live on as long as a socket inside.
            }
        } finally {
            ip("netns", "delete", name);
        }
    }

    private static void ip(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
