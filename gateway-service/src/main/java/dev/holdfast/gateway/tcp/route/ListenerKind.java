package dev.holdfast.gateway.tcp.route;

import dev.holdfast.model.replication.PostgresSettings.Listeners;
import java.util.Optional;

/** Where a listener leads to. */
public enum ListenerKind {
    /** To the primary of the newest epoch. */
    READ_WRITE("read-write"),
    /** To healthy standbys that lag no further than declared. */
    READ_ONLY("read-only");

    private final String tag;

    ListenerKind(String tag) {
        this.tag = tag;
    }

    /** As it stands in metrics, logs and documents. */
    public String tag() {
        return tag;
    }

    /** The port declared for it; empty when there is none. */
    public Optional<Integer> portIn(Listeners declared) {
        return switch (this) {
            case READ_WRITE -> declared.readWrite();
            case READ_ONLY -> declared.readOnly();
        };
    }
}
