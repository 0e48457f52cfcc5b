package dev.holdfast.quickstart.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    private Path folder;

    @Test
    void isLockedWhileItIsOpen() throws IOException {
        Path root = folder.resolve("some where");
        try (DataDirectory first = DataDirectory.open(root)) {
            assertThatThrownBy(() -> DataDirectory.open(root))
                    .isInstanceOf(DataDirectory.InUseException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining(first.root().toString())
                    .hasMessageContaining("--data-dir");
        }
        DataDirectory.open(root).close();
    }

    @Test
    void createsFoldersThatOnlyTheOwnerEnters() throws IOException {
        try (DataDirectory data = DataDirectory.open(folder.resolve("new"))) {
            assertThat(rights(data.root())).isEqualTo("rwx------");
            assertThat(rights(data.folder("inner"))).isEqualTo("rwx------");
        }
    }

    @Test
    void leavesTheRightsOfAnExistingFolderAlone() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        DataDirectory.open(folder).close();
        assertThat(rights(folder)).isEqualTo("rwxr-xr-x");
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
