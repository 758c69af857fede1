package casella.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.testkit.EngineRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// Damaged files are reported or survived: an answered row is there, or opening or reading says that something is wrong;
/// never a wrong value, never an empty engine, never the end of the process.
class EngineDamageTest {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final AccountId ANNA = new AccountId(7);
    private static final byte[] GARBAGE_KEY = key(0);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("engine"));
    }

    @Test
    void aSuspectEngineThatTheDiskDoesNotGiveIsDamagedAndNotAReasonToStopTheStart() throws IOException {
        try (RocksEngine engine = open()) {
            write(engine, 0, 50);
        }
        Files.writeString(folder.resolve("SUSPECT"), "a row was read that was not what was written\n");

        assertThatThrownBy(() -> Database.open(folder, RocksEngineConfig.standard(), () -> {}, _ -> {
            throw new RocksDBException(new Status(Status.Code.IOError, Status.SubCode.None, "Input/output error"));
        }))
                .isInstanceOf(Fault.Corrupt.class) // what has the server set it aside and begin a new one
                .hasMessageContaining("cannot be read through");

        assertThat(folder.resolve("SUSPECT")).exists();
        try (RocksEngine engine = open()) {
            assertThat(versionOfAWholePrefix(engine)).isEqualTo(50);
        }
        assertThat(folder.resolve("SUSPECT")).doesNotExist();
    }

    @Test
    void aCleanStopOpensWithoutACut() {
        try (RocksEngine engine = open()) {
            write(engine, 0, 50);
        }

        try (RocksEngine engine = open()) {
            assertThat(engine.cut()).isFalse();
            assertThat(versionOfAWholePrefix(engine)).isEqualTo(50);
            engine.verify(TIME);
        }
    }

    @Test
    void aFlippedBitInTheLogIsToldAndWhatRemainsIsAWholePrefix() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        try (RocksEngine engine = open()) {
            write(engine, 0, 300);
        }
        byte[] whole = Files.readAllBytes(newest(".log"));
        Path pristine = Files.createDirectory(temporary.resolve("pristine"));
        copy(folder, pristine);

        for (int round = 0; round < 12; round++) {
            copy(pristine, empty(folder));
            byte[] damaged = whole.clone();
            int bit = random.nextInt(whole.length * 8);
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(newest(".log"), damaged);
            try (RocksEngine engine = open()) {
                long version = versionOfAWholePrefix(engine);
                // Either the log is cut there, or the flip was one that a CRC proves and that is put right.
                assertThat(engine.cut()).as("seed %d round %d", seed, round).isEqualTo(version < 300);
                assertThat(named("cut-")).as("seed %d round %d", seed, round).isNotEmpty();
                write(engine, version, version + 3);
            }
        }
    }

    @Test
    void aLogTornAtItsEndOpensAtItsLastWholeRecord() throws IOException {
        try (RocksEngine engine = open()) {
            write(engine, 0, 20);
        }
        Path log = newest(".log");
        truncate(log, Files.size(log) - 5);

        try (RocksEngine engine = open()) {
            assertThat(engine.cut()).isTrue();
            assertThat(versionOfAWholePrefix(engine)).isEqualTo(19);
        }
    }

    @Test
    void evidenceOfCutsIsKeptAndBounded() throws IOException {
        for (int round = 0; round < 5; round++) {
            try (RocksEngine engine = open()) {
                long version = versionOfAWholePrefix(engine);
                write(engine, version, version + 3);
            }
            Path log = newest(".log");
            truncate(log, Files.size(log) - 1);
            open().close();
        }

        assertThat(named("cut-")).hasSizeBetween(1, 3);
        assertThat(named("cut-").getLast()).isNotEmptyDirectory();
    }

    @Test
    void damagedFilesAreRefusedOrReadRightNeverEmpty() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        fill();
        assertThat(named(".sst")).isNotEmpty();
        Path pristine = Files.createDirectory(temporary.resolve("pristine"));
        copy(folder, pristine);
        for (String kind : List.of("MANIFEST", "CURRENT", ".sst", ".log")) {
            for (int round = 0; round < 4; round++) {
                copy(pristine, empty(folder));
                Path file = newest(kind);
                // A missing newest log leaves a whole prefix, which only the comparison with the tail can tell.
                if (round == 0 && kind.equals(".log")) continue;
                if (round == 0) Files.delete(file);
                else if (round == 1) truncate(file, Files.size(file) / 2);
                else if (round == 2) garbage(file, random);
                else flip(file, random);
                assertRefusedOrRight(kind + " round " + round + " seed " + seed);
            }
        }
    }

    private void assertRefusedOrRight(String what) {
        try (RocksEngine engine = open()) {
            long version = version(engine);
            for (long i = 1; i <= version; i++) assertThat(value(engine, i)).as(what).isEqualTo(expected(i));
            assertThat(version).as(what).satisfiesAnyOf(
                    v -> assertThat(v).isEqualTo(60), v -> assertThat(engine.cut()).isTrue());
        } catch (Fault.Corrupt told) {
            assertThat(told.getMessage()).as(what).isNotEmpty();
        }
    }

    @Test
    void filesDamagedWhileOpenAreNeverReadWrong() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        fill();
        open().close(); // what recovery writes would still be in the block cache
        try (RocksEngine engine = open()) {
            for (Path file : named(".sst")) garbage(file, random);
            for (Path file : named(".log")) truncate(file, 1);
            int told = 0;
            for (long i = 1; i <= 60; i++) {
                try {
                    assertThat(value(engine, i)).as("seed %d", seed).isEqualTo(expected(i));
                } catch (Fault.Corrupt | Fault.Unavailable e) {
                    told++;
                }
            }
            assertThat(told).as("seed %d", seed).isPositive();
        }
    }

    @Test
    void aFolderWithoutItsCurrentFileIsDamagedNotNew() throws IOException {
        try (RocksEngine engine = open()) {
            write(engine, 0, 3);
        }
        for (Path file : named("CURRENT")) Files.delete(file);

        assertThatThrownBy(this::open).isInstanceOf(Fault.Corrupt.class);
        assertThatThrownBy(this::open).isInstanceOf(Fault.Corrupt.class);
    }

    @Test
    void anEngineInUseElsewhereIsUnavailable() {
        try (RocksEngine engine = open()) {
            assertThatThrownBy(this::open).isInstanceOf(Fault.Unavailable.class);
            write(engine, 0, 1);
        }
    }

    @Test
    void anAccountWithADamagedHeadFailsAloneAmongThoseOfOneWrite() throws Exception {
        try (var database = Database.open(folder, RocksEngineConfig.small(), () -> {})) {
            database.db().put(database.rows(), RocksRows.stored(ANNA, new Key.Head().bytes()),
                    new byte[] {9, 9});
        }
        var bruno = new AccountId(8);

        try (RocksEngine engine = open()) {
            var first = engine.write(ANNA, EngineRows.from(0, 1).batch());
            var second = engine.write(bruno, EngineRows.from(0, 1).batch());
            assertThatThrownBy(() -> first.await(Deadline.in(TIME))).isInstanceOf(Fault.Corrupt.class);
            assertThat(second.await(Deadline.in(TIME))).isEqualTo(new Engine.Outcome.Written());
        }
    }

    private RocksEngine open() {
        return RocksEngine.open(folder, RocksEngineConfig.small());
    }

    /// Writes versions `from` + 1 to `until`, one row each.
    private static void write(RocksEngine engine, long from, long until) {
        for (long version = from; version < until; version++) {
            var batch = EngineRows.from(version, 1).put(key(version + 1), expected(version + 1)).batch();
            assertThat(engine.write(ANNA, batch).await(Deadline.in(TIME)))
                    .isEqualTo(new Engine.Outcome.Written());
        }
    }

    /// Writes 60 versions: 40 that opening again brings to a sorted file, 20 that stay in the log. Too few for a
    /// compaction that would replace the file.
    private void fill() {
        try (RocksEngine engine = open()) {
            fill(engine, 0, 40);
        }
        try (RocksEngine engine = open()) {
            fill(engine, 40, 60);
        }
    }

    private static void fill(RocksEngine engine, long from, long until) {
        for (long version = from; version < until; version++) {
            byte[] ballast = new byte[24 << 10];
            new Random(version).nextBytes(ballast);
            var batch = EngineRows.from(version, 1)
                    .put(key(version + 1), expected(version + 1))
                    .put(key(1_000_000 + version), ballast)
                    .batch();
            assertThat(engine.write(ANNA, batch).await(Deadline.in(TIME)))
                    .isEqualTo(new Engine.Outcome.Written());
        }
    }

    private static byte[] expected(long version) {
        byte[] value = new byte[100];
        new Random(version).nextBytes(value);
        return value;
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(9).put((byte) 0x11).putLong(number).array();
    }

    private static long version(RocksEngine engine) {
        return engine.read(ANNA, TIME, rows -> {
            byte[] head = rows.get(new Key.Head());
            return head == null ? 0 : HeadRow.of(head).version();
        });
    }

    private static byte[] value(RocksEngine engine, long version) {
        return engine.read(ANNA, TIME, rows -> Optional.ofNullable(rows.get(key(version))))
                .orElse(GARBAGE_KEY);
    }

    private static long versionOfAWholePrefix(RocksEngine engine) {
        long version = version(engine);
        for (long i = 1; i <= version; i++) assertThat(value(engine, i)).isEqualTo(expected(i));
        assertThat(value(engine, version + 1)).isEqualTo(GARBAGE_KEY);
        return version;
    }

    private List<Path> named(String part) throws IOException {
        Predicate<Path> named = file -> file.getFileName().toString().contains(part);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(named).sorted().toList();
        }
    }

    private Path newest(String part) throws IOException {
        return named(part).getLast();
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    /// Overwrites in place: the same file, the same length, other bytes.
    private static void garbage(Path file, Random random) throws IOException {
        byte[] bytes = new byte[(int) Files.size(file)];
        random.nextBytes(bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes));
        }
    }

    private static void flip(Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int bit = random.nextInt(bytes.length * 8);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(file, bytes);
    }

    private static Path empty(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) Files.delete(file);
            }
        }
        return folder;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
