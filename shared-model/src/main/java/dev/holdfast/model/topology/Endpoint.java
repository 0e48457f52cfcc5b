package dev.holdfast.model.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a node listens: a host name or address, and a port. Written {@code host:port}, an IPv6 address in brackets.
 *
 * @param host a host name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {

    private static final Pattern WRITTEN = Pattern.compile(
            "(?:\\[(?<v6>[0-9a-fA-F:.]{2,45})]|(?<name>[A-Za-z0-9]([A-Za-z0-9._-]{0,252}))):(?<port>\\d{1,5})");

    public Endpoint {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is between 1 and 65535, not " + port);
        }
    }

    /** Reads {@code host:port} or {@code [v6]:port}; anything else is an {@link IllegalArgumentException} with an example. */
    @JsonCreator
    public static Endpoint parse(String written) {
        Matcher matcher = WRITTEN.matcher(written);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "an address is host:port, such as \"10.0.0.7:8080\" or \"[fd00::7]:8080\"");
        }
        String host = matcher.group("v6") != null ? matcher.group("v6") : matcher.group("name");
        return new Endpoint(host, Integer.parseInt(matcher.group("port")));
    }

    /** The host as it stands in a URL: an IPv6 address in brackets. */
    public String urlHost() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    @JsonValue
    @Override
    public String toString() {
        return urlHost() + ":" + port;
    }
}
