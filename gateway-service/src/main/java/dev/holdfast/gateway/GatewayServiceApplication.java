package dev.holdfast.gateway;

import dev.holdfast.gateway.control.ControlPlane;
import dev.holdfast.gateway.forwarding.DataPlane;
import java.util.function.UnaryOperator;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * The gateway process: one context without a web server holds what both planes share, and each plane is a child context
 * with its own port. Nothing is scanned across them: what a plane serves is what its own class names.
 */
public final class GatewayServiceApplication {

    private GatewayServiceApplication() {}

    public static void main(String[] args) {
        start(shared -> shared.sources(StoreConfiguration.class), args);
    }

    /** Starts the process, with the store that {@code store} adds to the shared context. */
    static RunningGateway start(UnaryOperator<SpringApplicationBuilder> store, String... args) {
        ConfigurableApplicationContext shared = store.apply(new SpringApplicationBuilder(GatewayConfiguration.class))
                .web(WebApplicationType.NONE)
                .initializers(context -> refuseOnePortForBoth(context.getEnvironment()))
                .run(args);
        try {
            ConfigurableApplicationContext dataPlane = startPlane(shared, DataPlane.class, "data-plane", args);
            ConfigurableApplicationContext controlPlane = startPlane(shared, ControlPlane.class, "control-plane", args);
            return new RunningGateway(shared, dataPlane, controlPlane);
        } catch (RuntimeException | Error e) {
            shared.close();
            throw e;
        }
    }

    private static void refuseOnePortForBoth(Environment environment) {
        String port = environment.getProperty("server.port");
        if (port != null) {
            throw new InvalidConfigurationPropertyValueException(
                    "server.port",
                    port,
                    "The gateway has two ports: set holdfast.gateway.data-port and holdfast.gateway.control-port.");
        }
    }

    private static ConfigurableApplicationContext startPlane(
            ConfigurableApplicationContext shared, Class<?> plane, String configurationName, String... args) {
        return new SpringApplicationBuilder(plane)
                .parent(shared)
                .web(WebApplicationType.REACTIVE)
                .registerShutdownHook(false)
                .properties("spring.config.name=" + configurationName)
                .run(args);
    }
}
