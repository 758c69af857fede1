package casella.jmap;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Uploads in a folder: `<account>/<sha256>`, and `<account>/new-…` while one comes in. Not
/// synced: an upload that a crash loses is sent again.
///
/// The time an upload was last sent is its file's modification time. Every file call runs on the
/// bulkhead.
public final class DiskUploads implements Uploads {
    private static final int THREADS = 2;
    private static final int QUEUE_MAX = 256;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final Duration SWEEP_EVERY = Duration.ofHours(1);
    private static final String COMING = "new-";

    private final Path folder;
    private final long bytesMax;
    private final Duration expiry;
    private final Clock clock;
    private final Bulkhead bulkhead = new Bulkhead("uploads", THREADS, QUEUE_MAX);
    private volatile Instant swept = Instant.EPOCH;

    /// @param folder made if it is not there
    /// @param bytesMax what one account may have here
    public DiskUploads(Path folder, long bytesMax, Duration expiry, Clock clock) {
        this.folder = folder;
        this.bytesMax = bytesMax;
        this.expiry = expiry;
        this.clock = clock;
    }

    @Override
    public Incoming receive(AccountId account) {
        sweepSometimes();
        return new Receiving(account);
    }

    @Override
    public Optional<byte[]> read(AccountId account, Sha256 hash) {
        Path file = folder.resolve(account.toString()).resolve(hash.toString());
        return bulkhead.call(CALL_TIME, () -> {
            try {
                if (over(file)) return Optional.empty();
                return Optional.of(Files.readAllBytes(file));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public void close() {
        bulkhead.close();
    }

    private final class Receiving implements Incoming {
        private final AccountId account;
        private final Path home;
        private final Path coming;
        private final MessageDigest digest = Sha256.digest();
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int buffered;
        private long size;
        private @Nullable OutputStream out;
        private boolean kept;

        Receiving(AccountId account) {
            this.account = account;
            this.home = folder.resolve(account.toString());
            this.coming = home.resolve(COMING + UUID.randomUUID());
        }

        @Override
        public void write(byte[] bytes, int count) {
            size += count;
            if (size > bytesMax) throw new Fault.Exhausted("Upload larger than the spool", Map.of("account", account));
            digest.update(bytes, 0, count);
            for (int from = 0; from < count; ) {
                int part = Math.min(count - from, BUFFER_BYTES - buffered);
                System.arraycopy(bytes, from, buffer, buffered, part);
                from += part;
                buffered += part;
                if (buffered == BUFFER_BYTES) flush();
            }
        }

        @Override
        public Kept finish() {
            flush();
            Sha256 hash = Sha256.wrap(digest.digest());
            bulkhead.call(CALL_TIME, () -> {
                shut();
                makeRoom(home, size, hash.toString());
                Path file = home.resolve(hash.toString());
                Files.setLastModifiedTime(coming, FileTime.from(clock.now()));
                Files.move(coming, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                return hash;
            });
            kept = true;
            return new Kept(hash, size);
        }

        @Override
        public void close() {
            if (kept || out == null) return;
            // Nobody waits for it; what stays behind is swept.
            bulkhead.submit(Deadline.in(CALL_TIME), () -> {
                shut();
                return Files.deleteIfExists(coming);
            });
        }

        private void flush() {
            int count = buffered;
            bulkhead.call(CALL_TIME, () -> {
                if (out == null) {
                    Files.createDirectories(home);
                    out = Files.newOutputStream(coming);
                }
                out.write(buffer, 0, count);
                return count;
            });
            buffered = 0;
        }

        private void shut() throws IOException {
            if (out != null) out.close();
        }
    }

    /// Deletes an account's oldest uploads until `size` more bytes fit. RFC 8620 §6.
    private void makeRoom(Path home, long size, String except) throws IOException {
        record Old(Path path, Instant at, long bytes) {}
        var all = new ArrayList<Old>();
        long total = 0;
        for (Path path : list(home)) {
            String name = path.getFileName().toString();
            if (name.startsWith(COMING) || name.equals(except)) continue;
            var one = new Old(path, Files.getLastModifiedTime(path).toInstant(), Files.size(path));
            all.add(one);
            total += one.bytes();
        }
        all.sort(Comparator.comparing(Old::at));
        for (Old old : all) {
            if (total + size <= bytesMax && !over(old.path())) break;
            Files.deleteIfExists(old.path());
            total -= old.bytes();
        }
    }

    private void sweepSometimes() {
        Instant now = clock.now();
        if (now.isBefore(swept.plus(SWEEP_EVERY))) return;
        swept = now;
        bulkhead.submit(Deadline.in(CALL_TIME), () -> {
            for (Path home : list(folder)) {
                for (Path path : list(home)) if (over(path)) Files.deleteIfExists(path);
            }
            return now;
        });
    }

    private boolean over(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().plus(expiry).isBefore(clock.now());
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
