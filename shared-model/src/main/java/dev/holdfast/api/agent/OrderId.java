package dev.holdfast.api.agent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Names an order. Whoever repeats an order gives it the same name, and is answered alike. */
public record OrderId(@JsonValue String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");

    @JsonCreator
    public OrderId {
        if (value == null || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "an order id is 1 to 100 letters, digits and . _ : - and begins with a letter or digit");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
