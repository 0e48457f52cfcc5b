package dev.holdfast.simulation;

import dev.holdfast.failover.promotion.AgentReport;
import dev.holdfast.failover.promotion.AgentReport.Postgres;
import dev.holdfast.failover.promotion.AgentReport.Role;
import dev.holdfast.failover.promotion.Order;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.Reign.TimelineStart;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A machine with PostgreSQL and its agent, as far as failover sees them.
 *
 * <p>The log is a list of rows; a position is a number of rows. PostgreSQL tells histories apart by the numbers of timelines
 * alone, and a promoted node takes the next number it knows of: two nodes may take the same one, as real ones do.
 */
final class SimulatedNode {

    /** One row of the log. Its identity is what it is: two nodes may write different rows at the same position. */
    static final class Row {
        final int timeline;
        final boolean cancelled;

        Row(int timeline, boolean cancelled) {
            this.timeline = timeline;
            this.cancelled = cancelled;
        }
    }

    private static final int STREAM_INTERVAL = 20;

    final NodeId id;
    final String name;
    private final World world;

    /** How fast the machine's own clock goes. */
    private final double clockRate;

    // On disk.
    private OrderNumber accepted = new OrderNumber(1, 1);
    final List<Row> log = new ArrayList<>();
    private int flushed;
    private int timeline = 1;
    private List<TimelineStart> history = List.of(new TimelineStart(1, Lsn.ZERO));
    Role role = Role.STANDBY;
    private @Nullable SimulatedNode upstream;
    private boolean detached;
    private long detachedEpoch;
    private boolean stoppedCleanly;
    private Synchronous told = Synchronous.NONE;
    private @Nullable OrderNumber clonedBy;
    long reign;

    // In memory.
    Postgres postgres = Postgres.RUNNING;
    boolean agentUp = true;
    boolean frozen;
    boolean diskFull;
    boolean hangsOnPromotion;
    boolean diesOnPromotion;
    boolean rewindFails;
    private boolean promoting;
    private boolean stopping;
    private boolean admits = true;
    private long incarnation;
    private long task;
    private @Nullable NodeId taskUpstream;
    private long taskEpoch;
    private boolean cloning;
    private long instance = 1;
    private long leaseUntil;
    private long settingsTask;
    private final SynchronousCommit commit = new SynchronousCommit();
    private @Nullable SimulatedNode receivesFrom;
    private long receivedAt;
    private final List<Runnable> backlog = new ArrayList<>();

    SimulatedNode(World world, String name, double clockRate) {
        this.world = world;
        this.name = name;
        this.clockRate = clockRate;
        this.id = new NodeId(name);
    }

    void startAsPrimary(Synchronous synchronous) {
        role = Role.PRIMARY;
        told = synchronous;
        commit.start(synchronous, 0);
    }

    void startFollowing(SimulatedNode primary) {
        upstream = primary;
        // Staggered, so that the nodes' timers don't go in step.
        world.schedule.after(world.random.nextInt(STREAM_INTERVAL), this::streamForever);
    }

    /** Runs the work, or keeps it until the thaw. */
    private void run(Runnable work) {
        if (frozen) {
            backlog.add(work);
        } else {
            work.run();
        }
    }

    private void later(long millis, Runnable work) {
        long life = incarnation;
        world.schedule.after(
                millis,
                () -> run(() -> {
                    if (life == incarnation) {
                        work.run();
                    }
                }));
    }

    // ---- the agent ----

    AgentReport report() {
        SimulatedNode source = upstream;
        boolean streams = role == Role.STANDBY
                && postgres == Postgres.RUNNING
                && source != null
                && source == receivesFrom
                && SynchronousCommit.isConnected(world.now(), receivedAt);
        boolean leads = role == Role.PRIMARY && postgres == Postgres.RUNNING && commit.isSettled();
        return new AgentReport(
                id,
                accepted,
                postgres,
                role,
                detached && !promoting && role == Role.STANDBY,
                stoppedCleanly,
                new Position(timeline, new Lsn(flushed)),
                history.getLast().at(),
                streams ? Optional.of(Objects.requireNonNull(source).id) : Optional.empty(),
                leads
                        ? Optional.of(new AgentReport.Sender(
                                commit.inForce(), new Lsn(commit.since()), commit.connected(world.now())))
                        : Optional.empty(),
                Optional.ofNullable(clonedBy),
                new AgentReport.Clock(Long.toString(instance), Duration.ofMillis(clock())),
                Duration.ZERO);
    }

    /** The agent's monotonic clock, in milliseconds. */
    private long clock() {
        return (long) (world.now() * clockRate);
    }

    /** Work of the agent: not done while the machine is down, and done late when it was frozen. */
    void atAgent(Runnable work) {
        run(() -> {
            if (agentUp) {
                work.run();
            }
        });
    }

    void obey(Order order) {
        OrderNumber number = order.number();
        if (world.options.agentsCheck(number, accepted)) {
            world.story.tell(() -> name + " refuses " + order + ", it has accepted " + accepted);
            return;
        }
        if (number.compareTo(accepted) > 0) {
            accepted = number;
        }
        switch (order) {
            case Order.Create ignored -> throw new IllegalStateException("the simulated cluster has a primary");
            case Order.Detach ignored -> detach(number);
            case Order.Promote promote -> promote(promote);
            case Order.Follow follow -> follow(world.node(follow.upstream()), number, false);
            case Order.Reinitialise clone -> follow(world.node(clone.upstream()), number, true);
            case Order.Fence fence -> fence(fence.mode());
            case Order.Resume ignored -> resume();
            case Order.Synchronise synchronise -> synchronise(synchronise.synchronous());
            case Order.Lease lease -> {
                if (lease.instance().equals(Long.toString(instance))) {
                    leaseUntil = Math.max(leaseUntil, lease.until().toMillis());
                }
            }
            case Order.Verify ignored -> throw new IllegalStateException("agents verify nothing");
        }
    }

    private void detach(OrderNumber number) {
        if (role == Role.PRIMARY || promoting || isResynchronising()) {
            return;
        }
        if (!detached) {
            world.story.tell(() -> name + " detaches at " + flushed + " of timeline " + timeline);
        }
        upstream = null;
        task++;
        detached = true;
        detachedEpoch = number.epoch();
        if (postgres == Postgres.FENCED) {
            start();
        }
    }

    private void promote(Order.Promote order) {
        if (role == Role.PRIMARY
                || promoting
                || !detached
                || detachedEpoch != order.number().epoch()
                || postgres != Postgres.RUNNING) {
            return;
        }
        promoting = true;
        if (diesOnPromotion) {
            diesOnPromotion = false;
            later(10, this::crashPostgres);
        }
        world.story.tell(
                () -> name + " begins its promotion in epoch " + order.number().epoch());
        later(hangsOnPromotion ? 6000 : 50 + world.random.nextInt(100), () -> {
            if (!promoting) {
                return;
            }
            promoting = false;
            detached = false;
            role = Role.PRIMARY;
            flushed = log.size();
            int next = timeline + 1;
            List<TimelineStart> starts = new ArrayList<>(history);
            starts.add(new TimelineStart(next, new Lsn(log.size())));
            history = List.copyOf(starts);
            timeline = next;
            told = order.synchronous();
            commit.start(told, log.size());
            admits = true;
            reign = world.nextReign();
            world.story.tell(
                    () -> name + " is primary on timeline " + timeline + " from " + log.size() + " with " + told);
            world.invariants.promoted(this, order.number().epoch());
        });
    }

    private boolean isResynchronising() {
        return postgres == Postgres.STARTING && taskUpstream != null;
    }

    /** Whether the data directory can say nothing for itself, so that nobody counts on it. */
    boolean vouchesForNothing() {
        return isResynchronising();
    }

    private void follow(SimulatedNode source, OrderNumber number, boolean anew) {
        if (source == this || promoting) {
            return;
        }
        boolean clonedAlready = clonedBy != null && clonedBy.epoch() == number.epoch();
        if (isResynchronising()
                && source.id.equals(taskUpstream)
                && taskEpoch == number.epoch()
                && (!anew || cloning)) {
            return;
        }
        detached = false;
        if (anew && !clonedAlready) {
            resynchronise(source, number, true);
        } else if (role == Role.PRIMARY || isResynchronising()) {
            resynchronise(source, number, cloning && isResynchronising());
        } else {
            if (upstream != source) {
                world.story.tell(() -> name + " follows " + source.name);
            }
            upstream = source;
            if (postgres == Postgres.FENCED || postgres == Postgres.STOPPED) {
                start();
            }
        }
    }

    /** Stops, and becomes a standby of the source once it has rewound or cloned. */
    private void resynchronise(SimulatedNode source, OrderNumber number, boolean anew) {
        stopPostgres(Postgres.STARTING);
        role = Role.STANDBY;
        upstream = source;
        taskUpstream = source.id;
        taskEpoch = number.epoch();
        cloning = anew;
        long mine = ++task;
        world.story.tell(() -> name + (anew ? " clones " : " rewinds to ") + source.name);
        later(100 + world.random.nextInt(300), () -> copyFrom(source, number, anew, mine));
    }

    private void copyFrom(SimulatedNode source, OrderNumber number, boolean anew, long mine) {
        if (mine != task) {
            return;
        }
        boolean possible = source.postgres == Postgres.RUNNING
                && source.role == Role.PRIMARY
                && !source.frozen
                && !diskFull
                && world.network.reaches(name, source.name)
                && world.network.reaches(source.name, name);
        if (!possible) {
            later(200, () -> copyFrom(source, number, anew, mine));
            return;
        }
        if (!anew && rewindFails) {
            resynchronise(source, number, true);
            return;
        }
        if (anew || !isOnHistoryOf(source)) {
            // pg_rewind finds nothing to do when the timelines have the same number; only a clone is above doubt.
            if (anew || timeline != source.timeline) {
                log.clear();
                log.addAll(source.log);
                flushed = log.size();
                timeline = source.timeline;
                history = source.history;
            }
        }
        if (anew) {
            clonedBy = number;
        }
        taskUpstream = null;
        cloning = false;
        postgres = Postgres.RUNNING;
        world.story.tell(() -> name + " is a standby of " + source.name + " again, at " + flushed);
    }

    private boolean isOnHistoryOf(SimulatedNode source) {
        for (int index = 0; index < source.history.size(); index++) {
            if (source.history.get(index).timeline() == timeline) {
                long end = index + 1 == source.history.size()
                        ? source.flushed
                        : source.history.get(index + 1).at().value();
                return flushed <= end;
            }
        }
        return false;
    }

    private void fence(Order.Mode mode) {
        if (postgres == Postgres.FENCED || stopping || isResynchronising() || promoting) {
            return;
        }
        if (mode == Order.Mode.FAST && postgres == Postgres.RUNNING && role == Role.PRIMARY && !diskFull) {
            world.story.tell(() -> name + " stops");
            stopping = true;
            commit.endSessions();
            log.add(new Row(timeline, false));
            flushed = log.size();
            later(60 + world.random.nextInt(100), () -> {
                stopPostgres(Postgres.FENCED);
                stoppedCleanly = true;
                world.story.tell(() -> name + " has stopped cleanly at " + flushed);
            });
            return;
        }
        world.story.tell(() -> name + " is fenced");
        boolean clean = stoppedCleanly && postgres == Postgres.STOPPED;
        stopPostgres(Postgres.FENCED);
        stoppedCleanly = clean;
    }

    private void resume() {
        if (role == Role.PRIMARY && postgres != Postgres.RUNNING && postgres != Postgres.STARTING && !diskFull) {
            start();
        }
    }

    /** Every WAL sender takes the settings up at its own time: until all have, the older ones release waiting commits too. */
    private void synchronise(Synchronous synchronous) {
        if (role != Role.PRIMARY || promoting) {
            return;
        }
        if (told.equals(synchronous)) {
            return;
        }
        told = synchronous;
        if (postgres != Postgres.RUNNING) {
            return;
        }
        commit.tell(synchronous);
        world.story.tell(() -> name + " is told " + synchronous);
        long mine = ++settingsTask;
        later(1 + world.random.nextInt(30), () -> {
            if (mine == settingsTask) {
                commit.settle(log.size());
            }
        });
    }

    // ---- PostgreSQL ----

    private void start() {
        stopPostgres(Postgres.STARTING);
        world.story.tell(() -> name + " starts as " + role);
        later(100 + world.random.nextInt(150), this::started);
    }

    private void started() {
        if (postgres != Postgres.STARTING) {
            return;
        }
        if (diskFull) {
            later(200, this::started);
            return;
        }
        postgres = Postgres.RUNNING;
        stoppedCleanly = false;
        if (role == Role.PRIMARY) {
            commit.start(told, log.size());
            // Rows that were written before the crash and never acknowledged are visible now.
            admits = false;
        }
    }

    private void stopPostgres(Postgres state) {
        incarnation++;
        postgres = state;
        stopping = false;
        promoting = false;
        stoppedCleanly = false;
        taskUpstream = null;
        commit.stop();
        receivesFrom = null;
        while (log.size() > flushed) {
            log.removeLast();
        }
    }

    void crashPostgres() {
        if (postgres == Postgres.RUNNING || (postgres == Postgres.STARTING && taskUpstream == null)) {
            world.story.tell(() -> name + "'s PostgreSQL exits");
            stopPostgres(Postgres.CRASHED);
            if (role == Role.STANDBY && agentUp) {
                world.schedule.after(
                        300,
                        () -> run(() -> {
                            if (agentUp && postgres == Postgres.CRASHED && role == Role.STANDBY) {
                                start();
                            }
                        }));
            }
        }
    }

    void crashMachine() {
        world.story.tell(() -> name + " loses power");
        backlog.clear();
        frozen = false;
        agentUp = false;
        boolean resynchronising = isResynchronising();
        NodeId source = taskUpstream;
        stopPostgres(resynchronising ? Postgres.STARTING : Postgres.STOPPED);
        if (resynchronising) {
            // Half a data directory stays half a data directory.
            taskUpstream = source;
            taskEpoch = -1;
        }
    }

    void boot() {
        if (agentUp) {
            return;
        }
        world.story.tell(() -> name + " boots");
        agentUp = true;
        instance++;
        leaseUntil = 0;
        if (role == Role.STANDBY && postgres == Postgres.STOPPED) {
            start();
        }
    }

    void freeze() {
        world.story.tell(() -> name + " freezes");
        frozen = true;
    }

    void thaw() {
        if (frozen) {
            world.story.tell(() -> name + " thaws");
            frozen = false;
            List<Runnable> late = List.copyOf(backlog);
            backlog.clear();
            late.forEach(this::run);
        }
    }

    /** A client writes one row here, if it is let. Some give up waiting, which PostgreSQL answers as a success with a warning. */
    void write() {
        run(() -> {
            if (role != Role.PRIMARY || postgres != Postgres.RUNNING || stopping) {
                return;
            }
            if (diskFull) {
                crashPostgres();
                return;
            }
            if (!admits) {
                admits = commit.hasCaughtUp();
                return;
            }
            if (world.isAsync() && clock() >= leaseUntil) {
                return;
            }
            Row row = new Row(timeline, world.random.nextInt(40) == 0);
            log.add(row);
            flushed = log.size();
            if (!row.cancelled) {
                commit.await(new SynchronousCommit.Session(row, log.size()));
            }
            release();
        });
    }

    private void release() {
        commit.released().forEach(session -> world.invariants.acknowledged(this, session.row(), session.end()));
    }

    private void streamForever() {
        run(this::askForMore);
        world.schedule.after(STREAM_INTERVAL, this::streamForever);
    }

    private void askForMore() {
        SimulatedNode source = upstream;
        if (source == null || role != Role.STANDBY || postgres != Postgres.RUNNING || diskFull) {
            return;
        }
        int from = log.size();
        int end = flushed;
        int on = timeline;
        long life = incarnation;
        long sourceLife = source.incarnation;
        world.network.send(
                name,
                source.name,
                () -> source.run(() -> {
                    if (source.incarnation == sourceLife) {
                        source.stream(this, from, end, on, life);
                    }
                }));
    }

    private void stream(SimulatedNode standby, int from, int end, int on, long life) {
        if (postgres != Postgres.RUNNING || role != Role.PRIMARY) {
            return;
        }
        if (from > flushed || !isMine(on, from)) {
            world.network.send(name, standby.name, () -> standby.atAgent(() -> standby.hearOfDivergence(this, life)));
            return;
        }
        hear(standby, end);
        List<Row> rows = List.copyOf(log.subList(from, flushed));
        int mine = timeline;
        List<TimelineStart> starts = history;
        world.network.send(
                name, standby.name, () -> standby.run(() -> standby.receive(this, from, rows, mine, starts, life)));
    }

    private void hearOfDivergence(SimulatedNode source, long life) {
        if (upstream == source
                && incarnation == life
                && postgres == Postgres.RUNNING
                && role == Role.STANDBY
                && !promoting) {
            resynchronise(source, accepted, false);
        }
    }

    private boolean isMine(int on, int from) {
        for (int index = 0; index < history.size(); index++) {
            if (history.get(index).timeline() == on) {
                return index + 1 == history.size()
                        || from <= history.get(index + 1).at().value();
            }
        }
        return false;
    }

    private void hear(SimulatedNode standby, int end) {
        commit.hear(standby.id, end, world.now());
        release();
    }

    private void receive(
            SimulatedNode source, int from, List<Row> rows, int on, List<TimelineStart> starts, long life) {
        if (upstream != source
                || incarnation != life
                || postgres != Postgres.RUNNING
                || role != Role.STANDBY
                || log.size() != from
                || promoting) {
            return;
        }
        receivesFrom = source;
        receivedAt = world.now();
        timeline = on;
        history = starts;
        if (rows.isEmpty()) {
            return;
        }
        log.addAll(rows);
        later(1 + world.random.nextInt(2), () -> {
            flushed = log.size();
            if (upstream == source) {
                int end = flushed;
                long sourceLife = source.incarnation;
                world.network.send(
                        name,
                        source.name,
                        () -> source.run(() -> {
                            if (source.incarnation == sourceLife && source.role == Role.PRIMARY) {
                                source.hear(this, end);
                            }
                        }));
            }
        });
    }

    // ---- the truth, for invariants ----

    boolean has(Row row, int end) {
        return flushed >= end && log.get(end - 1) == row;
    }

    OrderNumber accepted() {
        return accepted;
    }

    /** Whether it could acknowledge a write now, by the standbys that are attached to it. */
    boolean couldAcknowledge() {
        if (role != Role.PRIMARY || postgres != Postgres.RUNNING || stopping) {
            return false;
        }
        if (world.isAsync()) {
            return clock() < leaseUntil;
        }
        return commit.anyInForce().stream().anyMatch(this::isServed);
    }

    private boolean isServed(Synchronous settings) {
        long attached = settings.standbys().stream()
                .map(world::node)
                .filter(node -> node.upstream == this && node.role == Role.STANDBY)
                .count();
        return attached >= settings.required();
    }

    boolean impliesClaim(Synchronous claim) {
        return commit.anyInForce().stream().allMatch(settings -> settings.implies(claim));
    }
}
