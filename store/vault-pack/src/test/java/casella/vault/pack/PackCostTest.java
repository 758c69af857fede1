package casella.vault.pack;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.store.disk.Disk;
import casella.store.vault.ObjectName.Kind;
import casella.testkit.VaultContract.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the pack vault costs, in counts that no machine changes: syncs of a put, bytes read for a list, bytes of memory an
/// object. A number that has to go up here is a decision; one that goes down is to be set lower.
final class PackCostTest {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int ACCOUNTS = 40;
    private static final int EACH = 250;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private PackVault open(Disk disk) {
        return PackVault.open("pack", folder, disk, new PackConfig(1 << 20, 0.0, Duration.ofSeconds(30)));
    }

    /// 64 writers, each waiting for its own put.
    private static void fill(PackVault vault) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int writer = 0; writer < 64; writer++) {
                int first = writer;
                all.add(
                        threads.submit(
                                () -> {
                                    for (int i = first; i < ACCOUNTS * EACH; i += 64) {
                                        Piece piece = Piece.mail(new AccountId(i % ACCOUNTS), i, 300);
                                        var _ = vault.put(piece.name(), piece.object()).await(Deadline.in(TIME));
                                    }
                                }));
            }
            for (Future<?> one : all) one.get();
        }
    }

    @Test
    void aPutAListAndAnObjectInMemoryCostLittle() throws Exception {
        var disk = new CountingDisk(Disk.real());
        try (PackVault vault = open(disk)) {
            fill(vault);
            double puts = ACCOUNTS * EACH;
            assertThat(vault.syncs() / puts).as("syncs a put at 64 writers").isLessThan(0.25);

            var upkeep = vault.compact(TIME);
            assertThat(upkeep.runs()).as("runs an account is in").isLessThanOrEqualTo(3);
            assertThat(upkeep.indexBytes() / puts).as("bytes of memory an object").isLessThan(2.6);

            disk.read.set(0);
            assertThat(vault.list(new AccountId(7), Kind.MAIL, null, 1_000, TIME)).hasSize(EACH);
            // Each entry its head of 582 bytes and its row of 65; besides at most two blocks of each run's index.
            long most = EACH * (582L + 65) + 2 * 4_164 * upkeep.runs();
            assertThat(disk.read.get()).as("bytes read for a list").isLessThanOrEqualTo(most);
        }
    }

    /// Counts bytes that are read.
    private record CountingDisk(Disk inner, AtomicLong read) implements Disk {
        CountingDisk(Disk inner) {
            this(inner, new AtomicLong());
        }

        private File counted(File file) {
            return new File() {
                @Override
                public void append(ByteBuffer bytes) throws IOException {
                    file.append(bytes);
                }

                @Override
                public int read(ByteBuffer into, long position) throws IOException {
                    int came = file.read(into, position);
                    read.addAndGet(Math.max(0, came));
                    return came;
                }

                @Override
                public void sync() throws IOException {
                    file.sync();
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }

        @Override
        public File create(Path path) throws IOException {
            return counted(inner.create(path));
        }

        @Override
        public File open(Path path) throws IOException {
            return counted(inner.open(path));
        }

        @Override
        public long size(Path path) throws IOException {
            return inner.size(path);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            inner.rename(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            inner.delete(path);
        }

        @Override
        public List<String> list(Path path) throws IOException {
            return inner.list(path);
        }

        @Override
        public void makeFolder(Path path) throws IOException {
            inner.makeFolder(path);
        }

        @Override
        public void syncFolder(Path path) throws IOException {
            inner.syncFolder(path);
        }

        @Override
        public Space space(Path path) throws IOException {
            return inner.space(path);
        }
    }
}
