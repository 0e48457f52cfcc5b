package dev.holdfast.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/?q=a|b /?q=a%7Cb",
                "/{id}?q={x}^2 /%7Bid%7D?q=%7Bx%7D%5E2",
                "/?discount=100%&x=%zz /?discount=100%25&x=%25zz",
                "/?q=100%2 /?q=100%252",
                "/a[1]?b[]=1 /a%5B1%5D?b[]=1",
                "/#x /%23x",
                "http://[::1]:8080/x http://[::1]:8080/x",
                "* *"
            })
    void encodesWhatNoUriMayHold(String received, String encoded) {
        assertThat(RequestTarget.encoded(received)).isEqualTo(encoded);
    }

    @Test
    void encodesEachByteAbove127() {
        assertThat(RequestTarget.encoded("/\u00c3\u00bc\u0000")).isEqualTo("/%C3%BC%00");
    }

    @Test
    void leavesAUriAsItIs() {
        String uri = "/a%2Fb/%C3%BC;v=1/~x?q=%20x&r=a+b/?:@!$'()*,[]";
        assertThat(RequestTarget.encoded(uri)).isSameAs(uri);
    }

    @Property(tries = 2000)
    void makesAUriOfWhateverComes(@ForAll @CharRange(from = '\u0000', to = '\u00ff') String received) {
        String encoded = RequestTarget.encoded("/" + received);
        assertThatCode(() -> new URI("http://host" + encoded)).doesNotThrowAnyException();
        assertThat(RequestTarget.encoded(encoded)).isEqualTo(encoded);
    }
}
