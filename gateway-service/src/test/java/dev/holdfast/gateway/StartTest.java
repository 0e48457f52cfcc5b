package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {

    @Test
    void refusesOnePortForBothPlanesAndNamesTheSettings(@TempDir Path folder) {
        assertThatThrownBy(() -> TestGateway.start(folder, "--server.port=8080"))
                .hasMessageContaining("server.port")
                .hasMessageContaining("holdfast.gateway.data-port")
                .hasMessageContaining("holdfast.gateway.control-port");
    }
}
