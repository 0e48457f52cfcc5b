package dev.holdfast.model.health;

import java.time.Instant;

/**
 * A replica of the health-service.
 *
 * @param location where it watches from, such as a region and zone; free text for people
 * @param declaredObservers how many observers it was told the installation has; odd
 * @param isolated it suddenly saw most of the world down and holds its opinions
 * @param heartbeatAt its last sign of life, by the store's clock
 * @param live whether that sign is recent enough to count, by the store's clock at the time of reading
 */
public record Observer(
        ObserverId id, String location, int declaredObservers, boolean isolated, Instant heartbeatAt, boolean live) {

    /** Whether its opinions count towards a quorum. */
    public boolean votes() {
        return live && !isolated;
    }
}
