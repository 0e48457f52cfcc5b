package dev.holdfast.region.topology;

import dev.holdfast.api.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Cuts lists that are ordered by id into pages. */
final class Pages {

    private Pages() {}

    /** The first {@code limit} items with an id after {@code after}. */
    static <T> Page<T> of(List<T> items, Function<? super T, String> id, Optional<String> after, int limit) {
        List<T> rest = items.stream()
                .filter(item -> after.isEmpty() || id.apply(item).compareTo(after.get()) > 0)
                .limit(limit + 1L)
                .toList();
        if (rest.size() <= limit) {
            return new Page<>(rest, Optional.empty());
        }
        List<T> page = rest.subList(0, limit);
        return new Page<>(page, Optional.of(id.apply(page.getLast())));
    }
}
