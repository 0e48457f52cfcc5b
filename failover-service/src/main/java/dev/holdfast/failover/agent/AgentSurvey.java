package dev.holdfast.failover.agent;

import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.failover.client.CallFailures;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.springframework.web.client.RestClientException;

/** Asks the agents of a cluster how they are, once. */
public final class AgentSurvey {

    private final AgentCalls calls;
    private final LongSupplier nanoClock;

    public AgentSurvey(AgentCalls calls, LongSupplier nanoClock) {
        this.calls = calls;
        this.nanoClock = nanoClock;
    }

    /**
     * What came of it.
     *
     * @param reports of those that answered
     * @param silent what happened to the others
     * @param askedAt by the clock that was given
     */
    public record Answers(Map<NodeId, AgentReport> reports, Map<NodeId, String> silent, long askedAt) {

        public Answers {
            reports = Map.copyOf(reports);
            silent = Map.copyOf(silent);
        }
    }

    /** Asks all at once, and waits for the last to answer or to reach the timeout of its call. */
    public Answers ask(Addresses addresses) {
        Map<NodeId, AgentReport> reports = new ConcurrentHashMap<>();
        Map<NodeId, String> silent = new ConcurrentHashMap<>();
        long askedAt = nanoClock.getAsLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            addresses.agents().forEach((node, address) -> threads.execute(() -> ask(node, address, reports, silent)));
        }
        return new Answers(reports, silent, askedAt);
    }

    private void ask(NodeId node, Endpoint address, Map<NodeId, AgentReport> reports, Map<NodeId, String> silent) {
        try {
            AgentReport report = calls.at(address).state(Optional.empty(), Optional.empty(), Optional.empty());
            if (report.node().equals(node)) {
                reports.put(node, report);
            } else {
                silent.put(node, "the agent at " + address + " answers for " + report.node());
            }
        } catch (RestClientException e) {
            silent.put(node, CallFailures.told(e));
        }
    }

    /** As the decider takes them. */
    public Map<NodeId, dev.holdfast.failover.promotion.AgentReport> forDecision(Answers answers) {
        Duration age = Duration.ofNanos(nanoClock.getAsLong() - answers.askedAt());
        Map<NodeId, dev.holdfast.failover.promotion.AgentReport> reports = new HashMap<>();
        answers.reports().forEach((node, report) -> reports.put(node, WireForms.report(report, age)));
        return reports;
    }
}
