package dev.holdfast.model.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a cluster: a DNS label, so that it can stand in URLs, metrics and host names as it is. */
public record ClusterId(@JsonValue String value) implements Comparable<ClusterId> {

    @JsonCreator
    public ClusterId {
        DnsLabel.require("cluster id", value);
    }

    @Override
    public int compareTo(ClusterId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
