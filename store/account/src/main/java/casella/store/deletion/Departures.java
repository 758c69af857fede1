package casella.store.deletion;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import casella.store.engine.Standing;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// When what went left the first vault of an account: the engine's row [Key.Collected].
///
/// ```text
/// format:u8 = 2  mails:u8, each: up to which condemnation:u64, when:u64 (Unix milliseconds)
///                journal:u8, each: up to which change:u64, when:u64
/// ```
///
/// Format 1 was one number, the mails' newest, without a time: it counts as of now. Where the row is lost with the
/// engine, everything leaves the first vault once more and the days begin anew.
record Departures(List<Left> mails, List<Left> journal) {
    static final Departures NONE = new Departures(List.of(), List.of());

    private static final Duration TIME = Duration.ofSeconds(30);
    private static final byte FORMAT = 2;
    private static final int EACH = 16;
    private static final int KEPT_MAX = 32;

    /// All up to a change left at a time.
    record Left(Modseq upTo, Instant at) {}

    Departures {
        mails = List.copyOf(mails);
        journal = List.copyOf(journal);
    }

    /// Returns up to where all has left.
    static Modseq done(List<Left> lefts) {
        return lefts.isEmpty() ? Modseq.NONE : lefts.getLast().upTo();
    }

    /// Returns up to where all had left at `before`.
    static Modseq by(List<Left> lefts, Instant before) {
        Modseq ripe = Modseq.NONE;
        for (Left left : lefts) if (!left.at().isAfter(before) && left.upTo().after(ripe)) ripe = left.upTo();
        return ripe;
    }

    /// Returns one more departure. What was long ago is one; of more than a few the later moment counts.
    private static List<Left> with(List<Left> lefts, Modseq upTo, Instant now) {
        if (!upTo.after(done(lefts))) return lefts;
        var all = new ArrayList<>(lefts);
        all.add(new Left(upTo, now));
        Instant longAgo = now.minus(Collection.APART.multipliedBy(2));
        while (all.size() > 2 && !all.get(1).at().isAfter(longAgo)) all.removeFirst();
        while (all.size() > KEPT_MAX) all.remove(all.size() - 2);
        return all;
    }

    Departures mailsLeft(Modseq upTo, Instant now) {
        return new Departures(with(mails, upTo, now), journal);
    }

    Departures journalLeft(Modseq upTo, Instant now) {
        return new Departures(mails, with(journal, upTo, now));
    }

    static Departures of(byte[] row, Instant now) {
        if (row.length == 0) return NONE;
        try {
            ByteBuffer in = ByteBuffer.wrap(row);
            byte format = in.get();
            if (format == 1) return NONE.mailsLeft(new Modseq(in.getLong()), now);
            if (format != FORMAT) throw new BufferUnderflowException();
            return new Departures(lefts(in), lefts(in));
        } catch (BufferUnderflowException e) {
            throw new Fault.Corrupt("Collected row unreadable", Map.of("bytes", row.length), e);
        }
    }

    private static List<Left> lefts(ByteBuffer in) {
        var lefts = new ArrayList<Left>();
        for (int left = Byte.toUnsignedInt(in.get()); left > 0; left--) {
            lefts.add(new Left(new Modseq(in.getLong()), Instant.ofEpochMilli(in.getLong())));
        }
        return lefts;
    }

    byte[] row() {
        ByteBuffer out = ByteBuffer.allocate(3 + EACH * (mails.size() + journal.size())).put(FORMAT);
        for (List<Left> lefts : List.of(mails, journal)) {
            out.put((byte) lefts.size());
            for (Left left : lefts) out.putLong(left.upTo().value()).putLong(left.at().toEpochMilli());
        }
        return out.array();
    }

    /// Reads an account's; one of format 1 is written anew with the time of now.
    static Departures read(Engine engine, AccountId id, Instant now) {
        byte[] row = engine.read(id, TIME, rows -> {
            byte[] found = rows.get(new Key.Collected().bytes());
            return found == null ? new byte[0] : found;
        });
        Departures departures = of(row, now);
        if (row.length > 0 && row[0] != FORMAT) departures.write(engine, id);
        return departures;
    }

    void write(Engine engine, AccountId id) {
        var row = new Batch.Row(new Key.Collected().bytes(), row());
        Standing at = engine.read(id, TIME, rows -> Standing.of(rows.get(new Key.Head().bytes())));
        var batch = new Batch(at.version(), at.epoch(), List.of(row), List.of());
        if (engine.write(id, batch).await(Deadline.in(TIME)) instanceof Engine.Outcome.Refused) {
            Log.event(Event.COLLECT_LATER, "account", id, "why", "another writer was first");
        }
    }
}
