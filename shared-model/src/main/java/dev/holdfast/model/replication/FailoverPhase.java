package dev.holdfast.model.replication;

/** What holds of a cluster's primary. A phase is a promise; work happens on edges. */
public enum FailoverPhase {
    STEADY("the primary is believed to take writes, and nothing runs"),
    SUSPECTED("the primary may be lost; the agents are being asked, and nothing has been done about it yet"),
    FENCING(
            "a new epoch has begun, and no node is promoted in it yet; standbys are being detached, or the primary stopped"),
    PROMOTING(
            "no older primary can acknowledge a write, the candidate holds every acknowledged one, and only it may be promoted"),
    REPOINTING("there is one primary of this epoch; the others are being told to follow it"),
    VERIFYING("enough standbys follow for writes to be acknowledged; it is being checked that they are"),
    RECOVERING("writes are acknowledged; the remaining nodes rejoin and the synchronous settings grow strong again"),
    BLOCKED("the primary may be lost and Holdfast will not act by itself; the reason stands beside it");

    private final String promise;

    FailoverPhase(String promise) {
        this.promise = promise;
    }

    public String promise() {
        return promise;
    }
}
