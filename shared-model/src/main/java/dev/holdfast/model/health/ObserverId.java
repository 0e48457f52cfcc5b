package dev.holdfast.model.health;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.model.topology.DnsLabel;

/** Names an observer: a DNS label, so that it can stand in URLs, metrics and host names as it is. */
public record ObserverId(@JsonValue String value) implements Comparable<ObserverId> {

    @JsonCreator
    public ObserverId {
        DnsLabel.require("observer id", value);
    }

    @Override
    public int compareTo(ObserverId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
