package dev.holdfast.health.isolation;

import java.time.Duration;
import java.util.List;

/**
 * What an observer has before it when it is about to hold a node DOWN, or wonders whether it may rejoin.
 *
 * @param now on its monotonic clock
 * @param isolated whether it holds itself for cut off already
 * @param doubtSince when the failures began that raise the question, or when it became isolated; what was checked
 *     before says nothing about it
 * @param patient whether it may still wait for more checks before it decides
 * @param sights every node that it holds UP and, unless it is isolated, that it held UP within the window
 */
public record IsolationSnapshot(
        Duration now,
        boolean isolated,
        Duration doubtSince,
        boolean patient,
        List<Sight> sights,
        IsolationSettings settings) {

    public IsolationSnapshot {
        sights = List.copyOf(sights);
    }
}
