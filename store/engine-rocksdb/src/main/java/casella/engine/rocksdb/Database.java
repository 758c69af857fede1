package casella.engine.rocksdb;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.rocksdb.Evidence;
import casella.rocksdb.Handles;
import casella.rocksdb.LogGuard;
import casella.rocksdb.RocksFaults;
import casella.rocksdb.Tables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// An opened database and everything native that belongs to it.
///
/// Opening asks first for a log without any blemish, which is what a clean stop leaves. Only if that is refused it takes
/// the log up to its last whole record, keeps the refused files as evidence and says so ([#cut]): after kill -9 that is
/// the torn end of a write nobody was answered, but the same thing hides a flipped bit and every answered write behind
/// it, which only a comparison with the tail can tell. Decision 0056.
///
/// A manifest that lost its end names an older set of files, and the newer logs fit any set: answered rows would be
/// missing in the middle. So each log names the one before it, and a log that must be there and is not is damage. The
/// first log of an opening names none; therefore a database whose log was read is opened twice ([#opened]), and what
/// that reading wrote is no longer at a manifest's end but in what it begins with. Decision 0119.
///
/// Whoever uses the handle does it between [#enter] and [#leave].
final class Database implements AutoCloseable {
    /// Values of the column family `own`: the format of this database, and what probes write.
    static final byte[] FORMAT_KEY = "format".getBytes(StandardCharsets.US_ASCII);

    static final byte[] PROBE_KEY = "probe".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FORMAT = {1};
    private static final byte[] OWN = "own".getBytes(StandardCharsets.US_ASCII);

    /// Lies in the folder once something was read that was not what was written: the next start reads all of it.
    private static final String SUSPECT = "SUSPECT";

    private final Path folder;
    private final AtomicBoolean suspected = new AtomicBoolean();
    private final Handles handles;
    private final WriteOptions synced;
    private final boolean cut;
    private final RocksDB db;
    private final ColumnFamilyHandle rows;
    private final ColumnFamilyHandle own;

    private Database(Path folder, RocksEngineConfig config, Runnable entering, boolean fresh, boolean cut)
            throws RocksDBException {
        this.folder = folder;
        this.handles = new Handles("engine", entering);
        this.cut = cut;
        boolean opened = false;
        try {
            synced = handles.keep(new WriteOptions().setSync(true));
            ColumnFamilyOptions family = familyOptions(config);
            var opening = new ArrayList<ColumnFamilyHandle>();
            var families = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family),
                    new ColumnFamilyDescriptor(OWN, family));
            db = handles.keep(RocksDB.open(options(config, fresh, cut), folder.toString(), families,
                    opening));
            opening.forEach(handles::keep);
            rows = opening.get(0);
            own = opening.get(1);
            checkFormat();
            opened = true;
        } finally {
            if (!opened) handles.close();
        }
    }

    /// Opens the database in `folder`, making it where the folder holds none.
    ///
    /// @param entering runs on each thread that begins a use
    /// @throws Fault.Corrupt if its files are damaged beyond the end of the log, or some are missing; where damage was
    ///         read before, all of it is looked for
    /// @throws Fault.Unavailable if it is locked by another process or cannot be read
    static Database open(Path folder, RocksEngineConfig config, Runnable entering) {
        return open(folder, config, entering, RocksDB::verifyChecksum);
    }

    /// Reads all of a database.
    interface Check {
        void all(RocksDB db) throws RocksDBException;
    }

    /// As above, for tests in which the disk fails while all of it is read.
    static Database open(Path folder, RocksEngineConfig config, Runnable entering, Check check) {
        Database database = opened(folder, config, entering);
        if (!Files.exists(folder.resolve(SUSPECT))) return database;
        try {
            check.all(database.db);
        } catch (RocksDBException e) {
            database.close();
            // Damage was read before, and now it cannot even be read through: it is not served from, and
            // a view that is
            // made anew costs time, where a refusal to start costs everybody's service.
            Map<String, Object> facts = Map.of("folder", folder.toString());
            Log.event(Event.ENGINE_UNREADABLE, e, "engine", RocksEngine.TECHNOLOGY, "folder", folder);
            throw new Fault.Corrupt("Engine was suspect of damage and cannot be read through", facts, e);
        }
        try {
            Files.delete(folder.resolve(SUSPECT));
        } catch (IOException e) {
            // All of it is right; the note stays, and the next start reads all of it again.
            Log.event(Event.ROCKSDB_EVIDENCE_LOST, e, "where", "engine", "folder", folder);
        }
        return database;
    }

    private static Database opened(Path folder, RocksEngineConfig config, Runnable entering) {
        boolean fresh = fresh(folder);
        mend(folder);
        boolean logged = holds(folder, Database::isLog);
        Database recovered = recovered(folder, config, entering, fresh);
        if (!logged) return recovered;
        recovered.close();
        try {
            return new Database(folder, config, entering, false, recovered.cut);
        } catch (RocksDBException e) {
            throw refused(folder, false, e);
        }
    }

    private static Database recovered(Path folder, RocksEngineConfig config, Runnable entering,
            boolean fresh) {
        try {
            return new Database(folder, config, entering, fresh, false);
        } catch (RocksDBException first) {
            if (!RocksFaults.corruption(first)) throw refused(folder, fresh, first);
            Evidence.keepLogs("engine", folder);
            try {
                var database = new Database(folder, config, entering, fresh, true);
                Log.event(Event.ENGINE_LOG_CUT, first, "engine", RocksEngine.TECHNOLOGY, "folder", folder);
                return database;
            } catch (RocksDBException second) {
                throw refused(folder, fresh, second);
            }
        }
    }

    private static void mend(Path folder) {
        try {
            LogGuard.mend("engine", folder);
        } catch (IOException e) {
            throw new Fault.Unavailable("Engine's log cannot be read", Map.of("folder", folder.toString()), e);
        }
    }

    private static Fault refused(Path folder, boolean fresh, RocksDBException cause) {
        if (!fresh && RocksFaults.damage(cause)) {
            Log.event(Event.ENGINE_UNREADABLE, cause, "engine", RocksEngine.TECHNOLOGY, "folder", folder);
            return new Fault.Corrupt("Engine's files are damaged", Map.of("folder", folder.toString()), cause);
        }
        return RocksFaults.of("Engine cannot be opened", cause);
    }

    /// Says whether nothing can ever have been answered from here: no row file and no byte of a log. A folder whose
    /// `CURRENT` is missing beside such files is damaged, not new.
    private static boolean fresh(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new Fault.Unavailable("Engine's folder cannot be made", Map.of("folder", folder.toString()), e);
        }
        return !holds(folder, file -> isLog(file) || file.getFileName().toString().endsWith(".sst"));
    }

    private static boolean holds(Path folder, Predicate<Path> kind) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(kind);
        } catch (IOException e) {
            throw new Fault.Unavailable("Engine's folder cannot be read", Map.of("folder", folder.toString()), e);
        }
    }

    private static boolean isLog(Path file) {
        return file.getFileName().toString().endsWith(".log") && file.toFile().length() > 0;
    }

    private DBOptions options(RocksEngineConfig config, boolean fresh, boolean cut) {
        var more = new Properties();
        // A log that is missing, or shorter than it was when the next one was begun, is refused: to go on
        // behind it would
        // leave a hole that no comparison of versions can see.
        more.setProperty("track_and_verify_wals_in_manifest", "true");
        // The same where it is the manifest that was damaged: a log's first record names the log before it.
        more.setProperty("track_and_verify_wals", "true");
        DBOptions options = handles.keep(DBOptions.getDBOptionsFromProps(more));
        return options.setCreateIfMissing(fresh)
                .setCreateMissingColumnFamilies(fresh)
                .setParanoidChecks(true)
                .setWalRecoveryMode(
                        cut ? WALRecoveryMode.PointInTimeRecovery : WALRecoveryMode.AbsoluteConsistency)
                // Recycled logs hold old records behind the new ones, and evidence must not be overwritten.
                .setRecycleLogFileNum(0)
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

    private ColumnFamilyOptions familyOptions(RocksEngineConfig config) {
        Cache cache = handles.keep(Tables.cache(config.blockCacheBytes()));
        return handles.keep(new ColumnFamilyOptions())
                .setTableFormatConfig(Tables.of(cache, handles))
                .setWriteBufferSize(config.writeBufferBytes())
                .setMaxWriteBufferNumber(config.writeBuffersMax())
                .setParanoidFileChecks(true)
                .setForceConsistencyChecks(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION);
    }

    private void checkFormat() throws RocksDBException {
        byte[] found = db.get(own, FORMAT_KEY);
        if (found == null) db.put(own, synced, FORMAT_KEY, FORMAT);
        else if (!Arrays.equals(found, FORMAT)) {
            throw new Fault.Unavailable("Engine is of a format this program does not know", Map.of());
        }
    }

    /// Says whether opening had to end the log before its end: rows may be missing that were answered.
    boolean cut() {
        return cut;
    }

    RocksDB db() {
        return db;
    }

    ColumnFamilyHandle rows() {
        return rows;
    }

    ColumnFamilyHandle own() {
        return own;
    }

    /// Returns the fault that `cause` is, and remembers it over the restart if files are damaged.
    Fault fault(String sentence, RocksDBException cause) {
        if (RocksFaults.corruption(cause) && suspected.compareAndSet(false, true)) {
            Evidence.note("engine", folder.resolve(SUSPECT), sentence + ": " + cause.getMessage() + "\n");
        }
        return RocksFaults.of(sentence, cause);
    }

    /// Applies `batch` and syncs it.
    void write(WriteBatch batch) throws RocksDBException {
        db.write(synced, batch);
    }

    /// Writes, reads and compares a row of its own.
    void probe() throws RocksDBException {
        byte[] now = Long.toString(System.nanoTime()).getBytes(StandardCharsets.US_ASCII);
        db.put(own, synced, PROBE_KEY, now);
        if (!Arrays.equals(now, db.get(own, PROBE_KEY))) {
            throw new Fault.Corrupt("Probe read other bytes than it wrote", Map.of("engine", RocksEngine.TECHNOLOGY));
        }
    }

    /// Begins a use of the native handle on this thread.
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
