package dev.holdfast.api.problem;

import java.util.List;

/** Ends a request with a problem. Thrown inside a change of the store, it also rolls that change back. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;

    private final transient List<FieldError> errors;

    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of());
    }

    public ProblemException(ProblemCode code, String detail, List<FieldError> errors) {
        super(detail);
        this.code = code;
        this.errors = List.copyOf(errors);
    }

    /** A problem with one field, whose message is the detail as well. */
    public static ProblemException ofField(ProblemCode code, String field, String message) {
        return new ProblemException(code, field + ": " + message, List.of(new FieldError(field, message)));
    }

    public ProblemCode code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<FieldError> errors() {
        return errors;
    }
}
