package dev.holdfast.failover.agent;

import dev.holdfast.api.agent.AgentApi;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.failover.client.CallFailures;
import dev.holdfast.failover.promotion.AgentReport;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.client.RestClientException;

/**
 * Asks the agents of one cluster how they are, each on a virtual thread of its own, and keeps the newest report of each. Being
 * asked also tells an agent that there is a control plane; that needs no store.
 */
public final class AgentWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AgentWatch.class);

    private final ClusterId cluster;
    private final AgentCalls calls;
    private final Duration interval;
    private final LongSupplier nanoClock;
    private final Runnable onNews;
    private final Map<NodeId, Heard> heard = new ConcurrentHashMap<>();
    private final Map<NodeId, Poller> pollers = new ConcurrentHashMap<>();
    private final AtomicLong epoch = new AtomicLong();

    /**
     * The newest report of an agent.
     *
     * @param askedAt it tells of no earlier moment
     */
    private record Heard(dev.holdfast.api.agent.AgentReport report, long askedAt) {

        boolean isNewerThan(Heard other) {
            return report.instance().equals(other.report.instance())
                    ? report.sequence() > other.report.sequence()
                    : askedAt - other.askedAt > 0;
        }

        /** By the agent's own clock it may be younger than what it was the answer to, as when carrying an order out took long. */
        Heard after(Heard earlier) {
            if (!report.instance().equals(earlier.report.instance())) {
                return this;
            }
            long later = report.uptime().minus(earlier.report.uptime()).toNanos();
            return new Heard(report, Math.max(askedAt, earlier.askedAt + later));
        }
    }

    /**
     * @param interval from one question to the next
     * @param onNews called when something else than a position has changed; it must not block
     */
    public AgentWatch(ClusterId cluster, AgentCalls calls, Duration interval, LongSupplier nanoClock, Runnable onNews) {
        this.cluster = cluster;
        this.calls = calls;
        this.interval = interval;
        this.nanoClock = nanoClock;
        this.onNews = onNews;
    }

    /**
     * From now on asks these agents, and no others.
     *
     * @param knownEpoch the cluster's, which the agents are told; 0 when it isn't known
     */
    public void follow(Map<NodeId, Endpoint> agents, long knownEpoch) {
        epoch.set(knownEpoch);
        pollers.values().removeIf(poller -> {
            boolean gone = !poller.address.equals(agents.get(poller.node));
            if (gone) {
                poller.close();
                heard.remove(poller.node);
            }
            return gone;
        });
        agents.forEach((node, address) -> pollers.computeIfAbsent(node, id -> new Poller(id, address)));
    }

    /** The newest report of each agent that ever answered. */
    public Map<NodeId, AgentReport> reports() {
        long now = nanoClock.getAsLong();
        Map<NodeId, AgentReport> reports = new HashMap<>();
        heard.forEach((node, newest) ->
                reports.put(node, WireForms.report(newest.report(), Duration.ofNanos(now - newest.askedAt()))));
        return reports;
    }

    /** Whether every agent has answered or failed to at least once: one without a report is silent then. */
    public boolean hasAskedAll() {
        return pollers.values().stream().allMatch(poller -> poller.hasAsked);
    }

    /** Takes a report that came with an answer to something asked at {@code askedAt}. */
    void heard(dev.holdfast.api.agent.AgentReport report, long askedAt) {
        if (!pollers.containsKey(report.node()) || !report.cluster().equals(cluster)) {
            log.warn("an agent asked for {} answers for {} of {}", cluster, report.node(), report.cluster());
            return;
        }
        Heard told = new Heard(report, askedAt);
        Heard[] before = new Heard[1];
        heard.compute(report.node(), (node, known) -> {
            before[0] = known;
            return known == null ? told : told.isNewerThan(known) ? told.after(known) : known;
        });
        if (before[0] == null || isNews(before[0].report(), report)) {
            onNews.run();
        }
    }

    private static boolean isNews(dev.holdfast.api.agent.AgentReport before, dev.holdfast.api.agent.AgentReport after) {
        return before.state() != after.state()
                || !before.role().equals(after.role())
                || !before.accepted().equals(after.accepted())
                || before.detached() != after.detached()
                || !before.upstream().equals(after.upstream())
                || !before.sender()
                        .map(sender -> sender.inForce())
                        .equals(after.sender().map(sender -> sender.inForce()))
                || before.position().isPresent() != after.position().isPresent();
    }

    @Override
    public void close() {
        pollers.values().forEach(Poller::close);
        pollers.clear();
        heard.clear();
    }

    /** Asks one agent until it is closed. */
    private final class Poller {

        private final NodeId node;
        private final Endpoint address;
        private final AgentApi agent;
        private final CountDownLatch closed = new CountDownLatch(1);
        private long askedAt;
        private boolean answers = true;
        private volatile boolean hasAsked;

        private Poller(NodeId node, Endpoint address) {
            this.node = node;
            this.address = address;
            this.agent = calls.at(address);
            Thread.ofVirtual().name("agent-watch-" + node).start(this::run);
        }

        private void close() {
            closed.countDown();
        }

        private void run() {
            try {
                do {
                    ask();
                    hasAsked = true;
                } while (!closed.await(untilNextQuestion(), TimeUnit.NANOSECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Nothing when the agent held its answer back for that long. */
        private long untilNextQuestion() {
            return askedAt + interval.toNanos() - nanoClock.getAsLong();
        }

        private void ask() {
            askedAt = nanoClock.getAsLong();
            long known = epoch.get();
            Optional<PostgresState> state = Optional.ofNullable(heard.get(node))
                    .map(newest -> newest.report().state());
            try {
                dev.holdfast.api.agent.AgentReport report = agent.state(
                        known > 0 ? Optional.of(known) : Optional.empty(),
                        state,
                        Optional.of(Math.toIntExact(interval.toMillis())));
                if (closed.getCount() == 0) {
                    return;
                }
                if (!report.node().equals(node)) {
                    tell("answers for " + report.node());
                    return;
                }
                heard(report, askedAt);
                if (!answers) {
                    log.info("the agent of {} at {} answers again", node, address);
                }
                answers = true;
            } catch (RestClientException e) {
                tell(CallFailures.told(e));
            }
        }

        private void tell(String trouble) {
            if (answers) {
                log.warn("the agent of {} at {} gives no report: {}", node, address, trouble);
            }
            answers = false;
        }
    }
}
