package casella.testkit;

import casella.base.Sha256;
import casella.store.engine.Batch;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Batches as tests write them: `EngineRows.from(3, 1).put(key, value).batch()` takes an account from version 3 to 4.
public final class EngineRows {
    private static final Sha256 HASH = Sha256.of(new byte[0]);

    private final long version;
    private final long epoch;
    private long next;
    private final Map<String, Batch.Row> puts = new TreeMap<>();
    private final List<byte[]> deletes = new ArrayList<>();

    private EngineRows(long version, long epoch) {
        this.version = version;
        this.epoch = epoch;
        this.next = version + 1;
    }

    public static EngineRows from(long version, long epoch) {
        return new EngineRows(version, epoch);
    }

    /// Makes the batch go to another version than the next one.
    public EngineRows to(long newVersion) {
        this.next = newVersion;
        return this;
    }

    public EngineRows put(byte[] key, byte[] value) {
        puts.put(java.util.HexFormat.of().formatHex(key), new Batch.Row(key, value));
        return this;
    }

    public EngineRows delete(byte[] key) {
        deletes.add(key);
        return this;
    }

    /// Returns the batch, with the head row of its new version.
    public Batch batch() {
        var rows = new ArrayList<Batch.Row>();
        rows.add(new Batch.Row(new Key.Head().bytes(), new HeadRow(next, epoch, HASH, new byte[0]).bytes()));
        rows.addAll(puts.values());
        return new Batch(version, epoch, rows, deletes);
    }
}
