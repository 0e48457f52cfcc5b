package dev.holdfast.api;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Why a node is held healthy or not.
 *
 * @param decided what a quorum decided last, which routing keeps to while the status is UNKNOWN
 * @param rule the rule in words, with its numbers, such as "2 of 3 observers agree; DOWN after 3 failures in a row"
 * @param reason how the rule came out
 * @param quorum how many observers must agree
 * @param nextDeadline the latest time by which the verdict changes if every check fails from now on (or succeeds, when
 *     the node is unhealthy)
 * @param observers what each observer holds and has seen
 */
public record NodeHealthView(
        NodeId node,
        ClusterId cluster,
        HealthStatus status,
        Optional<HealthStatus> decided,
        long incarnation,
        Optional<Instant> since,
        String rule,
        String reason,
        int quorum,
        Optional<Instant> nextDeadline,
        List<ObserverEvidence> observers) {

    /**
     * One observer's part.
     *
     * @param votes whether its opinion counts: it is alive and not isolated
     * @param since when its opinion changed
     * @param evidence the check that changed it
     * @param lastProbe its newest check; known only of the observer that answers
     */
    public record ObserverEvidence(
            ObserverId observer,
            String location,
            boolean live,
            boolean isolated,
            boolean votes,
            Optional<Opinion> opinion,
            Optional<Instant> since,
            Optional<ProbeResult> evidence,
            Optional<ProbeResult> lastProbe) {}
}
