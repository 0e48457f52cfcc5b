package dev.holdfast.model.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names a zone: a DNS label, so that it can stand in URLs, metrics and host names as it is. */
public record ZoneId(@JsonValue String value) implements Comparable<ZoneId> {

    @JsonCreator
    public ZoneId {
        DnsLabel.require("zone id", value);
    }

    @Override
    public int compareTo(ZoneId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
