package dev.holdfast.store.postgres;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.operation.OperationStep;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How values are written in columns, and read back. */
final class Documents {

    private static final JsonMapper JSON = HoldfastJson.jsonMapper();

    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    private static final TypeReference<Map<String, Object>> VALUES = new TypeReference<>() {};

    private static final TypeReference<List<OperationStep>> STEPS = new TypeReference<>() {};

    private Documents() {}

    static String write(Object document) {
        return JSON.writeValueAsString(document);
    }

    static Map<String, String> labels(String written) {
        return JSON.readValue(written, LABELS);
    }

    static Map<String, Object> values(String written) {
        return JSON.readValue(written, VALUES);
    }

    static List<OperationStep> steps(String written) {
        return JSON.readValue(written, STEPS);
    }

    static <T> T read(String written, Class<T> type) {
        return JSON.readValue(written, type);
    }

    /** PostgreSQL keeps microseconds and rounds; what is stored must not come to lie in the future. */
    static Instant micros(Instant given) {
        return given.truncatedTo(ChronoUnit.MICROS);
    }
}
