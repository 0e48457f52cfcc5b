package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.postgres.Divergence.Finding;
import dev.holdfast.agent.postgres.Divergence.Local;
import dev.holdfast.agent.postgres.Divergence.Upstream;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsAndFilesTest {

    private static final String HISTORY = """
            1\t0/3000100\tno recovery target specified

            2\t0/5000000\tno recovery target specified
            """;

    private static final long SEGMENT = 16 << 20;

    @TempDir
    private Path folder;

    @Test
    void readsWhereATimelineComesFrom() throws PostgresException {
        TimelineHistory history = TimelineHistory.parse(3, HISTORY);

        assertThat(history.leftAt(1)).contains(Lsn.parse("0/3000100"));
        assertThat(history.forkedAt()).contains(Lsn.parse("0/5000000"));
        assertThat(history.leftAt(7)).isEmpty();
        assertThat(TimelineHistory.fileName(0x1A)).isEqualTo("0000001A.history");
    }

    @Test
    void aLogThatEndsBeforeTheForkIsInLine() throws PostgresException {
        assertThat(compare(1, "0/3000100", false)).isEqualTo(Finding.IN_LINE);
        assertThat(compare(1, "0/3000101", false)).isEqualTo(Finding.DIVERGED);
        assertThat(compare(3, "0/6000000", false)).isEqualTo(Finding.IN_LINE);
        assertThat(compare(3, "0/6000001", false)).isEqualTo(Finding.DIVERGED);
        assertThat(compare(4, "0/1", false)).isEqualTo(Finding.DIVERGED);
    }

    @Test
    void aLastRecordThatBeginsAtTheForkIsBeyondIt() throws PostgresException {
        assertThat(compare(1, "0/3000100", true)).isEqualTo(Finding.DIVERGED);
        assertThat(compare(1, "0/30000FF", true)).isEqualTo(Finding.IN_LINE);
    }

    @Test
    void itsEntriesForClientsLeaveTheUsersAlone() {
        String users = "# mine\nlocal all all peer\nhost all all 10.0.0.0/8 scram-sha-256\n";

        String closed = HbaBlock.applied(users, "holdfast", List.of("samenet"), true);
        String open = HbaBlock.applied(closed, "holdfast", List.of("samenet"), false);

        assertThat(HbaBlock.isClosed(closed)).isTrue();
        assertThat(HbaBlock.isClosed(open)).isFalse();
        assertThat(open).endsWith(users).containsOnlyOnce("# BEGIN holdfast");
        assertThat(HbaBlock.isClosed("host all all all reject\n")).isFalse();
        assertThat(open.lines().filter(line -> !closed.contains(line))).isEmpty();
    }

    @Test
    void itsSettingsAreQuoted() {
        OwnedSettings settings = new OwnedSettings(
                "*",
                Map.of("unix_socket_directories", ""),
                Optional.of(new OwnedSettings.Receiving(
                        new Endpoint("db-1", 5432), new NodeId("db-2"), "holdfast", "it's \\ secret")),
                Optional.of(OwnedSettings.names(new Synchronous(1, Set.of(new NodeId("db-3"), new NodeId("db-1"))))));

        assertThat(settings.render())
                .contains("password=''it\\\\''s \\\\\\\\ secret''")
                .contains("synchronous_standby_names = 'ANY 1 (\"db-1\", \"db-3\")'")
                .contains("primary_slot_name = 'holdfast_db_2'")
                .contains("restart_after_crash = 'off'");
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void aChangeOfSynchronousSettingsGivesNoStandbyTheFirstPlaceOnItsWay() {
        Synchronous synchronous = new Synchronous(2, Set.of(new NodeId("db-3"), new NodeId("db-1")));

        assertThat(OwnedSettings.namesInOrder(synchronous))
                .isEqualTo("FIRST 2 (\"holdfast nobody\", \"db-1\", \"db-3\")");
        assertThat(OwnedSettings.names(new Synchronous(0, Set.of(new NodeId("db-1")))))
                .isEmpty();
    }

    @Test
    void theTimelineOfAPositionIsTheNewestThatWasReceivedThere() throws Exception {
        Path wal = Files.createDirectory(folder.resolve("pg_wal"));
        for (String segment :
                List.of("000000010000000000000003", "000000020000000000000003", "000000010000000000000004")) {
            Files.createFile(wal.resolve(segment));
        }
        LogDirectory log = new LogDirectory(folder);

        assertThat(log.timelineAt(Lsn.parse("0/3000100"), SEGMENT)).contains(2L);
        assertThat(log.timelineAt(Lsn.parse("0/4000000"), SEGMENT)).contains(2L);
        assertThat(log.timelineAt(Lsn.parse("0/4000001"), SEGMENT)).contains(1L);
        assertThat(log.timelineAt(Lsn.parse("0/6000000"), SEGMENT)).isEmpty();
        assertThat(log.forkedAt(1)).contains(Lsn.ZERO);
        assertThat(log.forkedAt(2)).isEmpty();
    }

    @Test
    void aRecordGoesOnBehindTheHeaderOfTheNextPage() {
        assertThat(LogDirectory.end(0x3000028, 114, 8192, SEGMENT)).isEqualTo(Lsn.parse("0/30000A0"));
        assertThat(LogDirectory.end(0x3001F88, 120, 8192, SEGMENT)).isEqualTo(Lsn.parse("0/3002000"));
        assertThat(LogDirectory.end(0x3001F90, 120, 8192, SEGMENT)).isEqualTo(Lsn.parse("0/3002020"));
        assertThat(LogDirectory.end(0x3FFFF90, 120, 8192, SEGMENT)).isEqualTo(Lsn.parse("0/4000030"));
    }

    @Test
    void theMarkOfACloneIsItsOwnNodes() throws PostgresException {
        DataDirectory data = new DataDirectory(folder, folder);
        NodeId node = new NodeId("db-2");

        data.markCloned(node, Optional.of(new OrderNumber(7, 12)));
        assertThat(data.clonedBy(node)).contains(new OrderNumber(7, 12));
        assertThat(data.clonedBy(new NodeId("db-3"))).isEmpty();
        data.markCloned(node, Optional.empty());
        assertThat(data.clonedBy(node)).isEmpty();
    }

    @Test
    void slotsOfLongNamesStayApart() {
        String stem = "a".repeat(60);

        assertThat(SlotName.of(new NodeId(stem + "-1"))).hasSizeLessThanOrEqualTo(63);
        assertThat(SlotName.of(new NodeId(stem + "-1"))).isNotEqualTo(SlotName.of(new NodeId(stem + "-2")));
    }

    @Test
    void keepsOldDataAndPutsThemBackAfterACrashBetweenTheTwoSteps() throws Exception {
        Replacement replacement = new Replacement(folder.resolve("data"));
        Files.createDirectory(folder.resolve("data"));
        Files.writeString(folder.resolve("data/PG_VERSION"), "old");
        Files.createDirectory(replacement.draft());
        Files.writeString(replacement.draft().resolve("PG_VERSION"), "new");

        Path kept = replacement
                .putDraftInPlace(Instant.parse("2026-01-01T12:00:00Z"))
                .orElseThrow();
        assertThat(folder.resolve("data/PG_VERSION")).hasContent("new");
        assertThat(kept.resolve("PG_VERSION")).hasContent("old");

        Files.move(folder.resolve("data"), replacement.draft());
        replacement.recover();
        assertThat(folder.resolve("data/PG_VERSION")).hasContent("old");

        replacement.putDraftInPlace(Instant.parse("2026-01-01T13:00:00Z"));
        replacement.deleteKeptLongerThan(Duration.ofHours(1), Instant.parse("2026-01-01T14:00:00Z"));
        assertThat(replacement.kept()).hasSize(1);
        replacement.deleteKeptLongerThan(Duration.ofHours(1), Instant.parse("2026-01-01T14:00:01Z"));
        assertThat(replacement.kept()).isEmpty();
    }

    private static Finding compare(long timeline, String end, boolean recordStart) throws PostgresException {
        return Divergence.compare(
                new Local(timeline, Lsn.parse(end), recordStart),
                new Upstream(TimelineHistory.parse(3, HISTORY), Lsn.parse("0/6000000")));
    }
}
