package dev.holdfast.quickstart.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.quickstart.port.Ports.WantedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void addsTheOffsetToEveryPort() {
        assertThat(new Ports(0).all().stream().map(WantedPort::port))
                .containsExactlyInAnyOrder(
                        8080, 8081, 8082, 8083, 8084, 9000, 9101, 9201, 9202, 9203, 9301, 9401, 9402, 9403, 9432, 9441,
                        9442, 9443, 9450, 9451, 9900);
        assertThat(new Ports(1000).all().stream().map(WantedPort::port))
                .containsExactlyInAnyOrder(
                        9080, 9081, 9082, 9083, 9084, 10000, 10101, 10201, 10202, 10203, 10301, 10401, 10402, 10403,
                        10432, 10441, 10442, 10443, 10450, 10451, 10900);
    }

    @Test
    void takesNoOffsetThatLeavesTheRangeOfPorts() {
        assertThat(new Ports(Ports.MAX_OFFSET).restartHook()).isEqualTo(65_535);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Ports(Ports.MAX_OFFSET + 1))
                .withMessageContaining("55635");
        assertThatIllegalArgumentException().isThrownBy(() -> new Ports(-1));
    }

    @Test
    void namesABusyPortAndWhatItIsWantedFor() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ports ports = new Ports(holder.getLocalPort() - new Ports(0).postgres());
            assertThat(PortCheck.findBusy(ports))
                    .get()
                    .asString()
                    .contains("port " + holder.getLocalPort() + " for PostgreSQL is busy", "--port-offset");
        }
    }
}
