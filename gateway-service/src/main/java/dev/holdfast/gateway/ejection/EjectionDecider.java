package dev.holdfast.gateway.ejection;

import dev.holdfast.model.topology.Ejection;
import java.time.Duration;
import java.util.Optional;

/** Decides whether a node that fails is ejected, and for how long. */
final class EjectionDecider {

    private EjectionDecider() {}

    /**
     * What is known when a node has failed.
     *
     * @param failuresInARow this one included
     * @param earlierEjections that have not been forgotten yet
     * @param serving nodes of the cluster that serve, healthy or not
     * @param ejected how many of them are ejected, this one not included
     * @param others nodes besides this one that can take requests: healthy and not ejected
     */
    record Facts(int failuresInARow, int earlierEjections, int serving, int ejected, int others) {}

    /** How long the node is ejected; empty when it stays. The last node that can take requests always stays. */
    static Optional<Duration> decide(Ejection settings, Facts facts) {
        boolean failing =
                settings.consecutiveFailures() > 0 && facts.failuresInARow() >= settings.consecutiveFailures();
        boolean withinCap = (facts.ejected() + 1) * 100 <= settings.maxEjectionPercent() * facts.serving();
        if (!failing || !withinCap || facts.others() == 0) {
            return Optional.empty();
        }
        Duration grown = settings.baseEjectionTime().multipliedBy(facts.earlierEjections() + 1L);
        return Optional.of(grown.compareTo(settings.maxEjectionTime()) < 0 ? grown : settings.maxEjectionTime());
    }

    /** How many of {@code ejections} still count: one is forgotten for each base time since the last one ended. */
    static int remembered(Ejection settings, int ejections, Duration sinceLastEnd) {
        if (sinceLastEnd.isNegative()) {
            return ejections;
        }
        long forgotten = sinceLastEnd.dividedBy(settings.baseEjectionTime());
        return (int) Math.max(0, ejections - forgotten);
    }
}
