package dev.holdfast.gateway.retry;

/** How a try can fail. */
public enum TryFailure {
    /** No connection came about: refused, unreachable, unknown host, or no answer to the connect. */
    NOT_CONNECTED("refused", true, true),
    /** The gateway had no connection to spare, or it was closed before the request began. Says nothing of the node. */
    NOT_SENT("not-sent", true, false),
    /** The connection broke, or carried something else than HTTP, before the response headers. */
    RESET("reset", false, true),
    /** The answer's status line and headers are larger than this gateway takes. They would be from another node, too. */
    OVERSIZED_HEAD("oversized", false, false),
    /** No response headers in time. */
    TIMED_OUT("timeout", false, true),
    /** Answered 502, 503 or 504. */
    FAILURE_STATUS("status", false, true);

    private final String word;
    private final boolean neverSent;
    private final boolean blamesNode;

    TryFailure(String word, boolean neverSent, boolean blamesNode) {
        this.word = word;
        this.neverSent = neverSent;
        this.blamesNode = blamesNode;
    }

    /** As it stands in metrics and answers. */
    public String word() {
        return word;
    }

    /** Whether the node has certainly seen nothing of the request. */
    public boolean neverSent() {
        return neverSent;
    }

    /** Whether it counts towards the node's ejection. */
    public boolean blamesNode() {
        return blamesNode;
    }
}
