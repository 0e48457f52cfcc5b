package dev.holdfast.model.operation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names an operation. */
public record OperationId(@JsonValue UUID value) {

    @JsonCreator
    public static OperationId parse(String written) {
        return new OperationId(UUID.fromString(written));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
