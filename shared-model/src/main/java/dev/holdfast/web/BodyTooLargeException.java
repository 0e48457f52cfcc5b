package dev.holdfast.web;

import java.io.IOException;

/** A request's body went over the limit while it was read. */
final class BodyTooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    BodyTooLargeException(long limit) {
        super("the body is larger than " + limit + " bytes");
    }
}
