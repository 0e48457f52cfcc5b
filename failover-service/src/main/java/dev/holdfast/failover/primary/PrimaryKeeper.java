package dev.holdfast.failover.primary;

import dev.holdfast.failover.agent.Addresses;
import dev.holdfast.failover.agent.AgentOrders;
import dev.holdfast.failover.agent.AgentWatch;
import dev.holdfast.failover.promotion.Appointment;
import dev.holdfast.failover.promotion.FailoverDecider;
import dev.holdfast.failover.promotion.FailoverSnapshot.Verification;
import dev.holdfast.failover.promotion.Order;
import dev.holdfast.failover.report.FailoverMetrics;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.ClusterId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the primary of one cluster, as long as this replica holds the lease on it. Used by one thread. */
final class PrimaryKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PrimaryKeeper.class);

    private final ClusterId cluster;
    private final ClusterStateStore store;
    private final AgentWatch watch;
    private final AgentOrders agents;
    private final FailoverMetrics metrics;
    private final FailoverDecider decider = new FailoverDecider();
    private volatile Optional<Verification> verification = Optional.empty();
    private String waitsFor = "";

    PrimaryKeeper(
            ClusterId cluster, ClusterStateStore store, AgentWatch watch, AgentOrders agents, FailoverMetrics metrics) {
        this.cluster = cluster;
        this.store = store;
        this.watch = watch;
        this.agents = agents;
        this.metrics = metrics;
    }

    /**
     * What is known when a look at the cluster begins.
     *
     * @param members the cluster as the replica knows it
     * @param stored the primary
     */
    record Known(
            Instant now,
            Optional<ClusterPrimary.Pause> pausedEverywhere,
            ClusterState.Members members,
            Optional<ClusterPrimary> stored) {}

    /** Does what is to be done now. Throws as the store does. */
    void tick(Known known, Lease lease) {
        Optional<ClusterPrimary> stored = known.stored();
        stored.ifPresent(metrics::keeps);
        Addresses addresses = Addresses.of(known.members().nodes());
        watch.follow(
                addresses.agents(),
                stored.map(primary -> primary.record().number().epoch()).orElse(0L));
        PrimaryFacts facts = new PrimaryFacts(
                known.now(),
                known.members(),
                watch.reports(),
                verification,
                known.pausedEverywhere(),
                Optional.empty());
        if (stored.isEmpty()) {
            appoint(facts, addresses, lease);
            return;
        }
        Keeping keeping = decide(stored.get(), facts);
        if (keeping.changes()) {
            Optional<Keeping> persisted = store.change(change -> change.primary(cluster)
                    .flatMap(current -> ClusterState.Members.of(change, cluster).map(newest -> {
                        Keeping again = decide(current, facts(change, newest));
                        if (again.changes()) {
                            change.requireLease(lease);
                            PrimaryJournal.store(change, again);
                        }
                        return again;
                    })));
            if (persisted.isEmpty()) {
                return;
            }
            keeping = persisted.get();
        }
        give(keeping.decision().orders(), addresses);
    }

    private Keeping decide(ClusterPrimary stored, PrimaryFacts facts) {
        return Keeping.decide(decider, stored, facts, watch.hasAskedAll());
    }

    private PrimaryFacts facts(StateView view, ClusterState.Members members) {
        return PrimaryFacts.of(view, members, watch.reports()).knowing(verification);
    }

    private void appoint(PrimaryFacts facts, Addresses addresses, Lease lease) {
        Appointment appointment = appointment(facts);
        switch (appointment) {
            case Appointment.Wait waits -> {
                if (!waits.reason().equals(waitsFor)) {
                    log.info("{} has no primary yet: {}", cluster, waits.reason());
                    waitsFor = waits.reason();
                }
            }
            case Appointment.Create ignored -> give(appointment.order().stream().toList(), addresses);
            case Appointment.Start ignored -> give(appointment.order().stream().toList(), addresses);
            case Appointment.Appoint ignored ->
                store.change(change -> {
                    Optional<ClusterState.Members> newest = ClusterState.Members.of(change, cluster);
                    if (newest.isPresent()
                            && change.primary(cluster).isEmpty()
                            && appointment(facts(change, newest.get())) instanceof Appointment.Appoint appoint) {
                        change.requireLease(lease);
                        PrimaryJournal.appointed(change, cluster, appoint.record());
                    }
                    return change.revision();
                });
        }
    }

    private static Appointment appointment(PrimaryFacts facts) {
        return Appointment.decide(facts.now(), facts.policy(), facts.members(), facts.reports(), facts.verdicts());
    }

    private void give(List<Order> orders, Addresses addresses) {
        for (Order order : orders) {
            agents.give(order, addresses, (done, detail) -> {
                if (order instanceof Order.Verify) {
                    verification = Optional.of(new Verification(order.number().epoch(), done, detail));
                }
            });
        }
    }

    @Override
    public void close() {
        watch.close();
        metrics.leaves(cluster);
    }
}
