package dev.holdfast.api.access;

import java.util.Locale;

/** What a token allows. Each scope includes the ones before it. */
public enum Scope {
    /** Looking at everything. */
    READ,
    /** Commands that keep the declared topology: drain, maintenance, restart, probe. */
    OPERATE,
    /** Declaring and deleting regions, clusters and nodes; overriding safety rules. */
    ADMIN,
    /** Acting for others, as Holdfast's own services do. */
    SERVICE;

    /** The name of the scope as an authority of Spring Security. */
    public String authority() {
        return "SCOPE_" + name().toLowerCase(Locale.ROOT);
    }

    public boolean includes(Scope other) {
        return compareTo(other) >= 0;
    }
}
