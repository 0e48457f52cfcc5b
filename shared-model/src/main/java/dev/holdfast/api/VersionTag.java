package dev.holdfast.api;

import dev.holdfast.model.journal.Revision;

/** How a version stands in {@code ETag} and {@code If-Match}. */
public final class VersionTag {

    private VersionTag() {}

    /** The version in quotes, such as {@code "42"}. */
    public static String of(Revision version) {
        return "\"" + version + "\"";
    }
}
