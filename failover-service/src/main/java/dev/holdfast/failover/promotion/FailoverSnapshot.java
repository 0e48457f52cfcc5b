package dev.holdfast.failover.promotion;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every fact that a decision on a cluster's primary rests on.
 *
 * @param now by the store's clock
 * @param members as declared
 * @param reports the newest report of each agent, as far as one was ever got
 * @param verdict what the quorum of observers holds of {@code record.reign().primary()}
 * @param paused nothing begins by itself
 * @param verification what came of the newest {@code Verify}, if it was of this epoch
 */
public record FailoverSnapshot(
        Instant now,
        FailoverPolicy policy,
        PrimaryRecord record,
        List<Member> members,
        Map<NodeId, AgentReport> reports,
        HealthStatus verdict,
        boolean paused,
        Optional<Verification> verification,
        Optional<OperatorRequest> request) {

    public FailoverSnapshot {
        members = List.copyOf(members);
        reports = Map.copyOf(reports);
    }

    /** Whether a row written through the primary of the epoch was read back. */
    public record Verification(long epoch, boolean passed, String detail) {}

    FailoverSnapshot with(PrimaryRecord next) {
        return new FailoverSnapshot(now, policy, next, members, reports, verdict, paused, verification, request);
    }

    FailoverSnapshot withVerdict(HealthStatus other) {
        return new FailoverSnapshot(now, policy, record, members, reports, other, paused, verification, request);
    }

    FailoverSnapshot withoutRequest() {
        return new FailoverSnapshot(
                now, policy, record, members, reports, verdict, paused, verification, Optional.empty());
    }
}
