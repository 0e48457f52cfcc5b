package dev.holdfast.model.topology;

/** The rule by which a gateway picks among the nodes that can take a request. */
public enum BalancingPolicy {
    /** In turn, each as often as its weight says. */
    WEIGHTED_ROUND_ROBIN,
    /** Of two nodes drawn by weight, the one with fewer outstanding requests. */
    LEAST_REQUEST
}
