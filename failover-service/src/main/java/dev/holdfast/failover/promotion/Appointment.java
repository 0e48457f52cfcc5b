package dev.holdfast.failover.promotion;

import dev.holdfast.failover.promotion.AgentReport.Postgres;
import dev.holdfast.failover.promotion.AgentReport.Role;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides who is the first primary of a cluster that has none in the store. A database is created only when every node says
 * that it has none; a primary that is there already is adopted, if it is the only one.
 */
public sealed interface Appointment {

    /** The number of the orders before there is a record, and of the first record. */
    OrderNumber FIRST = new OrderNumber(1, 1);

    /** Make a new, empty database on this node. */
    record Create(NodeId node) implements Appointment {}

    /** Start the database that is there, stopped. */
    record Start(NodeId node) implements Appointment {}

    /** The node is the primary: store the record. */
    record Appoint(PrimaryRecord record) implements Appointment {}

    /** Nothing can be done yet, for this reason. */
    record Wait(String reason) implements Appointment {}

    /**
     * @param reports the newest of each agent, as far as one was ever got
     * @param verdicts what the observers hold of each node
     */
    static Appointment decide(
            Instant now,
            FailoverPolicy policy,
            List<Member> members,
            Map<NodeId, AgentReport> reports,
            Map<NodeId, HealthStatus> verdicts) {
        Duration freshness = policy.timing().freshness();
        List<NodeId> silent = members.stream()
                .map(Member::id)
                .filter(id -> !reports.containsKey(id) || reports.get(id).age().compareTo(freshness) > 0)
                .toList();
        if (members.isEmpty() || !silent.isEmpty()) {
            return new Wait("the first primary is chosen when every node's agent answers; missing: " + silent);
        }
        List<AgentReport> withData = members.stream()
                .map(member -> reports.get(member.id()))
                .filter(report -> report.postgres() != Postgres.ABSENT)
                .toList();
        if (withData.isEmpty()) {
            return members.stream()
                    .filter(member -> !member.nofailover())
                    .min(Comparator.comparingInt(Member::priority).reversed().thenComparing(Member::id))
                    .<Appointment>map(member -> new Create(member.id()))
                    .orElse(new Wait("every node is tagged nofailover or out of service"));
        }
        List<AgentReport> primaries = withData.stream()
                .filter(report -> report.role() == Role.PRIMARY)
                .toList();
        if (primaries.size() != 1) {
            return new Wait("of the nodes that have a database, exactly one must have been primary, not "
                    + primaries.stream().map(AgentReport::node).toList());
        }
        AgentReport primary = primaries.getFirst();
        if (primary.isDown()) {
            return new Start(primary.node());
        }
        if (!primary.isPrimary() || verdicts.get(primary.node()) != HealthStatus.HEALTHY) {
            return new Wait(primary.node() + " becomes primary when the observers hold it HEALTHY");
        }
        Set<NodeId> standbys = new HashSet<>(members.stream().map(Member::id).toList());
        standbys.remove(primary.node());
        int required = Math.min(policy.synchronousStandbys(), standbys.size());
        boolean waits = policy.durability() == FailoverPolicy.Durability.QUORUM && required > 0;
        return new Appoint(PrimaryRecord.initial(
                primary.node(),
                primary.position().timeline(),
                waits ? new Synchronous(required, standbys) : Synchronous.NONE,
                now));
    }

    /** The order that belongs to it, if one does. */
    default Optional<Order> order() {
        return switch (this) {
            case Create create -> Optional.of(new Order.Create(create.node(), FIRST));
            case Start start -> Optional.of(new Order.Resume(start.node(), FIRST));
            case Appoint ignored -> Optional.empty();
            case Wait ignored -> Optional.empty();
        };
    }
}
