package casella.store;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.engine.Batch;
import casella.store.engine.HeadRow;
import casella.store.engine.Rows;
import casella.store.stored.Stored;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A change being made: what is added shows at once in [#view()], and nothing is written before it is sealed.
final class Draft {
    private final HeadRow before;
    private final Workspace rows;
    private final Stored.Counters.Builder counters;
    private final Map<Sha256, byte[]> contents = new LinkedHashMap<>();
    private final List<Operation> operations = new ArrayList<>();
    private final Modseq modseq;
    private final long epoch;
    private final Instant at;
    private final Projection projection;
    private final View view;

    Draft(Rows below, HeadRow before, Clock clock) {
        this(below, before, clock, 1, before.epoch());
    }

    /// @param step the change's mod-sequence less that of the change before it
    /// @param epoch of the change, not below that of the change before it
    Draft(Rows below, HeadRow before, Clock clock, long step, long epoch) {
        this(below, before, clock.now(), step, epoch);
    }

    /// @param at when the change counts as made
    Draft(Rows below, HeadRow before, Instant at, long step, long epoch) {
        this.before = before;
        this.epoch = epoch;
        this.rows = new Workspace(below);
        this.counters = RowCodec.counters(before).toBuilder();
        this.modseq = new Modseq(before.version() + step);
        this.at = at.truncatedTo(ChronoUnit.MILLIS);
        this.projection = new Projection(rows, counters, modseq, this.at, contents);
        this.view = new View(rows, before);
    }

    /// Returns the account with the operations so far applied. Its `modseq()` is still the one before.
    View view() {
        return view;
    }

    Instant at() {
        return at;
    }

    List<Operation> operations() {
        return operations;
    }

    boolean isEmpty() {
        return operations.isEmpty();
    }

    void add(Operation operation) {
        if (operations.size() == Change.OPERATIONS_MAX) throw tooLarge();
        operations.add(operation);
        projection.apply(operation);
    }

    /// Returns the keyed hash under which `text` travels beside this change.
    Sha256 content(String text) {
        return content(text.getBytes(StandardCharsets.UTF_8));
    }

    Sha256 content(byte[] bytes) {
        if (counters.getContentKey().isEmpty()) makeKey();
        Sha256 hash = ContentKey.of(counters.getContentKey().toByteArray()).name(bytes);
        contents.put(hash, bytes);
        return hash;
    }

    /// Gives the account the key under which its contents are named: with its first change, as a content of that.
    private void makeKey() {
        byte[] key = ContentKey.random();
        Sha256 hash = ContentKey.of(key).name(key);
        contents.put(hash, key);
        add(new Operation.KeyMade(hash));
    }

    int highestMailbox() {
        return counters.getMailboxes();
    }

    int highestUidValidity() {
        return counters.getUidValidity();
    }

    /// A change ready to be written: the same bytes for engine and journal.
    record Sealed(Modseq modseq, Sha256 hash, byte[] entry, Batch batch, List<Operation> operations) {}

    /// @throws TooLarge if the change is larger than [Change#BYTES_MAX]
    Sealed seal() {
        var change = new Change(modseq, at, epoch, before.hash(), operations);
        byte[] encoded = change.encode();
        if (encoded.length > Change.BYTES_MAX) throw tooLarge();
        var entry = new Entry(encoded, contents);
        projection.seal(epoch, entry);
        Batch batch = rows.batch(before.version(), before.epoch());
        return new Sealed(modseq, entry.hash(), entry.encode(), batch, change.operations());
    }

    private static TooLarge tooLarge() {
        return new TooLarge();
    }

    /// The plan brings more than one change may hold: it is to be made in smaller pages.
    static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("change too large", null, false, false);
        }

        Fault.Exhausted fault() {
            return new Fault.Exhausted("Change too large", Map.of("bytesMax", Change.BYTES_MAX));
        }
    }
}
