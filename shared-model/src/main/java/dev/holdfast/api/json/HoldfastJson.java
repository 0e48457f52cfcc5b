package dev.holdfast.api.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * One way to read and write documents, everywhere: strict (unknown members, duplicate keys, wrong types and trailing
 * text are errors) and with durations as people write them ({@code 500ms}, {@code 2s}; ISO-8601 is read too).
 */
public final class HoldfastJson {

    private HoldfastJson() {}

    public static JsonMapper jsonMapper() {
        return configure(JsonMapper.builder()).build();
    }

    public static YAMLMapper yamlMapper() {
        return configure(YAMLMapper.builder(new AliasFreeYaml())).build();
    }

    /** Makes a mapper of any format strict and teaches it the project's types. */
    public static <B extends MapperBuilder<?, B>> B configure(B builder) {
        return builder.addModule(durations())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .changeDefaultPropertyInclusion(
                        inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT));
    }

    private static SimpleModule durations() {
        return new SimpleModule("holdfast-durations")
                .addSerializer(Duration.class, new DurationWriter())
                .addDeserializer(Duration.class, new DurationReader());
    }

    private static final class DurationWriter extends StdSerializer<Duration> {

        DurationWriter() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(written(value));
        }

        private static String written(Duration value) {
            long millis = value.toMillis();
            if (!Duration.ofMillis(millis).equals(value)) {
                return value.toString();
            }
            return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
        }
    }

    private static final class DurationReader extends StdDeserializer<Duration> {

        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            String written = parser.getString();
            if (parser.currentToken().isScalarValue() && !parser.currentToken().isNumeric()) {
                try {
                    return DurationStyle.detectAndParse(written);
                } catch (IllegalArgumentException | ArithmeticException e) {
                    // Falls through to the message that says how a duration is written.
                }
            }
            throw context.weirdStringException(
                    written, Duration.class, "a duration is a number and a unit, such as \"500ms\", \"2s\" or \"5m\"");
        }
    }
}
