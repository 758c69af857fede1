package casella.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// How many syncs a second does this disk make, when each follows an append of 16 KiB to a growing file?
///
/// One writer is the limit of one file, four are what a delivery keeps busy: two vaults, the engine, the tail. Measured
/// in the same run as the deliveries, since a disk of a virtual machine is another one every hour.
final class DiskLoad {
    private static final int APPEND_BYTES = 16 << 10;

    private final Path folder;
    private final double seconds;

    DiskLoad(Path folder, double seconds) {
        this.folder = folder;
        this.seconds = seconds;
    }

    Measured run(int writers) throws InterruptedException {
        var times = new ConcurrentLinkedQueue<Double>();
        var failed = new AtomicLong();
        var done = new CountDownLatch(writers);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        for (int i = 0; i < writers; i++) {
            Path file = folder.resolve("disk-load-" + i);
            Thread.ofPlatform()
                    .daemon()
                    .start(
                            () -> {
                                try {
                                    append(file, end, times);
                                } catch (IOException e) {
                                    failed.incrementAndGet();
                                } finally {
                                    done.countDown();
                                }
                            });
        }
        done.await();
        double took = (System.nanoTime() - start) / 1e9;
        double[] millis = times.stream().mapToDouble(Double::doubleValue).toArray();
        return Measured.of("disk-append-sync", writers, failed.get(), took, millis);
    }

    /// Returns how many MB a second one file takes, written 1 MiB at a time and synced every `syncBytes`.
    double sequential(long syncBytes) throws IOException {
        Path file = folder.resolve("disk-load-sequential");
        ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 20);
        var random = new Random(1);
        while (bytes.hasRemaining()) bytes.putInt(random.nextInt());
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long written = 0;
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (System.nanoTime() < end) {
                bytes.clear();
                while (bytes.hasRemaining()) channel.write(bytes);
                written += bytes.capacity();
                if (written % syncBytes == 0) channel.force(false);
            }
            channel.force(false);
            return written / 1e6 / ((System.nanoTime() - start) / 1e9);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void append(Path file, long end, ConcurrentLinkedQueue<Double> times) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(APPEND_BYTES);
        var random = new Random(1);
        while (bytes.hasRemaining()) bytes.putInt(random.nextInt());
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (System.nanoTime() < end) {
                long began = System.nanoTime();
                bytes.clear();
                while (bytes.hasRemaining()) channel.write(bytes);
                channel.force(false);
                times.add((System.nanoTime() - began) / 1e6);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
