package dev.holdfast.gateway;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * The process, started.
 *
 * @param shared the context that both planes are children of
 */
record RunningGateway(
        ConfigurableApplicationContext shared,
        ConfigurableApplicationContext dataPlane,
        ConfigurableApplicationContext controlPlane)
        implements AutoCloseable {

    int dataPort() {
        return port(dataPlane);
    }

    int controlPort() {
        return port(controlPlane);
    }

    private static int port(ConfigurableApplicationContext plane) {
        return plane.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** Closes the data plane, after its requests have ended, then the control plane, then what they share. */
    @Override
    public void close() {
        shared.close();
    }
}
