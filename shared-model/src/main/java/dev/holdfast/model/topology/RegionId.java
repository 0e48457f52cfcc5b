package dev.holdfast.model.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a region: a DNS label, so that it can stand in URLs, metrics and host names as it is. */
public record RegionId(@JsonValue String value) implements Comparable<RegionId> {

    @JsonCreator
    public RegionId {
        DnsLabel.require("region id", value);
    }

    @Override
    public int compareTo(RegionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
