package dev.holdfast.endtoend;

import java.util.List;

/** The processes that make up the control plane beside the store and the gateway. */
final class ControlServices {

    static final List<String> NAMES =
            List.of("region-service", "health-service-1", "health-service-2", "health-service-3", "failover-service");

    private ControlServices() {}
}
