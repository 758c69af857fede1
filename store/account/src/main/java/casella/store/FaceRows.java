package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.message.Summary;
import casella.store.engine.HeadRow;
import casella.store.engine.SortedRows;
import casella.store.stored.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rows of an account that are made of its face and of what waits for it, never of its journal, and never
/// written anywhere. Immutable.
///
/// Its mod-sequences begin beyond all an account will ever have, and its floor is where they begin: no client
/// takes a state of one for a state of the other.
public final class FaceRows {
    /// Where arrivals are shown.
    public static final MailboxId RECEIVED = new MailboxId(Integer.MAX_VALUE);

    private static final int RECEIVED_SORT_ORDER = 2;
    /// What a row takes in memory beside its key and its value.
    private static final int ROW_BYTES = 100;

    /// A folder of which the name is known.
    ///
    /// @param uidValidity unsigned 32 bits
    public record Folder(
            MailboxId id, String name, long uidValidity, @Nullable Role role, boolean subscribed,
                    int sortOrder) {}

    private final SortedRows rows;
    private final HeadRow head;
    private final Set<MailboxId> closed;
    private final Instant opened;
    private final long bytes;

    private FaceRows(SortedRows rows, HeadRow head, Set<MailboxId> closed, Instant opened, long bytes) {
        this.rows = rows;
        this.head = head;
        this.closed = closed;
        this.opened = opened;
        this.bytes = bytes;
    }

    /// Returns folders without anything in them, closed, and one that is open.
    ///
    /// @param base beyond the mod-sequences of accounts; also the epoch by which a switch is noticed
    /// @param received what the open folder is called; one that is taken gets a number
    /// @param uidValidity of the open folder
    public static FaceRows of(List<Folder> folders, String received, long uidValidity, long base,
            Instant opened) {
        var operations = new ArrayList<Operation>();
        var contents = new HashMap<Sha256, byte[]>();
        var names = new HashSet<String>();
        var closed = new HashSet<MailboxId>();
        for (Folder folder : folders) {
            if (!names.add(folder.name()) || !closed.add(folder.id())) continue;
            operations.add(new Operation.MailboxCreated(
                    folder.id(), content(folder.name(), contents), (int) folder.uidValidity(), folder.role(),
                            folder.subscribed(), folder.sortOrder()));
        }
        String name = received;
        for (int i = 2; names.contains(name); i++) name = received + " " + i;
        operations.add(new Operation.MailboxCreated(
                RECEIVED, content(name, contents), (int) uidValidity, null, true, RECEIVED_SORT_ORDER));
        byte[] counters = Stored.Counters.newBuilder().setFloor(base).build().toByteArray();
        var head = new HeadRow(base, base, Change.NO_PREVIOUS, counters);
        var nothing = new FaceRows(SortedRows.EMPTY, head, Set.copyOf(closed), opened, 0);
        return nothing.with(operations, contents, base + 1);
    }

    private static Sha256 content(String text, Map<Sha256, byte[]> contents) {
        return content(text.getBytes(StandardCharsets.UTF_8), contents);
    }

    private static Sha256 content(byte[] bytes, Map<Sha256, byte[]> contents) {
        Sha256 hash = Sha256.of(bytes);
        contents.put(hash, bytes);
        return hash;
    }

    /// One that waits.
    ///
    /// @param blob SHA-256 of its exact bytes
    public record Arrived(ArrivalId arrival, Uid uid, Sha256 blob, Instant received, Summary summary) {}

    /// Returns these rows with one more in the open folder. UIDs ascend from one to the next.
    public FaceRows with(Arrived one) {
        var contents = new HashMap<Sha256, byte[]>();
        List<Long> hashes = Threading.hashes(one.summary().envelope());
        ThreadId thread = Threading.thread(view(), one.arrival(), hashes);
        Sha256 summary = content(one.summary().encode(), contents);
        var email = new Operation.EmailArrived(
                one.arrival(), one.blob(), one.summary().size(), one.received(), thread, hashes, summary);
        var placed = new Operation.Placed(one.arrival(), RECEIVED, one.uid(), Keywords.NONE, one.received());
        // The same number for the same UID, whenever these rows are made.
        return with(List.of(email, placed), contents, head.epoch() + 1 + one.uid().value());
    }

    private FaceRows with(List<Operation> operations, Map<Sha256, byte[]> contents, long version) {
        var work = new Workspace(rows);
        Stored.Counters.Builder counters = RowCodec.counters(head).toBuilder();
        var projection = new Projection(work, counters, new Modseq(version), opened, contents);
        for (Operation operation : operations) projection.apply(operation);
        var next = new SortedRows[] {rows};
        long[] more = {0};
        work.written((key, value) -> {
            byte[] before = next[0].get(key);
            if (before != null) more[0] -= ROW_BYTES + key.length + before.length;
            if (value != null) more[0] += ROW_BYTES + key.length + value.length;
            next[0] = value == null ? next[0].without(key) : next[0].with(key, value);
        });
        HeadRow now = projection.head(head.epoch(), head.hash());
        return new FaceRows(next[0], now, closed, opened, bytes + more[0]);
    }

    /// Returns about how much memory they take.
    public long bytes() {
        return bytes;
    }

    /// Returns the account while what waits for it cannot be read: the open folder is closed, too. Its
    /// numbers stay, so that nobody takes it for another state.
    public View named() {
        var all = new HashSet<>(closed);
        all.add(RECEIVED);
        return new View(rows, head, all);
    }

    /// Returns the account as far as it is known.
    public View view() {
        return new View(rows, head, closed);
    }
}
