package casella.vault.rocksdb;

import casella.base.AccountId;
import casella.base.Fault;
import casella.rocksdb.Handles;
import casella.rocksdb.Tables;
import casella.store.vault.ObjectName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.MutableColumnFamilyOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// One database of the vault with everything native that belongs to it: the one that is written, or an older one that
/// was set aside and is only read.
///
/// Whoever uses it does so between [#enter] and [#leave].
final class Generation implements AutoCloseable {
    /// How to open one.
    enum Mode {
        /// To write; the log must be without blemish, as a clean stop leaves it.
        WHOLE,
        /// To write; records of the log that cannot be read are skipped. Objects stand alone and are checked when read, so
        /// unlike an engine a vault may keep what lies behind a bad record.
        SALVAGE,
        /// Only to read, and as much as can be read.
        READ_ONLY
    }

    static final byte[] FIGURES_KEY = "figures".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROBE_KEY = "probe".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ERASED = "erased".getBytes(StandardCharsets.US_ASCII);
    private static final long BLOB_BYTES_MIN = 4096;

    private final String vault;
    private final int number;
    private final Mode mode;
    private final Handles handles;
    private final WriteOptions synced;
    private final RocksDB db;
    private final ColumnFamilyHandle own;
    private final ColumnFamilyHandle names;
    private final ColumnFamilyHandle objects;

    /// Opens the database in `folder`.
    ///
    /// @param fresh whether to make it: never where files are that may hold objects
    /// @param entering runs on each thread that begins a use
    Generation(
            String vault,
            int number,
            Path folder,
            RocksVaultConfig config,
            Runnable entering,
            Mode mode,
            boolean fresh)
            throws RocksDBException {
        this.vault = vault;
        this.number = number;
        this.mode = mode;
        this.handles = new Handles(vault, entering);
        boolean opened = false;
        try {
            synced = handles.keep(new WriteOptions().setSync(true));
            Cache cache = handles.keep(Tables.cache(config.blockCacheBytes()));
            var opening = new ArrayList<ColumnFamilyHandle>();
            var families = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family(config, cache)),
                    new ColumnFamilyDescriptor(bytes("names"), family(config, cache)),
                    new ColumnFamilyDescriptor(bytes("objects"), blobs(family(config, cache), config)));
            DBOptions options = options(config, fresh);
            db = handles.keep(
                    mode == Mode.READ_ONLY
                            ? RocksDB.openReadOnly(options, folder.toString(), families, opening)
                            : RocksDB.open(options, folder.toString(), families, opening));
            opening.forEach(handles::keep);
            own = opening.get(0);
            names = opening.get(1);
            objects = opening.get(2);
            opened = true;
        } finally {
            if (!opened) handles.close();
        }
    }

    private DBOptions options(RocksVaultConfig config, boolean fresh) {
        var more = new Properties();
        // A manifest cut short would open as an older state and have the newer files deleted: a log that is missing then
        // is refused. Reading only would delete nothing; but where the manifest names logs, opening to read without this
        // ends the process (RocksDB issue 13235), and it is read once more from another vault.
        more.setProperty("track_and_verify_wals_in_manifest", "true");
        DBOptions options = handles.keep(DBOptions.getDBOptionsFromProps(more));
        return options.setCreateIfMissing(fresh)
                .setCreateMissingColumnFamilies(fresh)
                .setParanoidChecks(mode != Mode.READ_ONLY)
                .setWalRecoveryMode(
                        mode == Mode.WHOLE
                                ? WALRecoveryMode.AbsoluteConsistency
                                : WALRecoveryMode.SkipAnyCorruptedRecords)
                // Recycled logs hold old records behind the new ones, and evidence must not be overwritten.
                .setRecycleLogFileNum(0)
                // A mapped file that is truncated under us would end the process.
                .setAllowMmapReads(false)
                .setAllowMmapWrites(false)
                .setMaxTotalWalSize(4 * config.writeBufferBytes())
                .setMaxBackgroundJobs(config.backgroundJobs())
                .setMaxOpenFiles(512)
                .setSkipStatsUpdateOnDbOpen(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(1 << 20)
                .setKeepLogFileNum(5)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    private ColumnFamilyOptions family(RocksVaultConfig config, Cache cache) {
        return handles.keep(new ColumnFamilyOptions())
                .setTableFormatConfig(Tables.of(cache, handles))
                .setWriteBufferSize(config.writeBufferBytes())
                .setMaxWriteBufferNumber(config.writeBuffersMax())
                .setForceConsistencyChecks(mode != Mode.READ_ONLY)
                .setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    /// Objects are compressed once, before any vault sees them. While blobs are collected every compaction writes the
    /// oldest quarter of them anew, waste or not; so that is begun and ended by [#collect]. Decision 0077.
    private static ColumnFamilyOptions blobs(ColumnFamilyOptions family, RocksVaultConfig config) {
        return family.setCompressionType(CompressionType.NO_COMPRESSION)
                .setEnableBlobFiles(true)
                .setMinBlobSize(BLOB_BYTES_MIN)
                .setBlobFileSize(config.blobFileBytes())
                .setBlobCompressionType(CompressionType.NO_COMPRESSION)
                .setEnableBlobGarbageCollection(false)
                .setBlobGarbageCollectionAgeCutoff(0.25)
                .setBlobGarbageCollectionForceThreshold(0.5);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    int number() {
        return number;
    }

    /// Returns what `name` stands for here, or null where it was never put.
    @Nullable ObjectRow row(ObjectName name) throws RocksDBException {
        byte @Nullable [] value = db.get(names, name.bytes());
        return value == null ? null : ObjectRow.decode(value);
    }

    /// Returns bytes of an object from `from` on, at most `length`.
    ///
    /// @throws Fault.Corrupt if a piece is missing or has another length than its row says
    byte[] read(ObjectName name, ObjectRow row, long from, int length) throws RocksDBException {
        int start = (int) Math.min(from, row.length());
        int end = (int) Math.min((long) start + length, row.length());
        byte[] out = new byte[end - start];
        for (int piece = start / row.pieceLength(); out.length > 0
                && piece <= (end - 1) / row.pieceLength(); piece++) {
            int at = piece * row.pieceLength();
            int expected = Math.min(row.pieceLength(), row.length() - at);
            byte @Nullable [] bytes = db.get(objects, ObjectRow.pieceKey(name, piece));
            if (bytes == null || bytes.length != expected) {
                throw new Fault.Corrupt("Piece of an object lost",
                        Map.of("vault", vault, "object", name, "piece", piece));
            }
            int first = Math.max(start, at);
            int last = Math.min(end, at + expected);
            System.arraycopy(bytes, first - at, out, first - start, last - first);
        }
        return out;
    }

    RocksIterator iterateNames() {
        return db.newIterator(names);
    }

    /// Says whether this generation hides what older ones hold of `account`.
    boolean hides(AccountId account) throws RocksDBException {
        return db.get(own, erasedKey(account)) != null;
    }

    void put(WriteBatch batch, ObjectName name, ObjectRow row, byte[] object) throws RocksDBException {
        batch.put(names, name.bytes(), row.encode());
        for (int piece = 0; piece < row.pieces(); piece++) {
            int at = piece * row.pieceLength();
            int end = Math.min(object.length, at + row.pieceLength());
            byte[] bytes = end - at == object.length ? object : Arrays.copyOfRange(object, at, end);
            batch.put(objects, ObjectRow.pieceKey(name, piece), bytes);
        }
    }

    void hide(WriteBatch batch, ObjectName name) throws RocksDBException {
        batch.put(names, name.bytes(), ObjectRow.GONE.encode());
    }

    void hide(WriteBatch batch, AccountId account) throws RocksDBException {
        batch.put(own, erasedKey(account), new byte[0]);
    }

    void forget(WriteBatch batch, ObjectName name) throws RocksDBException {
        batch.delete(names, name.bytes());
    }

    /// Removes pieces `from` (inclusive) to `until` (exclusive).
    void removePieces(WriteBatch batch, ObjectName name, int from, int until) throws RocksDBException {
        for (int piece = from; piece < until; piece++) batch.delete(objects, ObjectRow.pieceKey(name, piece));
    }

    void removeAccount(WriteBatch batch, AccountId account) throws RocksDBException {
        byte[] from = ByteBuffer.allocate(8).putLong(account.value()).array();
        byte[] until = afterAccount(account);
        batch.deleteRange(names, from, until);
        batch.deleteRange(objects, from, until);
    }

    /// Returns a key after every name of `account`: no kind of object is numbered 255.
    static byte[] afterAccount(AccountId account) {
        return ByteBuffer.allocate(9).putLong(account.value()).put((byte) 0xFF).array();
    }

    private static byte[] erasedKey(AccountId account) {
        return ByteBuffer.allocate(ERASED.length + 8).put(ERASED).putLong(account.value()).array();
    }

    void figures(WriteBatch batch, long count, long bytes) throws RocksDBException {
        batch.put(own, FIGURES_KEY, ByteBuffer.allocate(16).putLong(count).putLong(bytes).array());
    }

    /// Returns the number of objects and their bytes as last written, or null where nothing was.
    long @Nullable [] figures() throws RocksDBException {
        byte @Nullable [] value = db.get(own, FIGURES_KEY);
        if (value == null || value.length != 16) return null;
        ByteBuffer in = ByteBuffer.wrap(value);
        return new long[] {in.getLong(), in.getLong()};
    }

    /// Applies `batch` and syncs it.
    void write(WriteBatch batch) throws RocksDBException {
        db.write(synced, batch);
    }

    /// Returns which share of the blobs' bytes belongs to objects that went, 0 to 1.
    double waste() throws RocksDBException {
        long all = db.getLongProperty(objects, "rocksdb.live-blob-file-size");
        long waste = db.getLongProperty(objects, "rocksdb.live-blob-file-garbage-size");
        return all == 0 ? 0 : (double) waste / all;
    }

    /// Returns bytes that are in memory and a log, and have still to be written into files.
    long unflushed() throws RocksDBException {
        return db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables");
    }

    /// Begins or ends collecting: from then on compactions leave waste behind.
    void collect(boolean on) throws RocksDBException {
        db.setOptions(
                objects,
                MutableColumnFamilyOptions.builder().setEnableBlobGarbageCollection(on).build());
    }

    /// Compacts all there is, in the foreground. For tests.
    void compact() throws RocksDBException {
        db.compactRange(objects);
    }

    /// Writes, reads and removes a row of its own.
    void probe() throws RocksDBException {
        byte[] now = bytes(Long.toString(System.nanoTime()));
        db.put(own, synced, PROBE_KEY, now);
        if (!Arrays.equals(now, db.get(own, PROBE_KEY))) {
            throw new Fault.Corrupt("Probe read other bytes than it wrote", Map.of("vault", vault));
        }
    }

    /// Begins a use on this thread.
    ///
    /// @throws Fault.Unavailable if it is closed
    void enter() {
        handles.enter();
    }

    void leave() {
        handles.leave();
    }

    /// Waits for those who use it, then closes.
    @Override
    public void close() {
        handles.close();
    }
}
