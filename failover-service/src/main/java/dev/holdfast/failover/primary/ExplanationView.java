package dev.holdfast.failover.primary;

import dev.holdfast.api.PrimaryView;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What would be done about a cluster's primary now, and why or why not.
 *
 * @param primary as stored; empty before the first one is appointed
 * @param promise what holds in the present phase
 * @param verdict of the observers on the primary
 * @param next the steps that would be taken now, each with its reason
 * @param orders that would be given now
 * @param inaction why the primary is not replaced although something is wrong
 * @param automaticFailover why no failover would begin by itself if the primary were lost now; empty when one would
 * @param silent nodes whose agent does not answer, with what happened
 * @param nodes what each agent says
 */
public record ExplanationView(
        Optional<PrimaryView> primary,
        String promise,
        HealthStatus verdict,
        List<String> next,
        List<String> orders,
        Optional<Refusal> inaction,
        Optional<Refusal> automaticFailover,
        Map<NodeId, String> silent,
        Map<NodeId, AgentReport> nodes) {}
