package dev.holdfast.agent.postgres;

import dev.holdfast.model.topology.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** New copies of the data, made beside the old, which are only read. */
final class StandbyCopies {

    private final EngineSettings settings;
    private final Programs programs;
    private final Replacement replacement;

    StandbyCopies(EngineSettings settings, Programs programs, Replacement replacement) {
        this.settings = settings;
        this.programs = programs;
        this.replacement = replacement;
    }

    /** Copies the upstream to the draft. The slot of this node is there, and keeps the log from now on. */
    void clone(Endpoint upstream, Server source) throws PostgresException, InterruptedException {
        replacement.discardDraft();
        BaseBackup.refuseTablespaces(source, settings.limits().call());
        if (!programs.has("pg_basebackup")) {
            BaseBackup.copy(source, settings.limits().copy(), replacement.draft());
            return;
        }
        makeDraftForServer();
        programs.run(
                "pg_basebackup",
                List.of(
                        "-D",
                        replacement.draft().toString(),
                        "-d",
                        connection(upstream),
                        "-X",
                        "stream",
                        "-S",
                        SlotName.of(settings.node()),
                        "-c",
                        "fast",
                        "--no-password"),
                password(),
                settings.limits().copy());
    }

    /**
     * Copies the stopped server's own data to the draft, and rewinds that. Returns why it couldn't be done; empty when it was.
     */
    Optional<String> rewind(Endpoint upstream, Server source) throws PostgresException, InterruptedException {
        if (!programs.has("pg_rewind")) {
            return Optional.of("pg_rewind isn't installed");
        }
        replacement.discardDraft();
        try {
            // Before version 16 pg_rewind believes the last checkpoint about which timeline the upstream is on.
            source.execute(settings.limits().start(), "CHECKPOINT");
            makeDraftForServer();
            programs.runPlain(
                    List.of(
                            "cp",
                            "-a",
                            "--reflink=auto",
                            settings.data() + "/.",
                            replacement.draft().toString()),
                    settings.limits().copy());
            // pg_rewind ends a recovery that is due by a server of one session, which can't be a standby.
            new DataDirectory(replacement.draft(), replacement.draft()).removeStandbySignal();
            programs.run(
                    "pg_rewind",
                    List.of("--target-pgdata=" + replacement.draft(), "--source-server=" + connection(upstream)),
                    password(),
                    settings.limits().copy());
            return Optional.empty();
        } catch (PostgresException e) {
            return Optional.of("it couldn't be rewound: " + e.getMessage());
        }
    }

    private void makeDraftForServer() throws PostgresException {
        Path draft = replacement.draft();
        try {
            Files.createDirectory(
                    draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path model = Files.exists(settings.data()) ? settings.data() : draft.getParent();
            Files.setOwner(draft, Files.getOwner(model));
        } catch (IOException e) {
            throw new PostgresException("the folder " + draft + " can't be made: " + e.getMessage(), e);
        }
    }

    private String connection(Endpoint upstream) {
        return "host=" + LibpqText.quoted(upstream.host()) + " port=" + upstream.port() + " user="
                + LibpqText.quoted(settings.access().username()) + " dbname=postgres"
                + " connect_timeout=5 application_name=" + Server.APPLICATION;
    }

    /** Other users of a machine can read command lines, and not environments. */
    private Map<String, String> password() {
        return Map.of("PGPASSWORD", settings.access().password());
    }
}
