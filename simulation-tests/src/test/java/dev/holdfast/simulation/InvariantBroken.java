package dev.holdfast.simulation;

/** A promise of DESIGN did not hold. */
class InvariantBroken extends RuntimeException {

    InvariantBroken(String message) {
        super(message);
    }

    /** Nothing wrong was done, but not enough was either. */
    static final class NotWell extends InvariantBroken {

        NotWell(String message) {
            super(message);
        }
    }
}
