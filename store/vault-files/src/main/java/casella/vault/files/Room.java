package casella.vault.files;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Whether the disk has room for what is new. Removals go on below that. Measured by the writer, asked by everyone.
final class Room {
    private static final long AGE_NANOS_MAX = Duration.ofMillis(100).toNanos();

    private final String vault;
    private final Disk disk;
    private final Path folder;
    private final double freeShareMin;
    private volatile boolean low;
    private volatile long free = Long.MAX_VALUE;
    private long measuredAt;

    Room(String vault, Disk disk, Path folder, double freeShareMin) {
        this.vault = vault;
        this.disk = disk;
        this.folder = folder;
        this.freeShareMin = freeShareMin;
        lookNow();
    }

    void look() {
        if (System.nanoTime() - measuredAt >= AGE_NANOS_MAX) lookNow();
    }

    void lookNow() {
        measuredAt = System.nanoTime();
        try {
            Disk.Space space = disk.space(folder);
            free = space.free();
            boolean was = low;
            low = space.free() < space.total() * freeShareMin;
            if (low != was) {
                Log.event(
                        low ? Event.APPEND_DISK_LOW : Event.APPEND_DISK_ROOM,
                        "log", "vault." + vault, "free", space.free(), "total", space.total());
            }
        } catch (IOException e) {
            // A disk that cannot say is found out by the next write.
        }
    }

    boolean low() {
        return low;
    }

    boolean lacks(long bytes) {
        return free < bytes;
    }

    Fault.Exhausted full() {
        return new Fault.Exhausted("Disk full", Map.of("vault", vault, "free", free));
    }
}
