package casella.store.disk;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Whether a vault's disk has room for what is new. Removals go on below that. Measured by the writer, asked by everyone.
public final class Room {
    private static final long AGE_NANOS_MAX = Duration.ofMillis(100).toNanos();

    private final String vault;
    private final Disk disk;
    private final Path folder;
    private final double freeShareMin;
    private volatile boolean low;
    private volatile long free = Long.MAX_VALUE;
    private long measuredAt;

    /// @param freeShareMin share of the file system below which nothing new is taken
    public Room(String vault, Disk disk, Path folder, double freeShareMin) {
        this.vault = vault;
        this.disk = disk;
        this.folder = folder;
        this.freeShareMin = freeShareMin;
        lookNow();
    }

    /// Measures if the last time is long ago. Blocks on the disk: on the writer's thread.
    public void look() {
        if (due()) lookNow();
    }

    /// Says whether the last time is long ago.
    public boolean due() {
        return System.nanoTime() - measuredAt >= AGE_NANOS_MAX;
    }

    public void lookNow() {
        lookNow(0);
    }

    /// @param owed bytes that were taken and have still to be written another time
    public void lookNow(long owed) {
        measuredAt = System.nanoTime();
        try {
            Disk.Space space = disk.space(folder);
            free = space.free();
            boolean was = low;
            low = space.free() - owed < space.total() * freeShareMin;
            if (low != was) {
                Log.event(
                        low ? Event.APPEND_DISK_LOW : Event.APPEND_DISK_ROOM,
                        "log", "vault." + vault, "free", space.free(), "total", space.total());
            }
        } catch (IOException e) {
            // A disk that cannot say is found out by the next write.
        }
    }

    public boolean low() {
        return low;
    }

    /// Says whether so many bytes do not fit at all.
    public boolean lacks(long bytes) {
        return free < bytes;
    }

    public Fault.Exhausted full() {
        return new Fault.Exhausted("Disk full", Map.of("vault", vault, "free", free));
    }
}
