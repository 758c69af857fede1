package casella.store.quarantine;

import casella.base.AccountId;
import casella.store.disk.MappedFile;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// What is being done with which account's stored data, in a file that a dead process leaves behind.
///
/// ```text
/// offset size
///      0    4  "CUW1"
///      4    4  1: the process runs, or died; 2: it ended as it should
///      8    8  process id
///     16    8  beat: Unix milliseconds, every second
///     24   16  the machine's boot id, zeros where it has none
///     64   32  a slot, 255 of them: account:8, since (Unix milliseconds):8, work:4 (0: free), zeros:12
/// ```
///
/// The file is mapped and never synced: what a process wrote is in the page cache whatever becomes of it, and a power loss,
/// which another boot id tells, says nothing about an account. A mark costs no system call. Any thread; never blocks on
/// more than memory.
final class UnderWay implements AutoCloseable {
    private static final int MAGIC = 0x43555731;
    private static final int RUNNING = 1;
    private static final int ENDED = 2;
    private static final int SLOTS_AT = 64;
    private static final int SLOT_BYTES = 32;
    private static final int SLOTS = 255;
    private static final int BYTES = SLOTS_AT + SLOTS * SLOT_BYTES;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int NO_SLOT = -1;

    private final MappedByteBuffer map;
    private final Left left;
    private final ConcurrentLinkedQueue<Integer> free = new ConcurrentLinkedQueue<>();

    /// One mark of a process that died.
    ///
    /// @param seconds how long the work had been under way, as far as the beats tell
    record Mark(AccountId account, Work work, long seconds) {}

    /// What the process before left.
    ///
    /// @param died whether it ended without saying so, on a machine that went on
    /// @param at its last sign of life
    /// @param full whether so much was under way that some of it was not marked
    record Left(boolean died, boolean clean, Instant at, List<Mark> marks, boolean full) {
        static final Left NOTHING = new Left(false, false, Instant.EPOCH, List.of(), false);

        Left {
            marks = List.copyOf(marks);
        }
    }

    private UnderWay(MappedByteBuffer map, Left left) {
        this.map = map;
        this.left = left;
        for (int i = 0; i < SLOTS; i++) free.add(i);
    }

    /// Reads what the process before left and begins anew. Blocks on files.
    static UnderWay open(Path file, Instant now) throws IOException {
        return open(file, bootId(), now);
    }

    static UnderWay open(Path file, @Nullable UUID boot, Instant now) throws IOException {
        MappedFile opened = MappedFile.open(file, BYTES);
        MappedByteBuffer map = opened.bytes();
        Left left = opened.known() && map.getInt(0) == MAGIC ? left(map, boot) : Left.NOTHING;
        for (int at = 0; at < BYTES; at += Long.BYTES) map.putLong(at, 0);
        map.putInt(0, MAGIC);
        map.putLong(8, ProcessHandle.current().pid());
        map.putLong(24, boot == null ? 0 : boot.getMostSignificantBits());
        map.putLong(32, boot == null ? 0 : boot.getLeastSignificantBits());
        map.putInt(4, RUNNING);
        var underWay = new UnderWay(map, left);
        underWay.beat(now);
        return underWay;
    }

    private static Left left(MappedByteBuffer map, @Nullable UUID boot) {
        boolean sameBoot = boot != null
                && map.getLong(24) == boot.getMostSignificantBits()
                && map.getLong(32) == boot.getLeastSignificantBits();
        boolean clean = map.getInt(4) == ENDED;
        Instant at = Instant.ofEpochMilli(map.getLong(16));
        var marks = new ArrayList<Mark>();
        for (int i = 0; i < SLOTS; i++) {
            int slot = SLOTS_AT + i * SLOT_BYTES;
            Work work = Work.of(map.getInt(slot + 16));
            if (work == null) continue;
            long seconds = Math.max(0, (at.toEpochMilli() - map.getLong(slot + 8)) / 1_000);
            marks.add(new Mark(new AccountId(map.getLong(slot)), work, seconds));
        }
        return new Left(!clean && sameBoot, clean, at, marks, marks.size() == SLOTS);
    }

    private static @Nullable UUID bootId() {
        try {
            return UUID.fromString(Files.readString(BOOT_ID).strip());
        } catch (IOException | IllegalArgumentException e) {
            return null; // then nobody is judged
        }
    }

    /// Returns what the process before left.
    Left left() {
        return left;
    }

    /// Marks work; the answer is for [#end].
    int begin(AccountId account, Work work, Instant now) {
        Integer slot = free.poll();
        if (slot == null) return NO_SLOT; // with so much at once no mark would point at anybody
        int at = SLOTS_AT + slot * SLOT_BYTES;
        map.putLong(at, account.value());
        map.putLong(at + 8, now.toEpochMilli());
        map.putInt(at + 16, work.number());
        return slot;
    }

    void end(int slot) {
        if (slot == NO_SLOT) return;
        map.putInt(SLOTS_AT + slot * SLOT_BYTES + 16, 0);
        free.add(slot);
    }

    /// Says that the process lives.
    void beat(Instant now) {
        map.putLong(16, now.toEpochMilli());
    }

    /// Says that the process ends as it should.
    @Override
    public void close() {
        map.putInt(4, ENDED);
    }
}
