package dev.holdfast.region.declaration;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds which members of a document differ between two forms of it. */
public final class MemberChanges {

    private static final int MAX_TOLD = 5;

    private MemberChanges() {}

    /**
     * The members that differ, by their path, each as {@code {"from": …, "to": …}} without the side that lacks it. Objects
     * are compared member by member, lists as a whole.
     */
    public static Map<String, Object> between(Map<String, ?> before, Map<String, ?> after) {
        Map<String, Object> changes = new LinkedHashMap<>();
        collect("", before, after, changes);
        return changes;
    }

    /** The changes as part of a sentence, such as {@code "weight 1 → 2, labels.tier set"}. */
    public static String inWords(Map<String, Object> changes) {
        String told = changes.entrySet().stream()
                .limit(MAX_TOLD)
                .map(change -> inWords(change.getKey(), (Map<?, ?>) change.getValue()))
                .collect(Collectors.joining(", "));
        int untold = changes.size() - MAX_TOLD;
        return untold > 0 ? told + " and " + untold + " more" : told;
    }

    private static String inWords(String path, Map<?, ?> change) {
        Object from = change.get("from");
        Object to = change.get("to");
        if (isLong(from) || isLong(to)) {
            return path + " changed";
        }
        if (from == null) {
            return path + " set to " + to;
        }
        return to == null ? path + " removed" : path + " " + from + " → " + to;
    }

    private static boolean isLong(@Nullable Object value) {
        return value instanceof Iterable<?>
                || value instanceof Map<?, ?>
                || String.valueOf(value).length() > 40;
    }

    private static void collect(String path, Map<?, ?> before, Map<?, ?> after, Map<String, Object> changes) {
        TreeSet<Object> names = new TreeSet<>(Comparator.comparing(String::valueOf));
        names.addAll(before.keySet());
        names.addAll(after.keySet());
        for (Object name : names) {
            Object from = before.get(name);
            Object to = after.get(name);
            String member = path.isEmpty() ? String.valueOf(name) : path + "." + name;
            if (from instanceof Map<?, ?> fromMembers && to instanceof Map<?, ?> toMembers) {
                collect(member, fromMembers, toMembers, changes);
            } else if (!Objects.equals(from, to)) {
                changes.put(member, change(from, to));
            }
        }
    }

    private static Map<String, Object> change(@Nullable Object from, @Nullable Object to) {
        Map<String, Object> change = new LinkedHashMap<>();
        if (from != null) {
            change.put("from", from);
        }
        if (to != null) {
            change.put("to", to);
        }
        return change;
    }
}
