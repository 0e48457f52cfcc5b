package dev.holdfast.quickstart.port;

import dev.holdfast.quickstart.port.Ports.WantedPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds out before anything starts whether every port can be had. */
public final class PortCheck {

    private PortCheck() {}

    /**
     * What stands in the way, in words for people: one line for each busy port and one that says what to do. Empty when
     * every port is free.
     */
    public static Optional<String> findBusy(Ports ports) throws IOException {
        List<WantedPort> busy = new java.util.ArrayList<>();
        for (WantedPort wanted : ports.all()) {
            if (isBusy(wanted.port())) {
                busy.add(wanted);
            }
        }
        if (busy.isEmpty()) {
            return Optional.empty();
        }
        String lines = busy.stream().map(PortCheck::describe).collect(Collectors.joining("\n"));
        int suggestion = ports.offset() + 1000 <= Ports.MAX_OFFSET ? ports.offset() + 1000 : 0;
        return Optional.of(lines
                + "\nNothing was started. Stop what holds "
                + (busy.size() == 1 ? "it" : "them")
                + ", or use other ports: ./quickstart --port-offset " + suggestion);
    }

    private static String describe(WantedPort wanted) {
        return "port " + wanted.port() + " for " + wanted.purpose() + " is busy"
                + PortHolder.find(wanted.port()).map(holder -> ": " + holder).orElse("");
    }

    private static boolean isBusy(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return false;
        } catch (BindException e) {
            return true;
        }
    }
}
