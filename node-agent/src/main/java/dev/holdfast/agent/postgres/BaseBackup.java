package dev.holdfast.agent.postgres;

import dev.holdfast.agent.disk.DurableFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of a running server by the low-level backup API, for where {@code pg_basebackup} isn't installed: files are read
 * over SQL while the server writes on, and made whole by replaying the log from the backup's start. That log isn't copied:
 * the standby's slot keeps it on the upstream, from which it streams. Nothing is synced here either; a server that starts
 * on data that weren't shut down syncs all of them first.
 */
final class BaseBackup {

    private static final int CHUNK = 4 * 1024 * 1024;

    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final int FIRST_VERSION_OF_BACKUP_START = 150_000;

    private static final String CONTROL = "global/pg_control";

    /** Folders that a standby makes anew have to be there, empty. */
    private static final String LIST = """
            WITH RECURSIVE tree(path, isdir) AS (
                SELECT name, (pg_stat_file(name, true)).isdir FROM pg_ls_dir('.', true, false) AS name
                UNION ALL
                SELECT tree.path || '/' || name, (pg_stat_file(tree.path || '/' || name, true)).isdir
                FROM tree, LATERAL pg_ls_dir(tree.path, true, false) AS name
                WHERE tree.isdir AND tree.path NOT IN ('pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial',
                    'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans', 'pg_tblspc')
            )
            SELECT path, isdir FROM tree WHERE isdir IS NOT NULL
                AND path NOT IN ('postmaster.pid', 'postmaster.opts', 'backup_label', 'backup_label.old', 'tablespace_map',
                    'backup_manifest', 'standby.signal', 'recovery.signal', 'current_logfiles',
                    'holdfast.cloned-by')
                AND path !~ '(^|/)(pgsql_tmp[^/]*|pg_internal\\.init[^/]*|[^/]+\\.new)(/|$)'
            ORDER BY path""";

    private final Connection connection;
    private final Path target;

    private BaseBackup(Connection connection, Path target) {
        this.connection = connection;
        this.target = target;
    }

    /** Copies the server to the folder, which doesn't exist. Without success the folder is of no use. */
    static void copy(Server upstream, Duration callLimit, Path target) throws PostgresException, InterruptedException {
        try (Connection connection = upstream.connect(callLimit)) {
            Files.createDirectory(target, FOLDER);
            new BaseBackup(connection, target).copy();
        } catch (SQLException | IOException e) {
            throw new PostgresException("the data can't be copied: " + e.getMessage(), e);
        }
    }

    /** Copies of servers with tablespaces would need places for them, and can't share those of the original. */
    static void refuseTablespaces(Server upstream, Duration callLimit) throws PostgresException {
        if (upstream.ask(callLimit, "SELECT 1 FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')")
                .isPresent()) {
            throw new PostgresException(
                    "the upstream has tablespaces, and the agent can't clone servers with them; clone"
                            + " it by hand with pg_basebackup --tablespace-mapping, and let the agent adopt the copy");
        }
    }

    private void copy() throws SQLException, IOException, InterruptedException {
        boolean current = connection.getMetaData().getDatabaseMajorVersion() >= FIRST_VERSION_OF_BACKUP_START / 10_000;
        // The first checkpoint is made at once: who waits for this copy has lost a standby.
        run(current ? "SELECT pg_backup_start('holdfast', true)" : "SELECT pg_start_backup('holdfast', true, false)");
        for (Entry entry : list()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the copy was called off");
            }
            if (entry.isFolder()) {
                Path folder = place(entry.path());
                Files.createDirectory(folder, FOLDER);
                DurableFile.giveToOwnerOf(target, folder);
            } else if (!entry.path().equals(CONTROL)) {
                copyFile(entry.path());
            }
        }
        copyFile(CONTROL); // Last: it must not be older than any page that was copied.
        Path archiveStatus = place("pg_wal/archive_status");
        Files.createDirectory(archiveStatus, FOLDER);
        DurableFile.giveToOwnerOf(target, archiveStatus);
        // Whether the log has been archived is no concern of a copy that streams it.
        writeFile(
                "backup_label",
                current
                        ? "SELECT labelfile FROM pg_backup_stop(false)"
                        : "SELECT labelfile FROM pg_stop_backup(false, false)");
    }

    private record Entry(String path, boolean isFolder) {}

    private List<Entry> list() throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LIST)) {
            while (rows.next()) {
                entries.add(new Entry(rows.getString("path"), rows.getBoolean("isdir")));
            }
        }
        return entries;
    }

    /** Reads on until the end as it is then; a file that is gone meanwhile was dropped, and replay knows of that. */
    private void copyFile(String path) throws SQLException, IOException {
        Path file = place(path);
        try (PreparedStatement read = connection.prepareStatement("SELECT pg_read_binary_file(?, ?, ?, true)")) {
            Files.createFile(file, FILE);
            try (OutputStream out = Files.newOutputStream(file)) {
                long offset = 0;
                int length = CHUNK;
                while (length == CHUNK) {
                    byte[] chunk = chunk(read, path, offset);
                    out.write(chunk);
                    length = chunk.length;
                    offset += length;
                }
            }
        }
        DurableFile.giveToOwnerOf(target, file);
    }

    private static byte[] chunk(PreparedStatement read, String path, long offset) throws SQLException {
        read.setString(1, path);
        read.setLong(2, offset);
        read.setLong(3, CHUNK);
        try (ResultSet row = read.executeQuery()) {
            byte[] content = row.next() ? row.getBytes(1) : null;
            return content == null ? new byte[0] : content;
        }
    }

    private void writeFile(String path, String query) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            Path file = place(path);
            Files.createFile(file, FILE);
            Files.write(file, String.valueOf(row.getString(1)).getBytes(StandardCharsets.UTF_8));
            DurableFile.giveToOwnerOf(target, file);
        }
    }

    private void run(String query) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(query);
        }
    }

    private Path place(String path) throws IOException {
        Path place = target.resolve(path).normalize();
        if (!place.startsWith(target)) {
            throw new IOException("the upstream names a file outside its data directory: " + path);
        }
        return place;
    }
}
