package casella.engine.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.testkit.EngineRows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What reads cost where the rows are many times what memory keeps, counted in bytes the process reads from its files.
final class ReadCostTest {
    private static final AccountId ANNA = new AccountId(7);
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int ROWS = 1_000_000;
    private static final int READS = 1_000;

    /// Memory for blocks that is less than the filters of so many rows are (10 bits each).
    private static final RocksEngineConfig LITTLE = new RocksEngineConfig(1 << 20, 64 << 20, 3, 4, 2_000, 2);

    @TempDir
    private Path folder;

    /// Rows that are not there are asked for with every mail that arrives.
    @Test
    void aReadReadsBlocksAndNoWholeFilter() throws IOException {
        try (var engine = RocksEngine.open(folder, LITTLE)) {
            for (int at = 0; at < ROWS; at += 50_000) {
                var rows = EngineRows.from(at / 50_000, 1);
                for (int row = at; row < at + 50_000; row++) rows.put(key(row, 0), new byte[8]);
                engine.write(ANNA, rows.batch()).await(Deadline.in(TIME));
            }
        }
        try (var engine = RocksEngine.open(folder, LITTLE)) {
            long before = bytesRead();
            int found = 0;
            for (int read = 0; read < READS; read++) {
                byte[] absent = key(read * (ROWS / READS), 1);
                byte[] present = key(read * (ROWS / READS), 0);
                found += engine.<Integer>read(ANNA, TIME, rows -> (rows.get(absent) == null ? 0 : 1)
                        + (rows.get(present) == null ? 0 : 1));
            }
            assertThat(found).isEqualTo(READS);
            assertThat((bytesRead() - before) / READS).as("bytes of files for two rows").isLessThan(100_000);
        }
    }

    private static byte[] key(int row, int last) {
        return ByteBuffer.allocate(17).put((byte) 0x30).putLong(0).putInt(row).putInt(last).array();
    }

    private static long bytesRead() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("rchar: "))
                .mapToLong(line -> Long.parseLong(line.substring(7)))
                .sum();
    }
}
