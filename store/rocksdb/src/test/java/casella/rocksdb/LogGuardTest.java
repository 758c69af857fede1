package casella.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/// No damage to a log keeps RocksDB reading for ever, what the CRC proves is put right, and a sound log is not touched.
class LogGuardTest {
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;
    private static final int[] RECYCLED = {5, 6, 7, 8, 11, 131};

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path folder;

    @BeforeEach
    void fillDatabase() throws Exception {
        RocksDB.loadLibrary();
        folder = Files.createDirectory(temporary.resolve("db"));
        try (var options = new Options().setCreateIfMissing(true);
                var synced = new WriteOptions().setSync(true);
                RocksDB db = RocksDB.open(options, folder.toString())) {
            for (int i = 0; i < 100; i++) db.put(synced, key(i), new byte[600 + 40 * i]);
        }
    }

    @Test
    void aSoundLogIsNotTouched() throws IOException {
        byte[] before = Files.readAllBytes(log());

        LogGuard.mend("test", folder);

        assertThat(log()).hasBinaryContent(before);
        assertThat(Evidence.list(folder, "cut-", "")).isEmpty();
    }

    @Test
    void aTypeThatAFlipMadeOneOfARecycledLogIsPutBackAsTheCrcProves() throws Exception {
        byte[] sound = Files.readAllBytes(log());
        List<Integer> records = records(sound);
        for (int type : RECYCLED) {
            byte[] damaged = sound.clone();
            damaged[records.get(records.size() / 2) + 6] = (byte) type;
            damaged[records.getLast() + 6] = (byte) type;
            Files.write(log(), damaged);

            LogGuard.mend("test", folder);

            assertThat(log()).hasBinaryContent(sound);
        }
        Path kept = Evidence.list(folder, "cut-", "").getLast().resolve(log().getFileName());
        assertThat(Files.readAllBytes(kept)).isNotEqualTo(sound);
        assertThat(opened(WALRecoveryMode.AbsoluteConsistency)).isEqualTo(100);
    }

    @Test
    void aManifestIsMendedToo() throws Exception {
        Path manifest = Evidence.list(folder, "MANIFEST-", "").getLast();
        byte[] sound = Files.readAllBytes(manifest);
        byte[] damaged = sound.clone();
        damaged[6] = 5;
        Files.write(manifest, damaged);

        LogGuard.mend("test", folder);

        assertThat(manifest).hasBinaryContent(sound);
    }

    /// RocksDB takes what reaches beyond the end for the work of a writer that died, and forgets it and all behind it.
    @Test
    void noRecordOfAManifestReachesBeyondItsEnd() throws Exception {
        Path manifest = Evidence.list(folder, "MANIFEST-", "").getLast();
        byte[] sound = Files.readAllBytes(manifest);
        int beyond = 0;
        for (int record : records(sound)) {
            for (int bit = 0; bit < Short.SIZE; bit++) {
                byte[] damaged = sound.clone();
                damaged[record + 4 + bit / 8] ^= (byte) (1 << bit % 8);
                int length = Byte.toUnsignedInt(damaged[record + 4]) | Byte.toUnsignedInt(damaged[record + 5]) << 8;
                Files.write(manifest, damaged);

                LogGuard.mend("test", folder);

                if (record + HEADER + length <= sound.length) continue;
                beyond++;
                assertThat(manifest).hasBinaryContent(sound);
            }
        }
        assertThat(beyond).isPositive();
    }

    /// Of both a wrong type and a wrong length nothing proves what was there.
    @Test
    void openingEndsWhateverAManifestHolds() throws Exception {
        Path manifest = Evidence.list(folder, "MANIFEST-", "").getLast();
        byte[] sound = Files.readAllBytes(manifest);
        for (int record : records(sound)) {
            for (int type : RECYCLED) {
                byte[] damaged = sound.clone();
                damaged[record + 5] = 0x3E; // reaches beyond the end
                damaged[record + 6] = (byte) type;
                Files.write(manifest, damaged);

                LogGuard.mend("test", folder);

                int told = assertTimeoutPreemptively(
                        Duration.ofSeconds(20), () -> opened(WALRecoveryMode.AbsoluteConsistency));
                assertThat(told).isBetween(0, 100);
            }
        }
    }

    @Test
    void aRecordThatCannotBeProvenIsReadAsCorruption() throws Exception {
        byte[] damaged = Files.readAllBytes(log());
        int at = records(damaged).get(50);
        damaged[at + 6] = 5;
        damaged[at + HEADER + 20] ^= 1;
        Files.write(log(), damaged);

        LogGuard.mend("test", folder);

        assertThat(opened(WALRecoveryMode.PointInTimeRecovery)).isBetween(1, 50);
    }

    @Test
    void openingEndsWhateverTheLogHolds() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        byte[] sound = Files.readAllBytes(log());
        List<Integer> records = records(sound);
        for (int round = 0; round < 60; round++) {
            byte[] damaged = sound.clone();
            if (round % 3 == 0) {
                random.nextBytes(damaged);
                for (int at = 0; at < damaged.length - HEADER; at += BLOCK) damaged[at + 6] = type(random);
            } else {
                for (int i = 0; i <= round % 5; i++) {
                    damaged[records.get(random.nextInt(records.size())) + random.nextInt(HEADER)] =
                            type(random);
                }
            }
            Files.write(log(), damaged);

            LogGuard.mend("test", folder);

            var mode = round % 2 == 0 ? WALRecoveryMode.SkipAnyCorruptedRecords
                    : WALRecoveryMode.PointInTimeRecovery;
            int told = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> opened(mode), () -> "seed " + seed);
            assertThat(told).as("seed %d round %d", seed, round).isBetween(0, 100);
        }
    }

    private static byte type(Random random) {
        return (byte) RECYCLED[random.nextInt(RECYCLED.length)];
    }

    /// Opens a copy and returns how many keys it holds; 0 where it is refused.
    private int opened(WALRecoveryMode mode) throws Exception {
        Path copy = Files.createTempDirectory(temporary, "copy");
        for (Path file : Evidence.list(folder, "", "")) {
            if (Files.isRegularFile(file)) Files.copy(file, copy.resolve(file.getFileName()));
        }
        try (var options = new Options().setWalRecoveryMode(mode);
                RocksDB db = RocksDB.open(options, copy.toString())) {
            int found = 0;
            for (int i = 0; i < 100; i++) if (db.get(key(i)) != null) found++;
            return found;
        } catch (RocksDBException refused) {
            return 0;
        }
    }

    private Path log() throws IOException {
        return Evidence.list(folder, "", ".log").getLast();
    }

    private static byte[] key(int number) {
        return ("key" + number).getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Integer> records(byte[] log) {
        ByteBuffer in = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN);
        var found = new ArrayList<Integer>();
        int at = 0;
        while (at + HEADER <= log.length) {
            int left = BLOCK - at % BLOCK;
            if (left < HEADER) {
                at += left;
                continue;
            }
            found.add(at);
            at += HEADER + Short.toUnsignedInt(in.getShort(at + 4));
        }
        return found;
    }
}
