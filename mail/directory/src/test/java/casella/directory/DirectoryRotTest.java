package casella.directory;

import static casella.directory.Sample.logIn;
import static org.assertj.core.api.Assertions.assertThat;

import casella.directory.Authenticator.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves promise 2 and 3 over the directory's files: with bits turned over in its database, its newest snapshot, or both,
/// the directory opens and log-in goes on with the right passwords; and never, whatever is hit, with a wrong one.
final class DirectoryRotTest {
    private static final boolean LONG = "long".equals(System.getProperty("casella.tier"));
    private static final int FLIPS = LONG ? 1_000 : 200;
    private static final int FLIPS_MAX = 6;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path temp;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private int flips;

    private Path sample() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("sample"));
        SqliteDirectory directory = Sample.filled(folder);
        directory.snapshot();
        directory.close();
        assertThat(folder.resolve("directory.snapshot.previous")).exists();
        assertThat(folder.resolve("directory.seal")).exists();
        return folder;
    }

    private Path copy(Path sample) throws IOException {
        Path folder = Files.createDirectory(temp.resolve("directory-" + flips));
        try (Stream<Path> all = Files.list(sample)) {
            for (Path file : all.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return folder;
    }

    /// Turns over some bits of a file, whose time stays as it was: as when a disk rots.
    private void rot(Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var hit = new HashSet<Long>();
            for (int i = 1 + random.nextInt(FLIPS_MAX); i > 0; i--) {
                long at = somewhere(file, channel.size());
                if (!hit.add(at)) continue; // twice may be nothing
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
                channel.write(one.rewind(), at);
                flips++;
            }
        }
        Files.setLastModifiedTime(file, time);
    }

    /// Anywhere, or where rows are: most of a small database is empty.
    private long somewhere(Path file, long size) throws IOException {
        if (size < 10_000 || random.nextInt(4) == 0) return random.nextLong(size);
        String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        List<String> words = List.of("anna@posta.example", "argon2", "active", "Anna Bianchi", "posta.localhost", "secret", "free");
        int from = random.nextInt(2) == 0 ? 0 : random.nextInt(text.length());
        int at = text.indexOf(words.get(random.nextInt(words.size())), from);
        return Math.clamp(at - 40L + random.nextInt(160), 0, size - 1);
    }

    private static void serves(SqliteDirectory directory, String when) {
        for (String login : List.of("anna@posta.example", "bruno@virgola.example")) {
            assertThat(logIn(directory, login, "casella")).as(when).isInstanceOf(Verdict.Granted.class);
            assertThat(directory.resolve(login)).as(when).isInstanceOf(Resolution.Local.class);
        }
        boolean snapshot = directory.condition() instanceof Directory.Condition.ReadOnly;
        Sample.doesNotKnow(directory, snapshot, "carla@virgola.example");
        refuses(directory, when);
    }

    private static void refuses(SqliteDirectory directory, String when) {
        for (String login : List.of("anna@posta.example", "bruno@virgola.example", "carla@posta.example")) {
            for (String wrong : List.of("casellb", "Casella", "", "casella ")) {
                assertThat(logIn(directory, login, wrong)).as(when).isNotInstanceOf(Verdict.Granted.class);
            }
        }
    }

    @Test
    void logInGoesOnFromWhatIsWhole() throws IOException {
        Path sample = sample();
        for (int round = 0; flips < FLIPS; round++) {
            Path folder = copy(sample);
            boolean both = round % 3 == 2;
            if (round % 3 != 1) rot(folder.resolve("directory.db"));
            if (round % 3 != 0) rot(folder.resolve("directory.snapshot"));
            String when = "round " + round + ", seed " + seed;
            try (SqliteDirectory directory = Sample.open(folder)) {
                serves(directory, when);
                boolean whole = directory.condition() instanceof Directory.Condition.Whole;
                assertThat(whole).as(when + ": the damaged one is told").isEqualTo(round % 3 == 1);
            }
            if (!both && round % 3 != 0) continue;
            // What was set aside is put right by the order for it.
            DirectoryFiles.restore(folder);
            try (SqliteDirectory directory = Sample.open(folder)) {
                assertThat(directory.condition()).as(when).isInstanceOf(Directory.Condition.Whole.class);
                serves(directory, when + ", restored");
            }
        }
    }

    /// After a kill nothing says what the database was: what SQLite does not notice may refuse somebody, and lets nobody in.
    @Test
    void noDamageLetsAWrongPasswordIn() throws IOException {
        Path sample = sample();
        int refused = 0;
        int opened = 0;
        for (int round = 0; flips < FLIPS; round++) {
            Path folder = copy(sample);
            rot(folder.resolve("directory.db"));
            Files.delete(folder.resolve("directory.seal"));
            String when = "round " + round + ", seed " + seed;
            try (SqliteDirectory directory = Sample.open(folder)) {
                refuses(directory, when);
                opened++;
                if (!(logIn(directory, "anna@posta.example", "casella") instanceof Verdict.Granted)) refused++;
            }
        }
        System.out.printf("directory: without a seal %d of %d damaged databases refuse a right password%n", refused, opened);
    }

    @Test
    void aDamagedSealSaysNothing() throws IOException {
        Path sample = sample();
        for (int round = 0; round < 20; round++) {
            Path folder = copy(sample);
            rot(folder.resolve("directory.seal"));
            rot(folder.resolve("directory.snapshot.seals"));
            try (SqliteDirectory directory = Sample.open(folder)) {
                assertThat(directory.condition()).isInstanceOf(Directory.Condition.Whole.class);
                serves(directory, "round " + round + ", seed " + seed);
            }
        }
    }
}
