package dev.holdfast.model.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a node: a DNS label, so that it can stand in URLs, metrics and host names as it is. */
public record NodeId(@JsonValue String value) implements Comparable<NodeId> {

    @JsonCreator
    public NodeId {
        DnsLabel.require("node id", value);
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
