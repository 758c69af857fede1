package casella.store;

import casella.base.Fault;
import casella.base.Sha256;
import casella.store.engine.Batch;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import casella.store.stored.Stored;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An account's rows as its journal makes them: entries laid over what an earlier part of the journal made.
///
/// The same entries over the same rows give the same rows, whoever folds them: engine, rebuild, checkpoint, proof. Not
/// safe for several threads.
public final class Fold {
    private final Workspace rows;
    private final HeadRow before;
    private HeadRow head;
    private long bytes;

    private Fold(Rows below, HeadRow before) {
        this.rows = new Workspace(below);
        this.before = before;
        this.head = before;
    }

    /// Begins over `below`, which has a head row, or is empty.
    public static Fold over(Rows below) {
        byte[] head = below.get(new Key.Head());
        return new Fold(below, head == null ? Account.blank(0) : HeadRow.of(head));
    }

    /// Lays one more entry over the rows.
    ///
    /// @param keep whether its journal row is written too: for an entry that is not archived
    /// @throws Fault.Corrupt if it does not continue the chain, or does not fit the rows
    public void apply(Entry entry, boolean keep) {
        Change change = entry.change();
        boolean next = change.modseq().value() == head.version() + change.step();
        if (!next || !change.previous().equals(head.hash())) {
            throw new Fault.Corrupt(
                    "Entry does not continue the chain",
                            Map.of("modseq", change.modseq(), "after", head.version()));
        }
        Stored.Counters.Builder counters = RowCodec.counters(head).toBuilder();
        var projection = new Projection(rows, counters, change.modseq(), change.at(), entry.contents());
        for (Operation operation : change.operations()) projection.apply(operation);
        head = projection.head(change.epoch(), entry.hash());
        if (keep) rows.put(new Key.Entry(change.modseq()), entry.encode());
        rows.put(new Key.Head(), head.bytes());
        bytes += entry.encodedChange().length;
        for (byte[] content : entry.contents().values()) bytes += content.length;
    }

    /// Returns the head after the last entry.
    public HeadRow head() {
        return head;
    }

    /// Returns the account's rows as they are now.
    public Rows rows() {
        return rows;
    }

    /// Returns about how many bytes were laid over the rows.
    public long bytes() {
        return bytes;
    }

    /// Takes what is different from the rows below.
    public interface Written {
        /// @param value null where the row is gone
        void row(byte[] key, byte @Nullable [] value);
    }

    /// Visits what is different from the rows below, in key order.
    public void written(Written visitor) {
        rows.written(visitor);
    }

    /// Returns the batch that brings an engine from the rows below to these.
    public Batch batch() {
        return rows.batch(before.version(), before.epoch());
    }

    /// Returns what the journal of an account says about its key.
    public ContentKey key() {
        return ContentKey.of(head);
    }

    /// Returns the hash the next entry must name.
    public Sha256 hash() {
        return head.hash();
    }
}
