package dev.holdfast.failover.primary;

import dev.holdfast.failover.agent.AgentCalls;
import dev.holdfast.failover.agent.AgentOrders;
import dev.holdfast.failover.agent.AgentWatch;
import dev.holdfast.failover.report.FailoverMetrics;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.LeaseLostException;
import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.StaleVersionException;
import dev.holdfast.model.store.StoreUnavailableException;
import dev.holdfast.model.topology.ClusterId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the primaries of all clusters whose lease this replica gets. Replicas share the clusters; one goes on with what
 * another has stored. The methods are called by one thread.
 */
public final class PrimaryRunner {

    private static final Logger log = LoggerFactory.getLogger(PrimaryRunner.class);

    /** A lease is renewed when a third of its time is over: two renewals may fail. */
    private static final int RENEWALS_PER_LEASE = 3;

    private final ClusterStateStore store;
    private final Leases leases;
    private final ClusterStateReplica replica;
    private final AgentCalls calls;
    private final Executor executor;
    private final PrimaryTimings timings;
    private final Self self;
    private final Runnable wake;
    private final Map<ClusterId, Held> held = new HashMap<>();
    private final Map<ClusterId, Long> askAgainAt = new HashMap<>();

    /** A cluster that is kept here. */
    private record Held(PrimaryKeeper keeper, Lease lease, long renewAt) {}

    /**
     * What the replicas share.
     *
     * @param replica follows the store
     */
    public record SharedState(ClusterStateStore store, Leases leases, ClusterStateReplica replica) {}

    /**
     * This replica.
     *
     * @param holder its name in leases, which no other replica has
     * @param nanoClock for lengths of time
     * @param metrics where it counts
     */
    public record Self(String holder, LongSupplier nanoClock, FailoverMetrics metrics) {}

    /** @param wake makes the next sweep come at once */
    PrimaryRunner(
            SharedState shared, AgentCalls calls, Executor executor, PrimaryTimings timings, Self self, Runnable wake) {
        this.store = shared.store();
        this.leases = shared.leases();
        this.replica = shared.replica();
        this.calls = calls;
        this.executor = executor;
        this.timings = timings;
        this.self = self;
        this.wake = wake;
    }

    private record Seen(
            Instant now, Optional<ClusterPrimary.Pause> pausedEverywhere, Map<ClusterId, ClusterPrimary> primaries) {}

    /** Looks at every cluster once. Throws {@link StoreUnavailableException} when the store is away; nothing is done then. */
    void sweep() {
        Map<ClusterId, ClusterState.Members> wanted =
                new HashMap<>(replica.state().clusters());
        wanted.values()
                .removeIf(members -> members.cluster().settings().postgresql().isEmpty());
        held.keySet().stream()
                .filter(cluster -> !wanted.containsKey(cluster))
                .toList()
                .forEach(this::drop);
        if (wanted.isEmpty()) {
            return;
        }
        Seen seen = store.read(view -> new Seen(
                view.now(),
                view.pauseEverywhere().map(PauseEverywhere::pause),
                view.primaries().stream().collect(Collectors.toMap(ClusterPrimary::cluster, Function.identity()))));
        wanted.forEach((cluster, members) -> hold(cluster)
                .ifPresent(mine -> tick(
                        mine,
                        new PrimaryKeeper.Known(
                                seen.now(),
                                seen.pausedEverywhere(),
                                members,
                                Optional.ofNullable(seen.primaries().get(cluster))))));
    }

    private void tick(Held mine, PrimaryKeeper.Known known) {
        ClusterId cluster = known.members().cluster().id();
        try {
            mine.keeper().tick(known, mine.lease());
        } catch (StaleVersionException | LeaseLostException e) {
            log.info("the primary of {} is kept elsewhere now: {}", cluster, e.getMessage());
            forget(cluster);
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            // A broken invariant stops this one cluster, and another replica may know better; the others go on.
            log.error("the primary of {} can't be kept here for the moment", cluster, e);
            drop(cluster);
            askAgainAt.put(
                    cluster,
                    self.nanoClock().getAsLong() + timings.leaseTimeToLive().toNanos());
        }
    }

    private Optional<Held> hold(ClusterId cluster) {
        long now = self.nanoClock().getAsLong();
        Held mine = held.get(cluster);
        if (mine != null && now - mine.renewAt() < 0) {
            return Optional.of(mine);
        }
        if (mine == null && now - askAgainAt.getOrDefault(cluster, now) < 0) {
            return Optional.empty();
        }
        Optional<Lease> granted = leases.acquire("primary-" + cluster, self.holder(), timings.leaseTimeToLive());
        if (granted.isEmpty()) {
            forget(cluster);
            askAgainAt.put(cluster, now + timings.tickInterval().toNanos());
            return Optional.empty();
        }
        long renewAt =
                now + timings.leaseTimeToLive().dividedBy(RENEWALS_PER_LEASE).toNanos();
        Held renewed = new Held(mine == null ? keeper(cluster) : mine.keeper(), granted.get(), renewAt);
        held.put(cluster, renewed);
        return Optional.of(renewed);
    }

    private PrimaryKeeper keeper(ClusterId cluster) {
        log.info("the primary of {} is kept here", cluster);
        AgentWatch watch = new AgentWatch(cluster, calls, timings.pollInterval(), self.nanoClock(), wake);
        return new PrimaryKeeper(
                cluster,
                store,
                watch,
                new AgentOrders(cluster, calls, watch, executor, self.nanoClock()),
                self.metrics());
    }

    /** Gives all leases back, so that another replica goes on at once. */
    void release() {
        held.values().forEach(mine -> mine.keeper().close());
        held.values().forEach(mine -> leases.release(mine.lease()));
        held.clear();
    }

    private void drop(ClusterId cluster) {
        Optional.ofNullable(forget(cluster)).ifPresent(mine -> leases.release(mine.lease()));
    }

    private @Nullable Held forget(ClusterId cluster) {
        Held mine = held.remove(cluster);
        if (mine != null) {
            mine.keeper().close();
        }
        return mine;
    }
}
