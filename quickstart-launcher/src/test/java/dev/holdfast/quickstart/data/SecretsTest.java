package dev.holdfast.quickstart.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    private Path folder;

    private final AtomicInteger made = new AtomicInteger();

    @Test
    void keepsWhatItHasMadeUp() throws IOException {
        String admin = open().get(Secrets.ADMIN);
        String read = open().get(Secrets.READ);
        assertThat(open().get(Secrets.ADMIN)).isEqualTo(admin).isNotEqualTo(read);
        assertThat(made).hasValue(2);
    }

    @Test
    void letsOnlyTheOwnerReadTheFile() throws IOException {
        open().get(Secrets.ADMIN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("secrets.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void hashesAsServicesExpectIt() throws IOException {
        Secrets secrets = Secrets.open(folder.resolve("secrets.json"), () -> "abc");
        assertThat(secrets.hash(Secrets.ADMIN))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    private Secrets open() throws IOException {
        return Secrets.open(folder.resolve("secrets.json"), () -> "secret-" + made.incrementAndGet());
    }
}
