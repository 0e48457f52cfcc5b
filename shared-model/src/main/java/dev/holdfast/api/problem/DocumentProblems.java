package dev.holdfast.api.problem;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Turns what Jackson says of a document into a problem that names the field and the fix. */
public final class DocumentProblems {

    private static final int MAX_QUOTED = 80;

    /** Stands in some of the parsers' messages, and tells the author of a document nothing. */
    private static final Pattern EXCEPTION_NAME = Pattern.compile("\\(?([a-z]\\w*\\.)+[A-Z]\\w*Exception\\)?:?\\s*");

    /** A name that can be read in a path as it is; of another the reader would see nothing, or not where it ends. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[\\p{L}\\p{N}_$/:@-]+");

    private DocumentProblems() {}

    /** The problem behind {@code e}: malformed, an unknown field, or a value of the wrong form. */
    public static ProblemException of(JacksonException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown -> unknownField(unknown);
            case ValueInstantiationException rejected ->
                ProblemException.ofField(ProblemCode.INVALID_VALUE, path(rejected), rejection(rejected));
            case MismatchedInputException mismatch ->
                ProblemException.ofField(
                        ProblemCode.INVALID_VALUE,
                        path(mismatch),
                        mismatch.getPath().isEmpty()
                                ? "must be one object, with nothing after it"
                                : mustBe(mismatch.getTargetType()));
            case DatabindException other
            when !other.getPath().isEmpty() ->
                ProblemException.ofField(ProblemCode.INVALID_VALUE, path(other), "has the wrong form");
            default -> ProblemException.ofField(ProblemCode.MALFORMED_DOCUMENT, path(e), malformed(e));
        };
    }

    private static ProblemException unknownField(UnrecognizedPropertyException e) {
        String known =
                e.getKnownPropertyIds() == null || e.getKnownPropertyIds().isEmpty()
                        ? "no fields are known here"
                        : "known here: "
                                + e.getKnownPropertyIds().stream()
                                        .map(String::valueOf)
                                        .sorted()
                                        .collect(Collectors.joining(", "));
        return ProblemException.ofField(ProblemCode.UNKNOWN_FIELD, path(e), "is not a known field; " + known);
    }

    private static String rejection(ValueInstantiationException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        return mustBe(e.getType() == null ? null : e.getType().getRawClass());
    }

    private static String mustBe(@Nullable Class<?> type) {
        if (type == null) {
            return "has the wrong type";
        }
        if (type == Duration.class) {
            return "must be a number and a unit, such as \"500ms\", \"2s\" or \"5m\"";
        }
        if (type.isEnum()) {
            return "must be one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "));
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "must be a whole number";
        }
        if (Number.class.isAssignableFrom(type) || type == double.class) {
            return "must be a number";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "must be true or false";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "must be a list";
        }
        if ((type.isRecord() && type.getRecordComponents().length > 1) || Map.class.isAssignableFrom(type)) {
            return "must be an object";
        }
        return "must be text";
    }

    private static String malformed(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        String where = at == null || at.getLineNr() < 1
                ? ""
                : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
        String firstLine =
                String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
        String what = EXCEPTION_NAME.matcher(firstLine).replaceAll("");
        return "is neither the JSON nor the YAML that was promised" + where + ": " + quoted(what);
    }

    private static String quoted(String text) {
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }

    /** The path of the field, such as {@code nodes[2].address}; {@code (document)} for the document itself. */
    private static String path(JacksonException e) {
        List<JacksonException.Reference> references = e.getPath();
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : references) {
            if (reference.getPropertyName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name(reference.getPropertyName()));
            }
        }
        return path.isEmpty() ? "(document)" : path.toString();
    }

    private static String name(String property) {
        if (PLAIN_NAME.matcher(property).matches()) {
            return quoted(property);
        }
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsCharArray(quoted(property))) + "\"";
    }
}
