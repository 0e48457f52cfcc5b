package dev.holdfast.failover.promotion;

import dev.holdfast.model.journal.EventType;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What is journaled with a decision, before its effect: what was decided, why, and on which evidence. */
public record FailoverEvent(EventType type, String text, Map<String, String> evidence) {

    public FailoverEvent {
        evidence = Collections.unmodifiableMap(new TreeMap<>(evidence));
    }
}
