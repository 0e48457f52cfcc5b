package dev.holdfast.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A document in {@code docs} that is made from a table, and the test that keeps both equal.
 *
 * @param name of the file
 * @param test compares, and writes the file when {@code -Dholdfast.docs.write=true} is set
 */
public record GeneratedDocument(String name, Class<?> test) {

    /** The command that writes the document anew. */
    public String regenerate() {
        return "./mvnw -pl failover-service -am test -Dtest=" + test.getSimpleName()
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.docs.write=true";
    }

    public void assertShows(String generated) throws IOException {
        Path document = Path.of("..", "docs", name);
        if (Boolean.getBoolean("holdfast.docs.write")) {
            Files.createDirectories(document.getParent());
            Files.writeString(document, generated);
        }
        assertThat(document)
                .as("docs/%s is generated from the table of edges; regenerate it with: %s", name, regenerate())
                .content()
                .isEqualTo(generated);
    }
}
