package casella.store.archive;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Entry;
import casella.store.Journal;
import casella.store.engine.Engine;
import casella.store.engine.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an engine has of an account that its journal has not: changes nobody was told of as done, and that
/// the account went on without.
///
/// @param point the last change that both have, as far as can be told
/// @param lost the engine's entries after it, in order, as encoded
public record Branch(Modseq point, List<byte[]> lost) {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int TAIL_PAGE = 500;

    public Branch {
        lost = List.copyOf(lost);
    }

    private record Seen(Archived archived, List<byte[]> entries) {}

    /// What the journal has after a place: hashes by number, and the numbers that a hole left out.
    private static final class Told {
        private final NavigableMap<Modseq, Sha256> hashes = new TreeMap<>();
        private final NavigableMap<Long, Long> jumps = new TreeMap<>();
        /// Whether the engine's archive is of another history: then nothing after it is the journal's.
        private boolean foreign;

        void take(Entry entry) {
            Modseq modseq = entry.change().modseq();
            long step = entry.change().step();
            if (hashes.put(modseq, entry.hash()) == null && step > 1) jumps.put(modseq.value() - step, modseq.value());
        }

        boolean leftOut(Modseq modseq) {
            if (foreign) return true;
            Map.Entry<Long, Long> jump = jumps.lowerEntry(modseq.value());
            return jump != null && modseq.value() < jump.getValue();
        }
    }

    /// Compares an engine's entries with the journal's. Those that were archived left the engine, and are the
    /// journal's. Of a view that is damaged, what can be read is looked at.
    ///
    /// @param newest the journal's newest change: up to there it must be readable
    /// @throws Fault.Unavailable if engine or journal do not answer, or the journal cannot be read whole: what
    ///         looks lost might be its own
    public static Branch find(
            AccountId account, Engine engine, Journal journal, Holdings holdings, Modseq newest) {
        Seen seen = seen(account, engine);
        Told told = seen.entries().isEmpty() ? new Told() : told(account, seen, journal, holdings);
        Modseq point = seen.archived().upTo();
        var lost = new ArrayList<byte[]>();
        for (byte[] encoded : seen.entries()) {
            Entry entry;
            try {
                entry = Entry.decode(encoded);
            } catch (Fault.Corrupt e) {
                continue; // not even readable: there is nothing to merge
            }
            Modseq modseq = entry.change().modseq();
            Sha256 hash = told.hashes.get(modseq);
            if (hash == null && !modseq.after(newest) && !told.leftOut(modseq)) {
                throw new Fault.Unavailable("The journal cannot be read whole: what looks lost may be its own",
                        Map.of("account", account, "at", modseq));
            }
            if (lost.isEmpty() && hash != null && hash.equals(entry.hash())) point = modseq;
            else if (hash == null || !hash.equals(entry.hash())) lost.add(encoded);
        }
        return new Branch(point, lost);
    }

    private static Seen seen(AccountId account, Engine engine) {
        Archived[] archived = {Archived.NOTHING};
        var entries = new ArrayList<byte[]>();
        try {
            return engine.read(account, TIME, rows -> {
                entries.clear();
                archived[0] = archived(rows.get(new Key.Archived()));
                byte[] from = new Key.Entry(archived[0].upTo().next()).bytes();
                rows.scan(from, new byte[] {0x02}, false, (_, value) -> entries.add(value));
                return new Seen(archived[0], entries);
            });
        } catch (Fault.Corrupt e) {
            Log.event(Event.STORE_ACCOUNT_BROKEN, "account", account, "why", e);
            return new Seen(archived[0], List.copyOf(entries));
        }
    }

    /// A mark that cannot be read costs a comparison with all of the journal.
    private static Archived archived(byte @Nullable [] row) {
        try {
            return Archived.of(row);
        } catch (Fault.Corrupt e) {
            return Archived.NOTHING;
        }
    }

    /// The tail before the segments: what leaves it meanwhile is in a segment by then.
    private static Told told(AccountId account, Seen seen, Journal journal, Holdings holdings) {
        var told = new Told();
        var from = new Position(seen.archived().upTo(), seen.archived().hash());
        Modseq at = from.upTo();
        while (true) {
            List<byte[]> page = journal.entries(account, at.next(), TAIL_PAGE, TIME);
            if (page.isEmpty()) break;
            for (byte[] encoded : page) {
                Entry entry = Entry.decode(encoded);
                at = entry.change().modseq();
                told.take(entry);
            }
        }
        History.Reached reached = new History(holdings, account).read(from, told::take);
        Fault fault = reached.fault();
        if (fault != null) {
            throw new Fault.Unavailable("The journal cannot be read whole: what looks lost may be its own",
                    Map.of("account", account, "at", reached.end().upTo()), fault);
        }
        told.foreign = reached.foreign();
        return told;
    }
}
