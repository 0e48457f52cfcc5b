package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.quickstart.port.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users see before anything starts. */
class QuickstartScriptIT {

    @TempDir
    private Path folder;

    @Test
    void helpsWithoutAJdk() throws Exception {
        Answer answer = run(RunningQuickstart.command("--help"), "PATH", "/usr/bin:/bin");
        assertThat(answer.exitCode()).isZero();
        assertThat(answer.text()).contains("--port-offset N", "--data-dir DIR", "--help");
    }

    @Test
    void namesAnArgumentThatIsWrong() throws Exception {
        assertThat(run(RunningQuickstart.command("--port-offset", "many")).text())
                .contains("--port-offset takes a number from 0 to 55635, not \"many\"");
        assertThat(run(RunningQuickstart.command("--fast")).text()).contains("no option \"--fast\"");
        assertThat(run(RunningQuickstart.command("--fast")).exitCode()).isEqualTo(2);
    }

    @Test
    void saysWhereItLookedForAJdkAndWhatToInstall() throws Exception {
        Path copy = folder.resolve("a copy with blanks");
        Files.createDirectories(copy.resolve(".mvn"));
        Files.copy(RunningQuickstart.home().resolve("quickstart"), copy.resolve("quickstart"));
        Files.setPosixFilePermissions(copy.resolve("quickstart"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(copy.resolve(".mvn/jdk.sh"), "holdfast_find_jdk() { return 1; }\n");
        Answer answer = run(new ProcessBuilder(copy.resolve("quickstart").toString()), "JAVA_HOME", "/nowhere");
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.text()).contains("no JDK 25 or newer", "JAVA_HOME (/nowhere)", "https://adoptium.net");
    }

    @Test
    void namesABusyPortItsHolderAndAWayOut() throws Exception {
        Ports ports = RunningQuickstart.freePorts();
        try (ServerSocket holder = new ServerSocket(ports.region(), 1, InetAddress.getLoopbackAddress())) {
            Answer answer = run(RunningQuickstart.command(
                    "--no-build", "--data-dir", folder.resolve("data").toString(), "--port-offset=" + ports.offset()));
            assertThat(answer.exitCode()).isEqualTo(1);
            assertThat(answer.text())
                    .contains(
                            "port " + holder.getLocalPort() + " for region-service is busy",
                            "process " + ProcessHandle.current().pid(),
                            "--port-offset");
        }
    }

    private static Answer run(ProcessBuilder builder, String... environment) throws IOException, InterruptedException {
        for (int index = 0; index < environment.length; index += 2) {
            builder.environment().put(environment[index], environment[index + 1]);
        }
        Process process = builder.redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Answer(process.exitValue(), text);
    }

    private record Answer(int exitCode, String text) {}
}
