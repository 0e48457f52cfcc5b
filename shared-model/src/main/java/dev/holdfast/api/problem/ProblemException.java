package dev.holdfast.api.problem;

import dev.holdfast.model.replication.Refusal;
import java.util.List;
import java.util.Optional;

/** Ends a request with a problem. Thrown inside a change of the store, it also rolls that change back. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;

    private final transient List<FieldError> errors;

    private final transient Optional<Refusal.Code> refusal;

    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, List.of());
    }

    public ProblemException(ProblemCode code, String detail, List<FieldError> errors) {
        this(code, detail, errors, Optional.empty());
    }

    private ProblemException(ProblemCode code, String detail, List<FieldError> errors, Optional<Refusal.Code> refusal) {
        super(detail);
        this.code = code;
        this.errors = List.copyOf(errors);
        this.refusal = refusal;
    }

    /** The answer to a request that the state of a primary doesn't allow. */
    public static ProblemException refused(Refusal refusal) {
        return new ProblemException(
                ProblemCode.FAILOVER_REFUSED, refusal.reason() + ".", List.of(), Optional.of(refusal.code()));
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

    /** What speaks against it, where the state of a primary does. */
    public Optional<Refusal.Code> refusal() {
        return refusal;
    }
}
