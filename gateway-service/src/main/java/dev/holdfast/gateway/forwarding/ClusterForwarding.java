package dev.holdfast.gateway.forwarding;

import dev.holdfast.gateway.balancing.ClusterLoadBalancer;
import dev.holdfast.gateway.retry.RetryBudget;

/** What outlives a request to a cluster. */
record ClusterForwarding(ClusterLoadBalancer balancer, RetryBudget budget) {}
