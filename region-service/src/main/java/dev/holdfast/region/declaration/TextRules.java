package dev.holdfast.region.declaration;

import java.util.Map;

/** What free text may hold: anything a person can see, and nothing that can fool a terminal, a page or a log. */
public final class TextRules {

    private static final int MAX_QUOTED_KEY = 63;

    private TextRules() {}

    static void checkLabels(String field, Map<String, String> labels, Violations violations) {
        labels.forEach((key, value) -> {
            String path = field + "[" + quoted(key) + "]";
            if (key.isBlank()) {
                violations.add(path, "a label needs a name");
            }
            check(path, key, violations);
            check(path, value, violations);
        });
    }

    /** Adds a violation when {@code text} holds something invisible. Absent text is fine. */
    public static void check(String field, String text, Violations violations) {
        if (text != null && !text.codePoints().allMatch(TextRules::isVisible)) {
            violations.add(
                    field, "must not hold control characters, unpaired surrogates or characters that reverse text");
        }
    }

    /** The key as it can stand in a field's path. */
    public static String quoted(String key) {
        StringBuilder safe = new StringBuilder();
        key.codePoints()
                .limit(MAX_QUOTED_KEY)
                .forEach(character -> safe.appendCodePoint(isVisible(character) ? character : '\uFFFD'));
        return safe.toString();
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> !isDirectional(character);
        };
    }

    /** The embeddings, overrides and isolates of the bidirectional algorithm. */
    private static boolean isDirectional(int character) {
        return (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
    }
}
