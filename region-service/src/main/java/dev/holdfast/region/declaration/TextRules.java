package dev.holdfast.region.declaration;

import dev.holdfast.api.VisibleText;
import java.util.Map;

/** Which fields of a declaration hold free text, which has to be visible. */
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
        if (text != null && !VisibleText.isVisible(text)) {
            violations.add(field, VisibleText.MESSAGE);
        }
    }

    /** The key as it can stand in a field's path. */
    public static String quoted(String key) {
        return VisibleText.quoted(key, MAX_QUOTED_KEY);
    }
}
