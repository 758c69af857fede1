package casella.store.archive;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.message.Envelope;
import casella.message.Summary;
import casella.store.Copies;
import casella.store.Email;
import casella.store.Fold;
import casella.store.Hole;
import casella.store.Journal;
import casella.store.StoredRows;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Proves an account: its chain in every vault hash by hash, every live mail in every vault byte for byte, the engine's
/// rows against what the journal makes, the journal's head. Reads only.
public final class Verifier {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int ATTEMPTS_MAX = 3;
    private static final int NAMED_MAX = 3;
    /// The room of emails ([Key.Email]).
    private static final byte EMAILS = 0x30;
    private static final int PAGE = 200;

    private final Engine engine;
    private final Journal journal;
    private final Copies copies;

    public Verifier(Engine engine, Journal journal, Copies copies) {
        this.engine = engine;
        this.journal = journal;
        this.copies = copies;
    }

    /// What is wrong, and what puts it right.
    public record Problem(String what, String repair) {}

    /// What one vault was found to have.
    ///
    /// @param right live emails that were read there and are right
    /// @param journalTo the last change up to which its journal is whole
    public record Held(String vault, String technology, long right, Modseq journalTo) {}

    /// @param modseq the newest change of the journal
    /// @param head its hash
    /// @param emails live emails
    /// @param copiesRight copies of mails that were read and are right
    /// @param holes what its holes came to: nothing is wrong with them now
    /// @param vaults what each vault was found to have
    public record Verdict(
            AccountId account, Modseq modseq, Sha256 head, long emails, long copiesRight,
                    Hole.Counts holes, List<Held> vaults, List<Problem> problems) {
        public Verdict {
            vaults = List.copyOf(vaults);
            problems = List.copyOf(problems);
        }
    }

    /// A mail that no vault has right.
    ///
    /// @param reachable false if no vault has it; true if one that does not answer now may have it
    /// @param folders full names
    public record Lost(
            AccountId account, ArrivalId email, Instant received, @Nullable Envelope envelope,
            List<String> folders, boolean reachable) {
        public Lost {
            folders = List.copyOf(folders);
        }
    }

    /// Where a verification stands.
    private static final class Findings {
        final List<Problem> problems = new ArrayList<>();
        final Modseq[] journalTo;
        final long[] rightIn;
        final long[] wrongIn;
        final List<List<String>> named = new ArrayList<>();
        final Consumer<Lost> losses;
        long emails;
        long right;
        long lost;
        long away;
        Hole.Counts holes = Hole.Counts.NONE;

        Findings(int vaults, Consumer<Lost> losses) {
            this.losses = losses;
            wrongIn = new long[vaults];
            for (int i = 0; i < vaults; i++) named.add(new ArrayList<>());
            journalTo = new Modseq[vaults];
            Arrays.fill(journalTo, Modseq.NONE);
            rightIn = new long[vaults];
        }

        void add(String what, String repair) {
            problems.add(new Problem(what, repair));
        }
    }

    /// Verifies one account. What cannot be read is a problem, not a fault.
    public Verdict verify(AccountId account) {
        return verify(account, _ -> {});
    }

    /// As [#verify(AccountId)]; every mail that no vault has right is given to `losses`, on this thread.
    public Verdict verify(AccountId account, Consumer<Lost> losses) {
        List<Vault> vaults = copies.vaults();
        var findings = new Findings(vaults.size(), losses);
        for (int i = 0; i < vaults.size(); i++) findings.journalTo[i] =
                chain(account, vaults.get(i), findings);
        Position end = Position.START;
        try {
            Folding folding = view(account, findings);
            Fold fold = folding.fold();
            end = new Position(new Modseq(fold.head().version()), fold.hash());
            findings.holes = Hole.counts(fold.head());
            mails(account, fold, findings);
        } catch (Fault e) {
            findings.add("journal: " + e.getMessage(), "vaults that hold it must come back; then casella rebuild " + account);
            end = byEngine(account, findings);
        }
        tell(findings);
        var held = new ArrayList<Held>();
        for (int i = 0; i < vaults.size(); i++) {
            Vault vault = vaults.get(i);
            held.add(new Held(vault.name(), vault.technology(), findings.rightIn[i], findings.journalTo[i]));
        }
        return new Verdict(account, end.upTo(), end.hash(), findings.emails, findings.right,
                findings.holes, held, findings.problems);
    }

    /// The chain from the first change that was not collected, in one vault; returns how far it is whole.
    private Modseq chain(AccountId account, Vault vault, Findings findings) {
        try {
            Chain chain = Chain.read(engine, Holdings.of(vault, TIME), account, TIME);
            if (!chain.whole()) {
                Fault why = chain.fault();
                String sentence = why == null ? "a segment is missing" : String.valueOf(why.getMessage());
                findings.add(
                        "vault " + vault.name() + ": journal breaks after " + chain.end() + ": " + sentence,
                        "the healer copies it from the other vaults");
            }
            return chain.end();
        } catch (Fault e) {
            findings.add("vault " + vault.name() + ": " + e.getMessage(), "repair or replace the vault");
            return Modseq.NONE;
        }
    }

    /// Compares the engine's rows with those the journal makes; returns the fold of it.
    private Folding view(AccountId account, Findings findings) {
        // On standby the journal is all there is to look at.
        if (!engine.keeps(account)) return fold(account, new Modseq(Long.MAX_VALUE));
        for (int attempt = 0; ; attempt++) {
            Optional<EngineState> state;
            try {
                state = EngineState.read(engine, account);
            } catch (Fault.Corrupt e) {
                findings.add("engine: " + e.getMessage(), "casella rebuild " + account);
                return fold(account, new Modseq(Long.MAX_VALUE));
            }
            Modseq until = new Modseq(state.map(EngineState::version).orElse(Long.MAX_VALUE));
            boolean missing = state.isPresent() && until.equals(Modseq.NONE);
            Folding folding = fold(account, missing || state.isEmpty() ? new Modseq(Long.MAX_VALUE) : until);
            if (state.isEmpty()) {
                if (attempt + 1 < ATTEMPTS_MAX) continue;
                findings.add("engine: the account changes too fast to be compared", "run again when it is quieter");
            } else if (missing) {
                findings.add("engine: has no view of the account", "its next use makes it, or casella rebuild " + account);
            } else {
                compare(account, state.get(), folding, findings);
            }
            Journal.Newest newest = journal.newest(account);
            if (newest != null && state.isPresent() && newest.modseq().after(until) && attempt
                    + 1 < ATTEMPTS_MAX) continue;
            return folding;
        }
    }

    /// Says whether the engine has the account's view as the journal makes it. Mails are not read.
    public boolean viewRight(AccountId account) {
        var findings = new Findings(0, _ -> {});
        try {
            var _ = view(account, findings);
        } catch (Fault e) {
            return false;
        }
        return findings.problems.isEmpty();
    }

    private Folding fold(AccountId account, Modseq until) {
        Folding folding =
                // Of each vault, also of one whose breaker is open: what only it has must not look as if it were not there.
                Folding.begin(Holdings.of(copies.vaults(), TIME), account, true, null).segments(until)
                        .tail(journal, until);
        Fault fault = folding.fault();
        if (fault != null && folding.fold().head().version() < until.value()) throw fault;
        return folding;
    }

    private static void compare(AccountId account, EngineState state, Folding folding, Findings findings) {
        String repair = "casella rebuild " + account;
        if (folding.fold().head().version() != state.version()) {
            findings.add(
                    "journal: ends at " + folding.fold().head().version() + ", the engine is at " + state.version(),
                    "casella start completes the tail from the engine");
            return;
        }
        Checkpoint expected = Repaging.next(folding.base(), folding.fold(), (_, _) -> {});
        if (!expected.comparable().equals(state.own())) findings.add("engine: rows are not what the journal makes", repair);
        if (!state.follows().equals(state.due())) findings.add("engine: rows that find others are wrong", repair);
    }

    private void mails(AccountId account, Fold fold, Findings findings) {
        fold.rows().scan(new byte[] {EMAILS}, (key, value) -> {
            mail(account, fold.rows(), key, value, findings);
            return true;
        });
    }

    /// The journal cannot be read: the engine says which mails there are. Returns where it stands.
    private Position byEngine(AccountId account, Findings findings) {
        Position end = Position.START;
        try {
            if (!engine.keeps(account)) return end;
            byte[] after = {EMAILS};
            while (after.length > 0) {
                byte[] from = after;
                List<byte[][]> page = engine.read(account, TIME, rows -> page(rows, from));
                for (byte[][] row : page) {
                    engine.read(account, TIME, rows -> {
                        mail(account, rows, row[0], row[1], findings);
                        return true;
                    });
                }
                after = page.isEmpty() ? new byte[0] : Key.after(page.getLast()[0]);
            }
            end = engine.read(account, TIME, rows -> {
                byte[] head = rows.get(new Key.Head());
                if (head == null) return Position.START;
                findings.holes = Hole.counts(HeadRow.of(head));
                return new Position(new Modseq(HeadRow.of(head).version()), HeadRow.of(head).hash());
            });
        } catch (Fault e) {
            findings.add("engine: " + e.getMessage(), "casella rebuild " + account);
        }
        return end;
    }

    private static List<byte[][]> page(Rows rows, byte[] from) {
        var page = new ArrayList<byte[][]>();
        rows.scan(from, new byte[] {EMAILS + 1}, false, (key, value) -> {
            page.add(new byte[][] {key, value});
            return page.size() < PAGE;
        });
        return page;
    }

    private void mail(AccountId account, Rows rows, byte[] key, byte[] value, Findings findings) {
        List<Vault> vaults = copies.vaults();
        findings.emails++;
        ObjectName name = name(account, key, value);
        int right = 0;
        boolean away = false;
        for (int i = 0; i < vaults.size(); i++) {
            switch (copy(vaults.get(i), name)) {
                case RIGHT -> {
                    right++;
                    findings.rightIn[i]++;
                    continue;
                }
                case AWAY -> away = true;
                case WRONG -> {}
            }
            findings.wrongIn[i]++;
            List<String> named = findings.named.get(i);
            if (named.size() < NAMED_MAX) named.add(name.arrival().toString());
        }
        findings.right += right;
        if (right > 0) return;
        if (away) findings.away++;
        else findings.lost++;
        findings.losses.accept(lost(account, rows, StoredRows.email(name.arrival(), value), away));
    }

    private static Lost lost(AccountId account, Rows rows, Email email, boolean reachable) {
        var folders = new ArrayList<String>();
        for (Email.Place place : email.places()) {
            byte[] row = rows.get(new Key.Mailbox(place.mailbox()));
            if (row != null) folders.add(StoredRows.mailbox(place.mailbox(), row).name());
        }
        byte[] summary = rows.get(new Key.Summary(email.id()));
        Envelope envelope = summary == null ? null : Summary.decode(summary).envelope();
        return new Lost(account, email.id(), email.received(), envelope, folders, reachable);
    }

    private void tell(Findings findings) {
        List<Vault> vaults = copies.vaults();
        for (int i = 0; i < vaults.size(); i++) {
            if (findings.wrongIn[i] == 0) continue;
            findings.add(
                    "vault " + vaults.get(i).name() + ": " + findings.wrongIn[i] + " mails missing or wrong, such as "
                            + findings.named.get(i),
                    "the healer copies them from the other vaults");
        }
        if (findings.away > 0) {
            findings.add(findings.away + " mails are in no vault that answers", "vaults that have them must come back");
        }
        if (findings.lost > 0) {
            findings.add(
                    findings.lost + " mails are in no vault",
                    "no copy is left to repair from; they are named here and answer as unavailable");
        }
    }

    private enum Copy {
        RIGHT,
        WRONG,
        /// The vault does not say.
        AWAY
    }

    private static Copy copy(Vault vault, ObjectName name) {
        try {
            var _ = Holdings.of(vault, TIME).read(name);
            return Copy.RIGHT;
        } catch (Fault.Unavailable e) {
            return Copy.AWAY;
        } catch (Fault e) {
            return Copy.WRONG;
        }
    }

    private static ObjectName name(AccountId account, byte[] key, byte[] value) {
        ArrivalId arrival = ArrivalId.of(Arrays.copyOfRange(key, 1, key.length));
        return ObjectName.mail(account, arrival, StoredRows.email(arrival, value).blob());
    }
}
