package casella.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.testkit.EngineRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A manifest that lost its end, at whichever record, opens as a state that the engine once had and says so, or not at
/// all: never as an older set of files under newer logs. And what a kill leaves opens, for each opening makes a manifest.
class ManifestDamageTest {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final AccountId ANNA = new AccountId(7);
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path temporary;

    private long written;
    private int opened;
    private int refused;

    /// What is done to a manifest from the byte on at which a record begins.
    private enum Damage {
        CUT {
            @Override
            byte[] to(byte[] manifest, int at, Random random) {
                return Arrays.copyOf(manifest, at);
            }
        },
        GARBLED {
            @Override
            byte[] to(byte[] manifest, int at, Random random) {
                byte[] garbage = new byte[Math.min(manifest.length - at, 32)];
                random.nextBytes(garbage);
                byte[] damaged = manifest.clone();
                System.arraycopy(garbage, 0, damaged, at, garbage.length);
                return damaged;
            }
        },
        ZEROED {
            @Override
            byte[] to(byte[] manifest, int at, Random random) {
                byte[] damaged = manifest.clone();
                Arrays.fill(damaged, at, damaged.length, (byte) 0);
                return damaged;
            }
        };

        abstract byte[] to(byte[] manifest, int at, Random random);
    }

    @Test
    void aManifestThatLostItsEndNeverOpensWithAHole() throws IOException {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        Path live = Files.createDirectory(temporary.resolve("live"));
        List<String> holes = new ArrayList<>();
        for (int session = 0; session < 4; session++) {
            try (RocksEngine engine = RocksEngine.open(live, RocksEngineConfig.small())) {
                for (int part = 0; part < 3; part++) {
                    write(engine, 15);
                    opensWhole(live);
                    damageEach(live, "session " + session + " part " + part, random, holes);
                }
            }
            damageEach(live, "after session " + session, random, holes);
        }
        assertThat(holes).as("seed %d", seed).isEmpty();
        assertThat(opened).isPositive();
        assertThat(refused).isPositive();
    }

    /// Opens what a power cut would leave now.
    private void opensWhole(Path live) throws IOException {
        Path folder = temporary.resolve("cut-off");
        copy(live, folder);
        for (int time = 0; time < 2; time++) {
            try (RocksEngine engine = RocksEngine.open(folder, RocksEngineConfig.small())) {
                assertThat(engine.cut()).isFalse();
                assertThat(version(engine)).isEqualTo(written);
            }
        }
    }

    /// Opens what a power cut would leave now, with its manifest damaged at each of its records in turn.
    private void damageEach(Path live, String when, Random random, List<String> holes) throws IOException {
        Path pristine = temporary.resolve("pristine");
        copy(live, pristine);
        Path manifest = pristine.resolve(Files.readString(pristine.resolve("CURRENT")).strip());
        byte[] whole = Files.readAllBytes(manifest);
        for (int at : records(whole)) {
            for (Damage damage : Damage.values()) {
                Path folder = temporary.resolve("damaged");
                copy(pristine, folder);
                Files.write(folder.resolve(manifest.getFileName()), damage.to(whole, at, random));
                String what = when + ", " + damage + " at " + at + " of " + whole.length;
                open(folder).ifPresent(hole -> holes.add(what + ": " + hole));
            }
        }
    }

    /// Returns what is wrong with the view, if anything.
    private Optional<String> open(Path folder) {
        try (RocksEngine engine = RocksEngine.open(folder, RocksEngineConfig.small())) {
            opened++;
            long version = version(engine);
            for (long i = 1; i <= version; i++) {
                if (!has(engine, i)) return Optional.of("at version " + version + " without row " + i);
            }
            if (version < written && !engine.cut()) {
                return Optional.of("at version " + version + " of " + written + " without a word");
            }
        } catch (Fault.Corrupt told) {
            refused++;
        }
        return Optional.empty();
    }

    private static List<Integer> records(byte[] manifest) {
        var starts = new ArrayList<Integer>();
        ByteBuffer bytes = ByteBuffer.wrap(manifest).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + HEADER <= manifest.length; ) {
            int left = BLOCK - at % BLOCK;
            if (left < HEADER) {
                at += left;
                continue;
            }
            starts.add(at);
            at += HEADER + Short.toUnsignedInt(bytes.getShort(at + 4));
        }
        return starts;
    }

    private void write(RocksEngine engine, int versions) {
        for (int i = 0; i < versions; i++) {
            byte[] ballast = new byte[24 << 10];
            new Random(written).nextBytes(ballast);
            var batch = EngineRows.from(written, 1).put(key(written + 1), ballast).batch();
            assertThat(engine.write(ANNA, batch).await(Deadline.in(TIME))).isEqualTo(new Engine.Outcome.Written());
            written++;
        }
    }

    private static long version(RocksEngine engine) {
        return engine.read(ANNA, TIME, rows -> {
            byte[] head = rows.get(new Key.Head());
            return head == null ? 0 : HeadRow.of(head).version();
        });
    }

    private static boolean has(RocksEngine engine, long version) {
        return engine.read(ANNA, TIME, rows -> rows.get(key(version)) != null);
    }

    private static byte[] key(long number) {
        return ByteBuffer.allocate(9).put((byte) 0x11).putLong(number).array();
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            try (Stream<Path> old = Files.walk(to)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
