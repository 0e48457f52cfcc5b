package dev.holdfast.failover.promotion;

import java.util.Map;
import java.util.TreeMap;

/** What is journaled with a decision, before its effect: what was decided, why, and on which evidence. */
public record FailoverEvent(Kind kind, String text, Map<String, String> evidence) {

    public enum Kind {
        PHASE_CHANGED,
        NOT_ACTING,
        SETTINGS_CHANGED,
        REQUEST_REFUSED,
        ACKNOWLEDGED,
        NODE_CLONED
    }

    public FailoverEvent {
        evidence = java.util.Collections.unmodifiableMap(new TreeMap<>(evidence));
    }
}
