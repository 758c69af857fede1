package casella.vault.pack;

import casella.base.AccountId;
import casella.store.append.Place;
import casella.store.append.Scanned.Stretch;
import casella.store.disk.OpenFiles;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.vault.pack.YoungSegment.Erasure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The sorted index of a full segment, in a file beside it. Derived: lost or damaged, it is made again by a scan.
///
/// In memory are its front only: a Bloom filter (1.25 bytes a name and an account) and the first name of every 64 (0.9
/// bytes a name).
///
/// ```text
/// offset size
///      0    4  "CPX1"
///      4    4  format, now 1
///      8    8  segment number
///     16    8  segment id
///     24    8  offset in the segment up to which this index tells
///     32    8  objects: what this segment's records changed in the vault's number of objects (signed)
///     40    8  bytes: likewise in their stored length (signed)
///     48    8  lowest `high` of its mails' names
///     56    8  highest `high` of its mails' names
///     64    4  names n
///     68    4  erasures e
///     72    4  bad stretches q of the segment
///     76    4  words w of the filter
///     80    4  CRC-32C of bytes 0 to 79 and of the front after byte 84
///     84 16·e  erasures: account:u64 offset:u64
///      … 16·q  bad stretches, set aside: from:u64 until:u64
///      …  8·w  filter (Bloom)
///      … 57·b  first name of each block
///      …       b blocks: 64 rows (the last fewer), CRC-32C of the rows:u32
///                row: name:57 offset:u32 length:u32, length 0xFFFFFFFF for a removal
/// ```
final class PackIndex implements PackSegment {
    static final int MAGIC = 0x43505831;
    static final int FORMAT = 1;
    static final int HEADER_BYTES = 84;
    static final int ROW_BYTES = ObjectName.BYTES + 8;
    static final int BLOCK_ROWS = 64;
    private static final int BLOCK_BYTES = BLOCK_ROWS * ROW_BYTES + 4;
    private static final int FRONT_BYTES_MAX = 256 << 20;

    /// Thrown when the index file is away or damaged.
    static final class Lost extends IOException {
        private static final long serialVersionUID = 1L;
        final transient PackIndex index;

        Lost(PackIndex index, String why) {
            super(why);
            this.index = index;
        }
    }

    /// What the header says.
    record Facts(
            long number, long id, long end, long objects, long bytes, long mailMin, long mailMax, int names) {}

    private final OpenFiles files;
    private final Path path;
    private final Facts facts;
    private final List<Erasure> erasures;
    private final List<Stretch> damaged;
    private final Bloom bloom;
    /// First names of the blocks, one after another.
    private final byte[] firsts;
    private final int blocksAt;
    /// The last name, zeros before it is read.
    private byte[] last = new byte[ObjectName.BYTES];
    private final long firstAccount;
    private long lastAccount;

    private PackIndex(
            OpenFiles files, Path path, Facts facts, List<Erasure> erasures, List<Stretch> damaged, Bloom bloom,
            byte[] firsts, int blocksAt) {
        this.files = files;
        this.path = path;
        this.facts = facts;
        this.erasures = erasures;
        this.damaged = damaged;
        this.bloom = bloom;
        this.firsts = firsts;
        this.blocksAt = blocksAt;
        this.firstAccount = firsts.length == 0 ? 0 : ByteBuffer.wrap(firsts).getLong(0);
    }

    /// Returns the index in `path`, or null if it is none or damaged in front.
    static @Nullable PackIndex open(OpenFiles files, Path path) throws IOException {
        byte[] header = files.read(path, 0, HEADER_BYTES);
        if (header.length < HEADER_BYTES) return null;
        ByteBuffer in = ByteBuffer.wrap(header);
        if (in.getInt(0) != MAGIC || in.getInt(4) != FORMAT) return null;
        int names = in.getInt(64);
        int blocks = Math.ceilDiv(names, BLOCK_ROWS);
        long front = 16L * in.getInt(68) + 16L * in.getInt(72) + 8L * in.getInt(76) + (long) ObjectName.BYTES * blocks;
        if (names < 0 || in.getInt(68) < 0 || in.getInt(72) < 0 || in.getInt(76) < 1) return null;
        if (front > FRONT_BYTES_MAX) return null;
        byte[] rest = files.read(path, HEADER_BYTES, (int) front);
        if (rest.length < front || checksum(header, rest) != in.getInt(80)) return null;
        var facts =
                new Facts(
                        in.getLong(8), in.getLong(16), in.getLong(24), in.getLong(32), in.getLong(40), in.getLong(48),
                        in.getLong(56), names);
        ByteBuffer at = ByteBuffer.wrap(rest);
        List<Erasure> erasures = new ArrayList<>();
        for (int i = 0; i < in.getInt(68); i++) {
            erasures.add(new Erasure(new AccountId(at.getLong()), new Place(facts.number(), at.getLong())));
        }
        List<Stretch> damaged = new ArrayList<>();
        for (int i = 0; i < in.getInt(72); i++) damaged.add(new Stretch(at.getLong(), at.getLong()));
        Bloom bloom = Bloom.of(at, in.getInt(76));
        byte[] firsts = new byte[ObjectName.BYTES * blocks];
        at.get(firsts);
        var index =
                new PackIndex(
                        files, path, facts, List.copyOf(erasures), List.copyOf(damaged), bloom, firsts,
                        HEADER_BYTES + (int) front);
        try {
            if (names > 0) {
                index.last = index.lastName();
                index.lastAccount = ByteBuffer.wrap(index.last).getLong(0);
            }
        } catch (Lost e) {
            return null;
        }
        return index;
    }

    private byte[] lastName() throws Lost {
        byte[] rows = rows(firsts.length / ObjectName.BYTES - 1);
        return name(rows, rows.length / ROW_BYTES - 1).bytes();
    }

    static int checksum(byte[] header, byte[] front) {
        var crc = new CRC32C();
        crc.update(header, 0, HEADER_BYTES - 4);
        crc.update(front);
        return (int) crc.getValue();
    }

    Facts facts() {
        return facts;
    }

    Path path() {
        return path;
    }

    List<Erasure> erasures() {
        return erasures;
    }

    /// Returns the stretches of the segment that could not be read when the index was made.
    List<Stretch> damaged() {
        return damaged;
    }

    @Override
    public long number() {
        return facts.number();
    }

    /// Returns the lowest name this tells of, an erasure being of all its account's names; null if it tells of none.
    @Nullable ObjectName low() {
        ObjectName low = facts.names() == 0 ? null : name(firsts, 0);
        for (Erasure erasure : erasures) {
            ObjectName first = LiveObjects.first(erasure.account());
            if (low == null || first.compareTo(low) < 0) low = first;
        }
        return low;
    }

    /// Returns a name that none this tells of is higher than, likewise.
    @Nullable ObjectName high() {
        ObjectName high = facts.names() == 0 ? null : ObjectName.of(last);
        for (Erasure erasure : erasures) {
            ObjectName end = LiveObjects.last(erasure.account());
            if (high == null || end.compareTo(high) > 0) high = end;
        }
        return high;
    }

    /// Returns the bytes of memory this takes, without what every object of Java has.
    long heapBytes() {
        return 8L * bloom.words() + firsts.length + last.length + 32L * (erasures.size() + damaged.size());
    }

    @Override
    public boolean mayHold(AccountId account) {
        return within(account) && bloom.mayHold(account);
    }

    /// A run is a few segments one after another in name order: most are ruled out by their first and last account.
    private boolean within(AccountId account) {
        return facts.names() > 0
                && Long.compareUnsigned(account.value(), firstAccount) >= 0
                && Long.compareUnsigned(account.value(), lastAccount) <= 0;
    }

    @Override
    public boolean mayHold(ObjectName name) {
        if (!within(name.account())) return false;
        // Mails are named by time, so most segments are ruled out before the filter is asked.
        if (name.kind() == Kind.MAIL
                && (Long.compareUnsigned(name.high(), facts.mailMin()) < 0
                        || Long.compareUnsigned(name.high(), facts.mailMax()) > 0)) {
            return false;
        }
        return bloom.mayHold(name);
    }

    /// An index tells the newest of each name only: "as of" a place inside a segment is asked before it has one.
    @Override
    public @Nullable Slot find(ObjectName name, Place before) throws IOException {
        if (!mayHold(name)) return null;
        int block = blockOf(name.bytes());
        if (block < 0) return null;
        byte[] rows = rows(block);
        int row = rowAtOrAfter(rows, name.bytes());
        return row * ROW_BYTES < rows.length && name.equals(name(rows, row)) ? slot(rows, row) : null;
    }

    /// Returns the last block whose first name is not after `name`, -1 if there is none.
    private int blockOf(byte[] name) {
        int low = 0;
        int high = firsts.length / ObjectName.BYTES - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (compare(firsts, middle * ObjectName.BYTES, name) <= 0) low = middle + 1;
            else high = middle - 1;
        }
        return high;
    }

    private static int rowAtOrAfter(byte[] rows, byte[] name) {
        int low = 0;
        int high = rows.length / ROW_BYTES - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (compare(rows, middle * ROW_BYTES, name) < 0) low = middle + 1;
            else high = middle - 1;
        }
        return low;
    }

    private static int compare(byte[] bytes, int at, byte[] name) {
        return Arrays.compareUnsigned(bytes, at, at + ObjectName.BYTES, name, 0, ObjectName.BYTES);
    }

    /// Returns the rows of a block, checked.
    private byte[] rows(int block) throws Lost {
        int count = Math.min(BLOCK_ROWS, facts.names() - block * BLOCK_ROWS);
        int length = count * ROW_BYTES;
        byte[] read;
        try {
            read = files.read(path, blocksAt + (long) block * BLOCK_BYTES, length + 4);
        } catch (IOException e) {
            var lost = new Lost(this, "index unreadable");
            lost.initCause(e);
            throw lost;
        }
        if (read.length < length + 4) throw new Lost(this, "index shorter than its header says");
        var crc = new CRC32C();
        crc.update(read, 0, length);
        if (ByteBuffer.wrap(read).getInt(length) != (int) crc.getValue()) throw new Lost(this, "index block damaged");
        return Arrays.copyOf(read, length);
    }

    private static ObjectName name(byte[] rows, int row) {
        return ObjectName.of(Arrays.copyOfRange(rows, row * ROW_BYTES, row * ROW_BYTES + ObjectName.BYTES));
    }

    private Slot slot(byte[] rows, int row) {
        ByteBuffer in = ByteBuffer.wrap(rows, row * ROW_BYTES + ObjectName.BYTES, 8);
        return new Slot(new Place(facts.number(), Integer.toUnsignedLong(in.getInt())), in.getInt());
    }

    @Override
    public Cursor cursor(Place before) {
        return new Cursor() {
            private int block = -1;
            private byte[] rows = new byte[0];
            private int row;

            @Override
            public boolean seek(ObjectName from) throws IOException {
                byte[] name = from.bytes();
                if (facts.names() == 0 || Arrays.compareUnsigned(name, last) > 0) return false;
                int wanted = Math.max(0, blockOf(name));
                if (!load(wanted)) return false;
                row = rowAtOrAfter(rows, name);
                return row * ROW_BYTES < rows.length || nextBlock();
            }

            @Override
            public boolean next() throws IOException {
                row++;
                return row * ROW_BYTES < rows.length || nextBlock();
            }

            private boolean nextBlock() throws IOException {
                row = 0;
                return load(block + 1);
            }

            private boolean load(int wanted) throws IOException {
                if (wanted * ObjectName.BYTES >= firsts.length) return false;
                if (wanted != block) rows = rows(wanted);
                block = wanted;
                return true;
            }

            @Override
            public ObjectName name() {
                return PackIndex.name(rows, row);
            }

            @Override
            public Slot slot() {
                return PackIndex.this.slot(rows, row);
            }
        };
    }
}
