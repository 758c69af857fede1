package casella.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import casella.testkit.EngineRows;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.util.Environment;

/// What happens around the process: kill -9 loses nothing answered, the native library is found both ways, and closing
/// waits for who still reads.
class EngineProcessTest {
    private static final Duration TIME = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void killingTheProcessLosesNothingAnswered() throws Exception {
        long[] answered = new long[EngineProcess.ACCOUNTS];
        Process process = start(List.of(), folder.resolve("engine"));
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (int count = 0; count < 800; count++) note(lines.readLine(), answered);
            // By its handle: Process.destroyForcibly would close the pipe and lose what was answered last.
            assertThat(process.toHandle().destroyForcibly()).isTrue();
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) note(line,
                    answered);
        }

        try (RocksEngine engine = RocksEngine.open(folder.resolve("engine"), RocksEngineConfig.small())) {
            for (int i = 0; i < answered.length; i++) {
                assertThat(version(engine, new AccountId(i))).isBetween(answered[i], answered[i] + 1);
            }
        }
    }

    private static void note(@Nullable String line, long[] answered) {
        if (line == null || line.indexOf(' ') < 0) return;
        String[] parts = line.split(" ", -1);
        answered[Integer.parseInt(parts[0])] = Long.parseLong(parts[1]);
    }

    @Test
    void theLibraryIsFoundWhereALauncherUnpackedIt() throws Exception {
        Path library = folder.resolve(Environment.getJniLibraryFileName("rocksdb"));
        try (InputStream packed = getClass().getResourceAsStream("/" + library.getFileName())) {
            assertThat(packed).isNotNull();
            if (packed != null) Files.copy(packed, library);
        }
        Path nowhere = folder.resolve("nowhere");
        List<String> options = List.of("-Djava.library.path=" + folder, "-Djava.io.tmpdir=" + nowhere);
        Process process = start(options, folder.resolve("engine"));
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            assertThat(lines.readLine()).isNotNull();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static Process start(List<String> options, Path engine) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(EngineProcess.class.getName());
        command.add(engine.toString());
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    @Test
    void closingWaitsForAReadingThatIsUnderWay() throws Exception {
        RocksEngine engine = RocksEngine.open(folder, RocksEngineConfig.small());
        engine.write(new AccountId(1), EngineRows.from(0, 1).batch()).await(Deadline.in(TIME));
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var seen = new AtomicReference<@Nullable Long>();
        Thread reader = Thread.ofVirtual().start(() -> seen.set(engine.read(new AccountId(1), TIME, rows -> {
            inside.countDown();
            await(goOn);
            return head(rows);
        })));
        inside.await();
        Thread closer = Thread.ofPlatform().start(engine::close);
        while (closer.getState() == Thread.State.RUNNABLE) Thread.onSpinWait();
        goOn.countDown();
        closer.join();
        reader.join();

        assertThat(seen.get()).isEqualTo(1L);
        assertThatThrownBy(() -> version(engine, new AccountId(1))).isInstanceOf(Fault.Unavailable.class);
    }

    @Test
    void rowsKeptBeyondTheirReadingAreRefused() {
        try (RocksEngine engine = RocksEngine.open(folder, RocksEngineConfig.small())) {
            Rows kept = engine.read(new AccountId(1), TIME, rows -> rows);

            assertThatThrownBy(() -> kept.get(new Key.Head())).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> kept.scan(new byte[] {1}, (_, _) -> true))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void figuresFollowWhenTheWriterIsIdle() throws Exception {
        try (RocksEngine engine = RocksEngine.open(folder, RocksEngineConfig.small())) {
            engine.write(new AccountId(1), EngineRows.from(0, 1).batch()).await(Deadline.in(TIME));
            Deadline deadline = Deadline.in(TIME);
            while (engine.figures().rows() == 0 && !deadline.over()) Thread.onSpinWait();

            assertThat(engine.figures().rows()).isPositive();
            assertThat(engine.figures().memoryBytes()).isPositive();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long version(RocksEngine engine, AccountId account) {
        return engine.read(account, TIME, EngineProcessTest::head);
    }

    private static long head(Rows rows) {
        byte @Nullable [] head = rows.get(new Key.Head());
        return head == null ? 0 : HeadRow.of(head).version();
    }
}
