package dev.holdfast.quickstart.service;

import java.nio.file.Path;
import java.util.List;

/** How the quickstart runs Java processes: with the Java it runs on itself, small and quick to start. */
public final class Jvm {

    /** One collector thread and no waiting for a profile: a dozen of these share one small machine. */
    public static final List<String> COMMON_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private Jvm() {}

    /** The {@code java} program. */
    public static String program() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
