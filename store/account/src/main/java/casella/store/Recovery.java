package casella.store;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.archive.Archived;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// After a start: an engine proves that it is not stale before it serves. architecture §6.
///
/// Engine behind the journal: the missing changes are replayed. Engine ahead, by changes that were never answered: the
/// journal is completed from the engine's own entries. Same number, other hash: the account is closed and named.
final class Recovery {
    private static final int PAGE = 500;
    private static final Duration TIME = Duration.ofSeconds(30);

    private final Accounts.Parts parts;

    Recovery(Accounts.Parts parts) {
        this.parts = parts;
    }

    List<AccountId> run() {
        var differ = new ArrayList<AccountId>();
        parts.journal()
                .newest()
                .forEach(
                        (id, newest) -> {
                            try {
                                if (settle(id, newest)) Log.event(Event.STORE_ACCOUNT_RECOVERED, "account", id);
                            } catch (Fault.Corrupt e) {
                                differ.add(id);
                                Log.event(Event.STORE_ACCOUNT_DIFFERS, "account", id, "why", e);
                            }
                        });
        return differ;
    }

    /// Returns whether there was anything to do.
    private boolean settle(AccountId id, Journal.Newest newest) {
        HeadRow head = head(id).orElse(Account.blank(0));
        long engine = head.version();
        if (engine == newest.modseq().value()) {
            if (!head.hash().equals(newest.hash())) throw differs(id, engine);
            return false;
        }
        if (engine < newest.modseq().value()) replay(id, new Modseq(engine));
        else complete(id, newest);
        return true;
    }

    private Optional<HeadRow> head(AccountId id) {
        return parts.engine()
                .read(
                        id,
                        TIME,
                        rows -> {
                            byte[] head = rows.get(new Key.Head());
                            return Optional.ofNullable(head).map(HeadRow::of);
                        });
    }

    private void replay(AccountId id, Modseq since) {
        Modseq from = since.next();
        while (true) {
            List<byte[]> page = parts.journal().entries(id, from, PAGE, TIME);
            if (page.isEmpty()) return;
            for (byte[] encoded : page) {
                apply(id, Entry.decode(encoded));
                from = from.next();
            }
        }
    }

    private void apply(AccountId id, Entry entry) {
        Change change = entry.change();
        casella.store.engine.Batch batch =
                parts.engine()
                        .read(
                                id,
                                TIME,
                                rows -> {
                                    byte[] bytes = rows.get(new Key.Head());
                                    HeadRow head = bytes == null ? Account.blank(change.epoch()) : HeadRow.of(bytes);
                                    if (!change.previous().equals(head.hash())) throw differs(id, head.version());
                                    return Replay.batch(rows, head, change, entry);
                                });
        switch (parts.engine().write(id, batch).await(Deadline.in(TIME))) {
            case Engine.Outcome.Written() -> {}
            case Engine.Outcome.Refused(long version, long _) -> throw differs(id, version);
        }
    }

    private void complete(AccountId id, Journal.Newest newest) {
        // What is in segments has left the engine; the journal then goes on after them, with a gap nobody needs.
        Archived archived =
                parts.engine().read(id, TIME, rows -> Archived.of(rows.get(new Key.Archived())));
        boolean later = archived.upTo().after(newest.modseq());
        Modseq since = later ? archived.upTo() : newest.modseq();
        List<byte[]> entries =
                parts.engine()
                        .read(
                                id,
                                TIME,
                                rows -> {
                                    var found = new ArrayList<byte[]>();
                                    byte[] from = new Key.Entry(since.next()).bytes();
                                    rows.scan(from, new byte[] {0x02}, false, (_, value) -> found.add(value));
                                    return found;
                                });
        Sha256 previous = later ? archived.hash() : newest.hash();
        for (byte[] encoded : entries) {
            Entry entry = Entry.decode(encoded);
            Change change = entry.change();
            if (!change.previous().equals(previous)) throw differs(id, change.modseq().value());
            parts.journal().append(id, change.modseq(), encoded).await(Deadline.in(TIME));
            previous = entry.hash();
        }
    }

    private static Fault.Corrupt differs(AccountId id, long version) {
        return new Fault.Corrupt("Engine and journal differ", Map.of("account", id, "version", version));
    }
}
