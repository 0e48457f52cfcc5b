package dev.holdfast.gateway;

import dev.holdfast.gateway.control.ControlPlane;
import dev.holdfast.gateway.forwarding.DataPlane;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The gateway process: one context without a web server holds what both planes share, and each plane is a child context
 * with its own port. Nothing is scanned across them: what a plane serves is what its own class names.
 */
public final class GatewayServiceApplication {

    private GatewayServiceApplication() {}

    public static void main(String[] args) {
        start(StoreConfiguration.class, args);
    }

    /**
     * Starts the process on the store that {@code store} configures. Closing the returned context closes the data plane, after its requests have ended, and then
     * the control plane.
     */
    public static ConfigurableApplicationContext start(Class<?> store, String... args) {
        ConfigurableApplicationContext shared = new SpringApplicationBuilder(GatewayConfiguration.class, store)
                .web(WebApplicationType.NONE)
                .run(args);
        try {
            startPlane(shared, DataPlane.class, "data-plane", args);
            startPlane(shared, ControlPlane.class, "control-plane", args);
        } catch (RuntimeException | Error e) {
            shared.close();
            throw e;
        }
        return shared;
    }

    private static void startPlane(
            ConfigurableApplicationContext shared, Class<?> plane, String configurationName, String... args) {
        new SpringApplicationBuilder(plane)
                .parent(shared)
                .web(WebApplicationType.REACTIVE)
                .registerShutdownHook(false)
                .properties("spring.config.name=" + configurationName)
                .run(args);
    }
}
