package dev.holdfast.model.operation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/** Names an operation. */
public record OperationId(@JsonValue UUID value) {

    /** Reads what {@link #toString} writes. Jackson and Spring find it by its name. */
    @JsonCreator
    public static OperationId valueOf(String written) {
        return new OperationId(UUID.fromString(written));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
