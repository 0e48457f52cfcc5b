package dev.holdfast.region.declaration;

import dev.holdfast.api.problem.FieldError;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Collects everything that is wrong with one document, so that its author sees all of it at once. */
public final class Violations {

    /** A document of the largest size can break a rule on every line; nobody reads more than this. */
    private static final int MAX_SHOWN = 100;

    private final List<FieldError> broken = new ArrayList<>();
    private final Map<ProblemCode, List<FieldError>> conflicts = new EnumMap<>(ProblemCode.class);

    /** A field that breaks a rule, whatever else is declared. */
    public void add(String field, String message) {
        broken.add(new FieldError(field, message));
    }

    /** A field that is right by itself and in conflict with what is declared already. */
    public void conflict(ProblemCode code, String field, String message) {
        conflicts.computeIfAbsent(code, any -> new ArrayList<>()).add(new FieldError(field, message));
    }

    /** All of it, broken rules first. */
    public List<FieldError> all() {
        return Stream.concat(broken.stream(), conflicts.values().stream().flatMap(List::stream))
                .toList();
    }

    /** Throws the problem that names every field found, unless none was. Broken rules come before conflicts. */
    public void throwIfAny() {
        List<FieldError> all = all();
        if (all.isEmpty()) {
            return;
        }
        ProblemCode code = broken.isEmpty() ? conflicts.keySet().iterator().next() : ProblemCode.VALIDATION_FAILED;
        throw new ProblemException(
                code, detail(all), all.stream().limit(MAX_SHOWN).toList());
    }

    private static String detail(List<FieldError> all) {
        if (all.size() == 1) {
            return all.getFirst().field() + ": " + all.getFirst().message();
        }
        return all.size() > MAX_SHOWN
                ? all.size() + " fields break a rule; the first " + MAX_SHOWN + " are in errors."
                : all.size() + " fields break a rule; see errors.";
    }
}
