package dev.holdfast.model.replication;

/** Why nothing is done, for people and for programs. */
public record Refusal(Code code, String reason) {

    public enum Code {
        PAUSED,
        VERDICT_UNKNOWN,
        /** What is asked for needs a primary that answers. */
        PRIMARY_NOT_WELL,
        TOO_FEW_STANDBYS,
        NO_CANDIDATE,
        CANDIDATE_BEHIND,
        FORKED_TIMELINE,
        FLAPPING,
        GIVEN_UP_RECENTLY,
        LEASE_RUNS,
        LAG_ABOVE_MAXIMUM,
        VERIFICATION_FAILED,
        OPERATION_RUNS,
        STALE_EPOCH,
        /** What was to be done at a time could not be in time. */
        TOO_LATE,
        REASON_MISSING,
        POINT_OF_NO_RETURN,
        NOTHING_RUNS
    }

    @Override
    public String toString() {
        return code + ": " + reason;
    }
}
