package dev.holdfast.gateway.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TcpSettingsTest {

    private static TcpSettings bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("holdfast.gateway.tcp", TcpSettings.class);
    }

    @Test
    void listensOnAllAddressesByDefault() {
        assertThat(bound(Map.of()).address()).isEmpty();
    }

    @Test
    void takesAnAddress() {
        assertThat(bound(Map.of("holdfast.gateway.tcp.address", "127.0.0.1")).address())
                .isEqualTo("127.0.0.1");
    }
}
