package dev.holdfast.model.topology;

import java.util.regex.Pattern;

/** The form of every id: a DNS label as in RFC 1123, lower case. */
public final class DnsLabel {

    /** Regular expression of a valid id, for schemas and messages. */
    public static final String PATTERN = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    private static final Pattern COMPILED = Pattern.compile(PATTERN);

    private DnsLabel() {}

    /** Returns {@code value}, or throws an {@link IllegalArgumentException} that says what {@code what} must look like. */
    public static String require(String what, String value) {
        if (value == null || !COMPILED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a " + what + " is 1 to 63 lower-case letters, digits and inner hyphens, such as \"shop-1\"");
        }
        return value;
    }
}
