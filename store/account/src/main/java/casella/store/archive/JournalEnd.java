package casella.store.archive;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.SegmentDebt;
import casella.store.Shelf;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says whether what was read of an account's journal is all of it, when its view cannot be asked.
///
/// A change leaves the tail when the policy's vaults have its segment. A vault that did not take it owes it; while
/// the others are away, what is left looks like a shorter history that fits together. So a history is served only
/// when it is known that nothing lies behind its end. Any one of these is enough:
///
/// 1. *Who wrote it says so*: this process answered a change of the account, and that one was read. All its changes
///    pass one place, which counts them.
/// 2. *The debt says so*: it is known whole ([Debt#known]), or what it says of the segments of one vault that answers
///    ([SegmentDebt#knows]), so that each segment that vault lacks is among its hints; and no vault owes a segment beyond
///    the end: that vault has all that left the tail, and all it has was read.
/// 3. *All vaults of the policy answer*: a segment is in at least one of them, and none lists one beyond the end.
///
/// Not enough are: the tail's newest entry (after a restart files may be left that hold entries long released, and
/// those behind them gone), a checkpoint, and that the chain fits together. These, and what is owed, can only show
/// that more is missing.
public final class JournalEnd {
    private static final int PAGE = 1_000;

    private final Copies copies;
    private final Duration time;

    /// @param time how long a vault may take to list a page of names
    public JournalEnd(Copies copies, Duration time) {
        this.copies = copies;
        this.time = time;
    }

    /// Returns if nothing lies behind `reached`.
    ///
    /// @param answered the newest change that this process knows to have been answered; [Modseq#NONE] if none
    /// @throws Fault.Unavailable if something does, or nobody can say
    void require(AccountId account, Modseq reached, Modseq answered) {
        if (answered.after(reached)) {
            throw new Fault.Unavailable("The journal lacks changes that were answered",
                    Map.of("account", account, "journal", reached, "answered", answered));
        }
        for (Shelf shelf : copies.homes()) {
            Modseq owed = owed(account, shelf);
            if (!owed.after(reached)) continue;
            throw new Fault.Unavailable(
                    "A vault owes the account's newest segments, and who has them is away: bring that one back",
                    Map.of("account", account, "at", reached, "owed", owed, "vault", shelf.name(), "away", away()));
        }
        if (answered.after(Modseq.NONE)) return;
        boolean known = copies.debt().known();
        var silent = new ArrayList<String>();
        // Those that are well first: one answer may do.
        for (Shelf shelf : copies.homes().stream().sorted(Comparator.comparingInt(JournalEnd::rank)).toList()) {
            Modseq listed = newest(account, reached, shelf);
            if (listed == null) {
                silent.add(shelf.name());
                continue;
            }
            if (listed.after(reached)) {
                throw new Fault.Unavailable("The journal cannot be read to its end",
                        Map.of("account", account, "at", reached, "vault", shelf.name(), "named", listed));
            }
            if (known || copies.debt().segments().knows(shelf.name(), account)) return;
        }
        if (silent.isEmpty()) return;
        throw new Fault.Unavailable(
                "A vault is away that may alone have the account's newest changes, and what it lacks is not known: bring it back",
                Map.of("account", account, "at", reached, "away", silent));
    }

    private static int rank(Shelf shelf) {
        if (!shelf.breaker().closed()) return 2;
        return shelf.latency().silent() ? 1 : 0;
    }

    /// What the vaults that answer say of a journal's end.
    ///
    /// @param newest the newest mod-sequence that a segment of theirs names
    /// @param sure whether no other vault can have one beyond it
    record Told(Modseq newest, boolean sure) {}

    /// Returns what is said of the end of an account that has a view. Where it is known what each vault lacks, and no
    /// segment beyond `reached` is among that, nothing is listed.
    ///
    /// @param reached what view, tail, and what was listed behind its mark have
    /// @throws Fault.Unavailable if a vault owes a segment beyond all that, and one that may have it does not answer
    Told told(AccountId account, Modseq reached) {
        Modseq owed = Modseq.NONE;
        for (Shelf shelf : copies.homes()) {
            Modseq owes = owed(account, shelf);
            if (owes.after(owed)) owed = owes;
        }
        boolean known = copies.debt().known();
        boolean ask = !known || owed.after(reached);
        boolean sure = false;
        @Nullable String silent = null;
        Modseq newest = reached;
        for (Shelf shelf : copies.homes()) {
            boolean well = shelf.breaker().closed();
            Modseq listed = well && ask ? newest(account, reached, shelf) : null;
            if (!well || (ask && listed == null)) {
                silent = shelf.name();
                continue;
            }
            if (listed != null && listed.after(newest)) newest = listed;
            sure |= known || copies.debt().segments().knows(shelf.name(), account);
        }
        if (silent == null) return new Told(newest, true);
        if (!owed.after(newest)) return new Told(newest, sure);
        throw new Fault.Unavailable(
                "A vault owes segments that are newer than the engine's view, and who has them is away: bring that one back",
                Map.of("account", account, "at", newest, "owed", owed, "away", silent));
    }

    /// Returns the vaults of the policy that do not answer.
    private List<String> away() {
        return copies.homes().stream().filter(shelf -> !shelf.breaker().closed()).map(Shelf::name).toList();
    }

    private static ObjectName before(AccountId account, long first) {
        return new ObjectName(account, ObjectName.Kind.SEGMENT, first, 0,
                Sha256.wrap(new byte[Sha256.BYTES]));
    }

    /// Returns the newest mod-sequence of the segments that a vault owes.
    private Modseq owed(AccountId account, Shelf shelf) {
        long newest = 0;
        ObjectName after = before(account, 0);
        while (true) {
            List<Debt.Hint> page = copies.debt().page(shelf.name(), Debt.Kind.COPY, after, PAGE);
            for (Debt.Hint hint : page) {
                boolean ours = hint.name().account().equals(account)
                        && hint.name().kind() == ObjectName.Kind.SEGMENT;
                if (!ours) return new Modseq(newest);
                newest = Math.max(newest, hint.name().low());
            }
            if (page.size() < PAGE) return new Modseq(newest);
            after = page.getLast().name();
        }
    }

    /// Returns the newest mod-sequence that a vault's segments name; null if it does not say.
    @Nullable Modseq newest(AccountId account, Modseq reached, Shelf shelf) {
        // One made again longer began before.
        ObjectName after = before(account, Math.max(0, reached.value() - JournalSegment.CHANGES_MAX));
        long newest = 0;
        shelf.latency().asked();
        try {
            while (true) {
                List<Vault.Entry> page =
                        shelf.vault().list(account, ObjectName.Kind.SEGMENT, after, PAGE, time);
                shelf.latency().answered();
                for (Vault.Entry entry : page) newest = Math.max(newest, entry.name().low());
                if (page.size() < PAGE) return new Modseq(newest);
                after = page.getLast().name();
            }
        } catch (Fault e) {
            Log.event(Event.VAULT_READ_FAILED, "vault", shelf.name(), "why", e);
            return null;
        } finally {
            shelf.latency().ended();
        }
    }
}
