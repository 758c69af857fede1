package casella.store.quarantine;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.disk.NoteFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
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
/// The file is never synced: what a process wrote is in the page cache whatever becomes of it, and a power loss, which
/// another boot id tells, says nothing about an account. One thread writes what changed in memory, the newest of each slot;
/// where the file hangs, work goes on without marks. Any thread; waits a moment at most.
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

    /// How long work waits for its mark. A write to the page cache takes microseconds.
    private static final Duration MARK = Duration.ofMillis(50);
    /// Within it a change nobody waits for is written, or it is left to the next.
    private static final Duration LATER = Duration.ofSeconds(1);
    private static final Duration LAST = Duration.ofSeconds(2);

    /// Where changes are written to.
    interface Place {
        void write(ByteBuffer bytes, long position) throws IOException;
    }

    private final Place place;
    private final Left left;
    private final Bulkhead writer = new Bulkhead("quarantine.mark", 1, 1_024);
    private final ConcurrentLinkedQueue<Integer> free = new ConcurrentLinkedQueue<>();
    /// What the file is to hold, and which of its parts of [#SLOT_BYTES] it may not hold yet; both under the lock on
    /// `image`.
    private final ByteBuffer image;
    private final BitSet changed = new BitSet();

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

    UnderWay(Place place, ByteBuffer image, Left left) {
        this.place = place;
        this.image = image;
        this.left = left;
        for (int i = 0; i < SLOTS; i++) free.add(i);
    }

    /// Reads what the process before left and begins anew. Blocks on files.
    static UnderWay open(Path file, Instant now) throws IOException {
        return open(file, bootId(), now);
    }

    static UnderWay open(Path file, @Nullable UUID boot, Instant now) throws IOException {
        NoteFile opened = NoteFile.open(file, BYTES);
        ByteBuffer known = ByteBuffer.wrap(opened.known());
        Left left = known.remaining() == BYTES && known.getInt(0) == MAGIC ? left(known, boot) : Left.NOTHING;
        ByteBuffer image = fresh(boot, now);
        opened.write(image.duplicate(), 0);
        return new UnderWay(opened::write, image, left);
    }

    /// Returns what the file of a process holds that begins.
    static ByteBuffer fresh(@Nullable UUID boot, Instant now) {
        return ByteBuffer.allocate(BYTES)
                .putInt(0, MAGIC)
                .putInt(4, RUNNING)
                .putLong(8, ProcessHandle.current().pid())
                .putLong(16, now.toEpochMilli())
                .putLong(24, boot == null ? 0 : boot.getMostSignificantBits())
                .putLong(32, boot == null ? 0 : boot.getLeastSignificantBits());
    }

    private static Left left(ByteBuffer map, @Nullable UUID boot) {
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

    /// Marks work; the answer is for [#end]. Returns when the mark is written, or without it where that does not succeed
    /// at once.
    int begin(AccountId account, Work work, Instant now) {
        Integer slot = free.poll();
        if (slot == null) return NO_SLOT; // with so much at once no mark would point at anybody
        int at = SLOTS_AT + slot * SLOT_BYTES;
        synchronized (image) {
            image.putLong(at, account.value());
            image.putLong(at + 8, now.toEpochMilli());
            image.putInt(at + 16, work.number());
            changed.set(at / SLOT_BYTES);
        }
        var _ = written(MARK);
        return slot;
    }

    /// Takes a mark away. Waits for nothing.
    void end(int slot) {
        if (slot == NO_SLOT) return;
        int at = SLOTS_AT + slot * SLOT_BYTES;
        synchronized (image) {
            image.putInt(at + 16, 0);
            changed.set(at / SLOT_BYTES);
        }
        var _ = submit(Deadline.in(LATER));
        free.add(slot);
    }

    /// Says that the process lives; writes what could not be written before.
    void beat(Instant now) {
        synchronized (image) {
            image.putLong(16, now.toEpochMilli());
            changed.set(0);
        }
        var _ = written(LATER);
    }

    /// Waits until all that changed is written; returns whether it is.
    boolean written(Duration time) {
        Deadline deadline = Deadline.in(time);
        try {
            return submit(deadline).await(deadline);
        } catch (Fault e) {
            return false; // it hangs, or is damaged: the work is more than its mark
        }
    }

    private Ticket<Boolean> submit(Deadline deadline) {
        return writer.submit(deadline, this::write);
    }

    /// Writes each part that changed, as it is now. On the one thread.
    private boolean write() throws IOException {
        for (int part = 0; ; part++) {
            byte[] bytes = new byte[SLOT_BYTES];
            synchronized (image) {
                part = changed.nextSetBit(part);
                if (part < 0) return true;
                image.get(part * SLOT_BYTES, bytes);
                changed.clear(part);
            }
            try {
                place.write(ByteBuffer.wrap(bytes), (long) part * SLOT_BYTES);
            } catch (IOException e) {
                synchronized (image) {
                    changed.set(part);
                }
                throw e;
            }
        }
    }

    /// Says that the process ends as it should.
    @Override
    public void close() {
        synchronized (image) {
            image.putInt(4, ENDED);
            changed.set(0);
        }
        var _ = written(LAST);
        abandon();
    }

    /// Writes no more, as a process that dies.
    void abandon() {
        writer.close();
    }
}
