package casella.engine.rocksdb;

import casella.base.AccountId;
import casella.store.engine.Rows;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/// One account's rows in one snapshot, for the thread that made it and only until it is closed: a reading that kept it
/// would meet freed native memory, so each use is checked.
final class RocksRows implements Rows, AutoCloseable {
    static final int ACCOUNT_BYTES = Long.BYTES;

    private final Database database;
    private final AccountId account;
    private final Thread thread = Thread.currentThread();
    private final Snapshot snapshot;
    private final ReadOptions options;
    private boolean ended;

    /// Takes a snapshot. The caller has entered `database` and closes this before it leaves.
    @SuppressWarnings("resource") // both are closed in close()
    RocksRows(Database database, AccountId account) {
        this.database = database;
        this.account = account;
        this.snapshot = database.db().getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot);
    }

    /// Returns the stored key of an account's row.
    static byte[] stored(AccountId account, byte[] key) {
        return ByteBuffer.allocate(ACCOUNT_BYTES + key.length)
                .putLong(account.value())
                .put(key)
                .array();
    }

    /// Returns a stored key after every row of `account`: no room of the key table is numbered 255.
    static byte[] end(AccountId account) {
        return stored(account, new byte[] {(byte) 0xFF});
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        check();
        try {
            return database.db().get(database.rows(), options, stored(account, key));
        } catch (RocksDBException e) {
            throw database.fault("Row cannot be read", e);
        }
    }

    @Override
    public void scan(byte[] from, byte[] until, boolean backwards, Visitor visitor) {
        check();
        if (Arrays.compareUnsigned(from, until) >= 0) return;
        try (Slice lower = new Slice(stored(account, from));
                Slice upper = new Slice(stored(account, until));
                ReadOptions bounds = new ReadOptions(options).setIterateLowerBound(lower)
                        .setIterateUpperBound(upper);
                RocksIterator at = database.db().newIterator(database.rows(), bounds)) {
            if (backwards) at.seekToLast();
            else at.seekToFirst();
            while (at.isValid()) {
                byte[] key = at.key();
                if (!visitor.row(Arrays.copyOfRange(key, ACCOUNT_BYTES, key.length), at.value())) return;
                if (backwards) at.prev();
                else at.next();
            }
            at.status();
        } catch (RocksDBException e) {
            throw database.fault("Rows cannot be read", e);
        }
    }

    private void check() {
        if (ended || Thread.currentThread() != thread) {
            throw new IllegalStateException("rows: used outside their reading");
        }
    }

    @Override
    public void close() {
        ended = true;
        options.close();
        database.db().releaseSnapshot(snapshot);
        snapshot.close();
    }
}
