package dev.holdfast.api;

import java.util.List;
import java.util.Optional;

/**
 * Part of a list.
 *
 * @param next give this as {@code after} to get the next part; empty on the last one
 */
public record Page<T>(List<T> items, Optional<String> next) {

    public static final int DEFAULT_LIMIT = 100;

    public static final int MAX_LIMIT = 1000;

    public Page {
        items = List.copyOf(items);
    }
}
