package dev.holdfast.api;

import java.util.regex.Pattern;

/** What free text may hold: anything a person can see, and nothing that can fool a terminal, a page or a log. */
public final class VisibleText {

    /** Control characters, unpaired surrogates, and the embeddings, overrides and isolates of the bidirectional algorithm. */
    private static final String INVISIBLE = "\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}";

    /** Matches a line of visible text, also an empty one. */
    public static final String PATTERN = "[^" + INVISIBLE + "]*";

    /** What is wrong with text that doesn't match. */
    public static final String MESSAGE =
            "must not hold control characters, unpaired surrogates or characters that reverse text";

    private static final Pattern VISIBLE = Pattern.compile(PATTERN);

    private static final Pattern ONE_INVISIBLE = Pattern.compile("[" + INVISIBLE + "]");

    private VisibleText() {}

    public static boolean isVisible(String text) {
        return VISIBLE.matcher(text).matches();
    }

    /** At most {@code limit} characters of the text, with a sign in the place of each one that is not visible. */
    public static String quoted(String text, int limit) {
        String beginning =
                text.substring(0, text.offsetByCodePoints(0, Math.min(limit, text.codePointCount(0, text.length()))));
        return ONE_INVISIBLE.matcher(beginning).replaceAll("\uFFFD");
    }
}
