package dev.holdfast.agent.probe;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as PostgreSQL writes them: {@code 1048576}, {@code 16kB}, {@code 10MB}. */
final class LagLimit {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]{0,2})");

    private static final Map<String, Long> UNITS =
            Map.of("", 1L, "b", 1L, "kb", 1L << 10, "mb", 1L << 20, "gb", 1L << 30, "tb", 1L << 40);

    private LagLimit() {}

    /** In bytes; empty when it isn't a size. */
    static OptionalLong parse(String written) {
        Matcher matcher = SIZE.matcher(written.strip());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        Long unit = UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT));
        try {
            return unit == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
