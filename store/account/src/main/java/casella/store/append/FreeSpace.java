package casella.store.append;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Whether the disk has room for what is new. What is vital (removals, the tail) may use what is left below that.
///
/// Measured on the log's own thread, every 100 ms or 1 % of what was free; asked at the door by everyone.
final class FreeSpace {
    /// The last hundredth is for what must not stop.
    private static final long BALLAST_PARTS = 100;
    private static final long AGE_NANOS_MAX = Duration.ofMillis(100).toNanos();

    private final Disk disk;
    private final Path folder;
    private final AppendConfig config;
    private volatile Disk.Space space = new Disk.Space(Long.MAX_VALUE, 1);
    private volatile boolean low;
    private long measuredAt;
    private long written;

    FreeSpace(Disk disk, Path folder, AppendConfig config) {
        this.disk = disk;
        this.folder = folder;
        this.config = config;
    }

    /// Measures if the last time is long ago, or much was written since.
    ///
    /// @param bytes about to be written
    void look(long bytes) {
        written += bytes;
        boolean fresh = System.nanoTime() - measuredAt < AGE_NANOS_MAX;
        if (!fresh || written > space.free() / 100) lookNow();
    }

    void lookNow() {
        measuredAt = System.nanoTime();
        written = 0;
        try {
            space = disk.space(folder);
        } catch (IOException e) {
            return; // a disk that cannot say is found out by the next write
        }
        boolean was = low;
        low = space.free() < space.total() * config.freeShareMin();
        if (low != was) {
            Log.event(
                    low ? Event.APPEND_DISK_LOW : Event.APPEND_DISK_ROOM,
                    "log", config.name(), "free", space.free(), "total", space.total());
        }
    }

    /// Measures for a caller on another thread, and keeps nothing of it.
    boolean lowNow() {
        try {
            Disk.Space now = disk.space(folder);
            return now.free() < now.total() * config.freeShareMin();
        } catch (IOException e) {
            return low;
        }
    }

    /// Returns what is free above the ballast, 0 if the disk cannot say.
    long roomNow() {
        try {
            Disk.Space now = disk.space(folder);
            return Math.max(0, now.free() - now.total() / BALLAST_PARTS);
        } catch (IOException e) {
            return 0;
        }
    }

    /// Says whether so many bytes do not fit at all.
    boolean lacks(long bytes) {
        return space.free() < bytes;
    }

    boolean low() {
        return low;
    }

    Fault.Exhausted full() {
        return new Fault.Exhausted(
                "Disk full", Map.of("log", config.name(), "free", space.free(), "total", space.total()));
    }
}
