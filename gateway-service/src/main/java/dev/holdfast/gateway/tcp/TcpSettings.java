package dev.holdfast.gateway.tcp;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for all TCP listeners of this gateway; the rest is declared with each cluster.
 *
 * @param address on which they listen; empty for all addresses of the machine. Default: {@code server.address}, as the data
 *     port
 */
@ConfigurationProperties("holdfast.gateway.tcp")
public record TcpSettings(@DefaultValue("") String address) {}
