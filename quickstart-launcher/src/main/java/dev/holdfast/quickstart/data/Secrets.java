package dev.holdfast.quickstart.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tokens and passwords of one quickstart: made up once, then kept in a file that only its owner reads. */
public final class Secrets {

    /** Names of the tokens for people; each has the scope of its name. */
    public static final String ADMIN = "admin";

    public static final String OPERATE = "operate";
    public static final String READ = "read";

    /** Names of the other secrets. */
    public static final String RESTART_HOOK = "restart-hook";

    public static final String POSTGRES_SUPERUSER = "postgres-superuser";
    public static final String POSTGRES_HOLDFAST = "postgres-holdfast";

    /** The password of the agents' superuser in the sample database, which the ledger uses too. */
    public static final String DATABASE = "database";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final Supplier<String> random;
    private final Map<String, String> values;

    private Secrets(Path file, Supplier<String> random, Map<String, String> values) {
        this.file = file;
        this.random = random;
        this.values = values;
    }

    /**
     * Reads the secrets kept in the file, if there is one.
     *
     * @param random makes up a new secret of letters, digits, hyphens and underscores
     */
    public static Secrets open(Path file, Supplier<String> random) throws IOException {
        Map<String, String> values = Files.exists(file)
                ? JSON.readValue(Files.readString(file), new TypeReference<LinkedHashMap<String, String>>() {})
                : new LinkedHashMap<>();
        return new Secrets(file, random, values);
    }

    /** The secret of that name; the same one at every call and every start. */
    public synchronized String get(String name) throws IOException {
        if (!values.containsKey(name)) {
            values.put(name, random.get());
            OwnerOnlyFile.write(
                    file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(values) + System.lineSeparator());
        }
        return values.get(name);
    }

    /** SHA-256 in hexadecimal, as services are given tokens. */
    public String hash(String name) throws IOException {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(get(name).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
