package casella.bench;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Sha256;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/// How many objects a second does a vault keep, each writer waiting until its own is durable?
///
/// Load: writers side by side, objects that do not compress, 1,000 accounts. The same few contents
/// under ever new names, which costs the load itself a copy. Expected: small objects limited by the cores, large ones by the
/// disk's bandwidth.
final class VaultLoad {
    private static final Duration TIME = Duration.ofSeconds(60);
    private static final int DIFFERENT = 64;
    private static final int ACCOUNTS = 1_000;
    private static final int CHECKSUM_AT = 80;

    /// What a run came to besides its times.
    ///
    /// @param cores how many the process had busy
    record Result(Measured measured, double megabytesPerSecond, double syncsPerPut, double cores) {
        String text() {
            return measured.text()
                    + String.format(
                            java.util.Locale.ROOT, "  %7.1f MB/s  %5.3f syncs each  %.2f cores busy",
                            megabytesPerSecond, syncsPerPut, cores);
        }
    }

    private final Vault vault;
    private final double seconds;
    private final List<byte[]> objects = new ArrayList<>();
    private final List<Sha256> hashes = new ArrayList<>();
    private final AtomicLong order = new AtomicLong();

    /// @param bytes of an object's content
    VaultLoad(Vault vault, int bytes, double seconds) {
        this.vault = vault;
        this.seconds = seconds;
        var random = new Random(bytes);
        for (int i = 0; i < DIFFERENT; i++) {
            byte[] content = new byte[bytes];
            random.nextBytes(content);
            Sha256 hash = Sha256.of(content);
            hashes.add(hash);
            objects.add(StoredObject.encode(name(random, i, hash), new byte[100], content));
        }
    }

    private static ObjectName name(Random random, long order, Sha256 hash) {
        return new ObjectName(new AccountId(random.nextInt(ACCOUNTS)), Kind.MAIL, order, random.nextLong(),
                hash);
    }

    Result run(String name, int writers) throws InterruptedException {
        var times = new ConcurrentLinkedQueue<Double>();
        var failed = new AtomicLong();
        var done = new CountDownLatch(writers);
        long syncs = vault.syncs();
        var busy = new Busy();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        for (int i = 0; i < writers; i++) {
            int writer = i;
            Thread.ofVirtual()
                    .start(
                            () -> {
                                var random = new Random(writer);
                                while (System.nanoTime() < end) put(random, times, failed);
                                done.countDown();
                            });
        }
        done.await();
        double took = (System.nanoTime() - start) / 1e9;
        double cores = busy.cores();
        double[] millis = times.stream().mapToDouble(Double::doubleValue).toArray();
        Measured measured = Measured.of(name, writers, failed.get(), took, millis);
        double each = objects.getFirst().length;
        return new Result(
                measured, measured.done() * each / took / 1e6,
                        (vault.syncs() - syncs) / (double) measured.done(), cores);
    }

    private void put(Random random, ConcurrentLinkedQueue<Double> times, AtomicLong failed) {
        int which = random.nextInt(DIFFERENT);
        ObjectName name = name(random, order.incrementAndGet(), hashes.get(which));
        byte[] object = named(name, objects.get(which));
        long began = System.nanoTime();
        try {
            var _ = vault.put(name, object).await(Deadline.in(TIME));
            times.add((System.nanoTime() - began) / 1e6);
        } catch (RuntimeException e) {
            failed.incrementAndGet();
        }
    }

    /// Returns a stored object under another name, as docs/formats/object.md has it.
    private static byte[] named(ObjectName name, byte[] object) {
        byte[] other = object.clone();
        ByteBuffer out = ByteBuffer.wrap(other);
        out.putLong(8, name.account().value()).putLong(16, name.high()).putLong(24, name.low());
        var crc = new CRC32C();
        crc.update(other, 0, CHECKSUM_AT);
        crc.update(other, StoredObject.HEADER_BYTES,
                StoredObject.headLength(other) - StoredObject.HEADER_BYTES);
        out.putInt(CHECKSUM_AT, (int) crc.getValue());
        return other;
    }
}
