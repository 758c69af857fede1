package casella.vault.pack;

import casella.base.AccountId;
import casella.store.append.Place;
import casella.store.append.Scanned.Stretch;
import casella.store.append.Segment;
import casella.store.disk.Disk;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.vault.pack.YoungSegment.Erasure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes the index of a segment from what is in memory of it: to a file aside, synced, then renamed into place.
final class PackIndexWriter {
    static final String SUFFIX = ".idx";
    private static final String UNFINISHED = ".idx.new";

    private final Path folder;
    private final Segment segment;
    private final YoungSegment young;
    private final List<Stretch> damaged;

    PackIndexWriter(Path folder, Segment segment, YoungSegment young, List<Stretch> damaged) {
        this.folder = folder;
        this.segment = segment;
        this.young = young;
        this.damaged = damaged;
    }

    static Path path(Segment segment) {
        return named(segment, SUFFIX);
    }

    private static Path named(Segment segment, String suffix) {
        String name = String.valueOf(segment.path().getFileName());
        return segment.path().resolveSibling(name.substring(0, name.lastIndexOf('.')) + suffix);
    }

    void write(Disk disk) throws IOException {
        int names = young.size();
        int blocks = Math.ceilDiv(names, PackIndex.BLOCK_ROWS);
        byte[] all = new byte[names * PackIndex.ROW_BYTES + blocks * 4];
        ByteBuffer rows = ByteBuffer.wrap(all);
        ByteBuffer firsts = ByteBuffer.allocate(blocks * ObjectName.BYTES);
        Bloom bloom = Bloom.sized((long) names + young.accounts());
        long mailMin = -1;
        long mailMax = 0;
        @Nullable AccountId last = null;
        int row = 0;
        int blockAt = 0;
        PackSegment.Cursor cursor = young.cursor(Place.LAST);
        for (boolean more = cursor.seek(LiveObjects.first(new AccountId(0))); more; more = cursor.next()) {
            ObjectName name = cursor.name();
            bloom.add(name);
            if (!name.account().equals(last)) bloom.add(name.account());
            last = name.account();
            if (name.kind() == Kind.MAIL) {
                if (Long.compareUnsigned(name.high(), mailMin) < 0) mailMin = name.high();
                if (Long.compareUnsigned(name.high(), mailMax) > 0) mailMax = name.high();
            }
            if (row % PackIndex.BLOCK_ROWS == 0) {
                firsts.put(name.bytes());
                blockAt = rows.position();
            }
            rows.put(name.bytes()).putInt((int) cursor.slot().place().offset()).putInt(cursor.slot().length());
            row++;
            if (row % PackIndex.BLOCK_ROWS == 0 || row == names) {
                var crc = new CRC32C();
                crc.update(all, blockAt, rows.position() - blockAt);
                rows.putInt((int) crc.getValue());
            }
        }
        ByteBuffer header = ByteBuffer.allocate(PackIndex.HEADER_BYTES);
        header.putInt(PackIndex.MAGIC).putInt(PackIndex.FORMAT).putLong(segment.number()).putLong(segment.id());
        header.putLong(young.end()).putLong(young.objects.get()).putLong(young.bytes.get());
        header.putLong(mailMin).putLong(mailMax);
        header.putInt(names).putInt(young.erasures().size()).putInt(damaged.size()).putInt(bloom.words());
        byte[] front = front(bloom, firsts.array());
        header.putInt(PackIndex.checksum(header.array(), front));
        keep(disk, header.array(), front, all);
    }

    private byte[] front(Bloom bloom, byte[] firsts) {
        List<Erasure> erasures = young.erasures();
        ByteBuffer out =
                ByteBuffer.allocate(16 * erasures.size() + 16 * damaged.size() + 8 * bloom.words() + firsts.length);
        for (Erasure erasure : erasures) out.putLong(erasure.account().value()).putLong(erasure.place().offset());
        for (Stretch stretch : damaged) out.putLong(stretch.from()).putLong(stretch.until());
        bloom.write(out);
        return out.put(firsts).array();
    }

    private void keep(Disk disk, byte[]... parts) throws IOException {
        Path unfinished = named(segment, UNFINISHED);
        disk.delete(unfinished);
        try (Disk.File file = disk.create(unfinished)) {
            for (byte[] part : parts) file.append(ByteBuffer.wrap(part));
            file.sync();
        }
        disk.rename(unfinished, path(segment));
        disk.syncFolder(folder);
    }
}
