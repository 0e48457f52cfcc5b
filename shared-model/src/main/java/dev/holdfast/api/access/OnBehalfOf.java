package dev.holdfast.api.access;

/** How a service says for whom it acts. */
public final class OnBehalfOf {

    /** Names the user; believed only from a token with the scope {@link Scope#SERVICE}, and not let in from outside. */
    public static final String HEADER = "X-Holdfast-On-Behalf-Of";

    private OnBehalfOf() {}
}
