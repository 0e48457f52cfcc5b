package dev.holdfast.region.request;

import dev.holdfast.api.problem.DocumentProblems;
import dev.holdfast.api.problem.FieldError;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.region.declaration.TextRules;
import dev.holdfast.region.declaration.Violations;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import java.util.Comparator;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Documents as data: the form of their fields, patches, and their members. */
@Component
public final class Documents {

    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};

    private final Validator validator;
    private final JsonMapper mapper;

    public Documents(Validator validator, JsonMapper mapper) {
        this.validator = validator;
        this.mapper = mapper;
    }

    /** Everything that is wrong with the form of the document's fields. */
    public Violations form(Object document) {
        Violations violations = new Violations();
        validator.validate(document).stream()
                .map(violation -> new FieldError(path(violation), violation.getMessage()))
                .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::message))
                .forEach(error -> violations.add(error.field(), error.message()));
        return violations;
    }

    /** What a JSON merge patch makes of {@code declaration}; a result that can't be read is a problem. */
    public <T> T patched(T declaration, JsonNode patch, Class<T> type) {
        try {
            T patched = mapper.treeToValue(MergePatch.apply(mapper.valueToTree(declaration), patch), type);
            if (patched == null) {
                throw ProblemException.ofField(
                        ProblemCode.INVALID_VALUE, "(document)", "must be an object with the members to change");
            }
            return patched;
        } catch (JacksonException e) {
            throw DocumentProblems.of(e);
        }
    }

    /** The document as it is written, member by member. */
    public Map<String, Object> members(Object document) {
        return mapper.convertValue(document, MEMBERS);
    }

    private static String path(ConstraintViolation<?> violation) {
        StringBuilder path = new StringBuilder();
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.isInIterable()) {
                Object place = node.getIndex() != null ? node.getIndex() : node.getKey();
                path.append('[').append(TextRules.quoted(String.valueOf(place))).append(']');
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                path.append(path.isEmpty() ? "" : ".").append(node.getName());
            }
        }
        return path.toString();
    }
}
