package casella.store.archive;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Entry;
import casella.store.Journal;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    private record Seen(long version, Archived archived, List<byte[]> entries) {}

    /// Compares an engine's entries with the journal's. Those that were archived left the engine, and are the
    /// journal's.
    ///
    /// @throws Fault.Unavailable if engine or journal cannot be read
    public static Branch find(AccountId account, Engine engine, Journal journal, Holdings holdings) {
        Seen seen = seen(account, engine);
        Map<Modseq, Sha256> history = history(account, seen, journal, holdings);
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
            Sha256 told = history.get(modseq);
            if (lost.isEmpty() && told != null && told.equals(entry.hash())) point = modseq;
            else lost.add(encoded);
        }
        return new Branch(point, lost);
    }

    private static Seen seen(AccountId account, Engine engine) {
        return engine.read(account, TIME, rows -> {
            byte[] head = rows.get(new Key.Head());
            Archived archived = Archived.of(rows.get(new Key.Archived()));
            var entries = new ArrayList<byte[]>();
            byte[] from = new Key.Entry(archived.upTo().next()).bytes();
            rows.scan(from, new byte[] {0x02}, false, (_, value) -> entries.add(value));
            return new Seen(head == null ? 0 : HeadRow.of(head).version(), archived, entries);
        });
    }

    private static Map<Modseq, Sha256> history(
            AccountId account, Seen seen, Journal journal, Holdings holdings) {
        Map<Modseq, Sha256> history = new HashMap<>();
        var from = new Position(seen.archived().upTo(), seen.archived().hash());
        Modseq[] at = {from.upTo()};
        new History(holdings, account).read(from, entry -> {
            at[0] = entry.change().modseq();
            history.put(at[0], entry.hash());
        });
        while (at[0].value() < seen.version()) {
            List<byte[]> page = journal.entries(account, at[0].next(), TAIL_PAGE, TIME);
            if (page.isEmpty()) break;
            for (byte[] encoded : page) {
                Entry entry = Entry.decode(encoded);
                at[0] = entry.change().modseq();
                history.put(at[0], entry.hash());
            }
        }
        return history;
    }
}
