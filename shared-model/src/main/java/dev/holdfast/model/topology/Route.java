package dev.holdfast.model.topology;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * Requests that belong to a cluster. The longest matching prefix of the most exact host wins.
 *
 * @param host a host name, {@code *.domain} for every name under a domain, or {@code *} (default) for any host
 * @param pathPrefix whole path segments, starting with a slash; default {@code /}
 */
public record Route(
        @Size(max = 253)
        @Pattern(
                regexp = "(?!.{254})(\\*|(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)",
                message = "must be a lower-case host name, \"*.\" and a domain, or \"*\"")
        String host,

        @Size(max = 1024)
        @Pattern(
                regexp = "/(?!.*//|/)[A-Za-z0-9._~!$&'()+,;=:@%/-]*",
                message = "must be a path that starts with a slash, such as \"/shop\"")
        String pathPrefix) {

    public static final String ANY_HOST = "*";

    public Route {
        host = requireNonNullElse(host, ANY_HOST);
        pathPrefix = requireNonNullElse(pathPrefix, "/");
    }
}
