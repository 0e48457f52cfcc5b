package dev.holdfast.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.access.TokenDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** The service where no store answers. */
@SpringBootTest(properties = "spring.datasource.hikari.connection-timeout=250")
@AutoConfigureMockMvc
@DirtiesContext
class WithoutStoreTest {

    @Autowired
    private MockMvcTester mvc;

    @DynamicPropertySource
    static void noStore(DynamicPropertyRegistry registry) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        registry.add("spring.datasource.url", () -> "jdbc:postgresql://127.0.0.1:" + port + "/holdfast");
        registry.add("holdfast.access.tokens[0].name", () -> "ada");
        registry.add("holdfast.access.tokens[0].sha256", () -> TokenDirectory.sha256("admin-token"));
        registry.add("holdfast.access.tokens[0].scopes", () -> "admin");
    }

    @Test
    void startsLivesAndIsNotReady() {
        assertThat(mvc.get().uri("/actuator/health/liveness")).hasStatus(200);
        assertThat(mvc.get().uri("/actuator/health/readiness")).hasStatus(503);
        assertThat(mvc.get().uri("/api/v1/regions").header("Authorization", "Bearer admin-token"))
                .hasStatus(503)
                .bodyJson()
                .extractingPath("$.code")
                .isEqualTo("store-unavailable");
    }
}
