package dev.holdfast.agent.postgres;

import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * What a server says of itself.
 *
 * @param timeline on which the log ends
 * @param flushed to disk: written here by a primary, received or found by a standby
 * @param replayed empty for a primary
 * @param receiver empty when there is no WAL receiver
 * @param primaryConnection {@code primary_conninfo} in force; it has a password
 * @param startedAt tells one run of the server from another
 * @param segmentSize of the log's files, in bytes
 * @param endKnown whether {@code flushed} is all that the server has: a standby that was started has to apply first what it
 *     had received before
 */
public record Observation(
        boolean inRecovery,
        long timeline,
        Optional<Lsn> written,
        Optional<Lsn> flushed,
        Optional<Lsn> replayed,
        Optional<Receiver> receiver,
        String primaryConnection,
        String synchronousStandbyNames,
        String systemIdentifier,
        int serverVersion,
        String startedAt,
        long segmentSize,
        boolean endKnown,
        List<Standby> standbys) {

    public Observation {
        standbys = List.copyOf(standbys);
    }

    /**
     * A standby's WAL receiver.
     *
     * @param upstreamEnd up to where the upstream has said that its log goes
     */
    public record Receiver(String status, String host, int port, Optional<Lsn> upstreamEnd) {}

    /**
     * A standby that receives from the server.
     *
     * @param lastReply by the standby's clock; that it changes shows that the standby lives
     */
    public record Standby(
            String name,
            String state,
            String syncState,
            Optional<Lsn> sent,
            Optional<Lsn> written,
            Optional<Lsn> flushed,
            Optional<Lsn> replayed,
            String lastReply) {}

    Observation with(long otherTimeline, boolean otherEndKnown) {
        return new Observation(
                inRecovery,
                otherTimeline,
                written,
                flushed,
                replayed,
                receiver,
                primaryConnection,
                synchronousStandbyNames,
                systemIdentifier,
                serverVersion,
                startedAt,
                segmentSize,
                otherEndKnown,
                standbys);
    }

    /** Whether as many of these standbys as commits wait for have the log up to there on disk. */
    public boolean quorumHas(Synchronous synchronous, Lsn position) {
        List<String> names = synchronous.standbys().stream().map(NodeId::value).toList();
        return standbys.stream()
                        .filter(standby -> names.contains(standby.name()))
                        .filter(standby -> standby.state().equals("streaming"))
                        .filter(standby -> standby.flushed()
                                .filter(flushed -> flushed.compareTo(position) >= 0)
                                .isPresent())
                        .map(Standby::name)
                        .distinct()
                        .count()
                >= synchronous.required();
    }

    /** How far a standby's data are behind what its upstream has said it has; empty when it isn't known. */
    public Optional<Long> lagBytes() {
        return receiver.flatMap(Receiver::upstreamEnd).flatMap(end -> replayed.map(end::bytesAheadOf));
    }

    /** Whether this is a standby that streams. */
    public boolean isStreaming() {
        return inRecovery
                && receiver.filter(from -> from.status().equals("streaming")).isPresent();
    }

    /** Whether this is a standby that streams from there. */
    public boolean isStreamingFrom(Endpoint upstream) {
        return isStreaming()
                && receiver.filter(from -> from.host().equals(upstream.host()) && from.port() == upstream.port())
                        .isPresent();
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "Observation[inRecovery=" + inRecovery + ", timeline=" + timeline + ", flushed=" + flushed
                + ", replayed=" + replayed + ", receiver=" + receiver + ", standbys=" + standbys + "]";
    }
}
