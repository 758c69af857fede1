package casella.store.archive;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.store.Copies;
import casella.store.Fold;
import casella.store.Journal;
import casella.store.StoredRows;
import casella.store.engine.Engine;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Proves an account: its chain in every vault hash by hash, every live mail in every vault byte for byte, the engine's
/// rows against what the journal makes, the journal's head. Reads only.
public final class Verifier {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int ATTEMPTS_MAX = 3;
    private static final int NAMED_MAX = 3;

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
    /// @param vaults what each vault was found to have
    public record Verdict(
            AccountId account, Modseq modseq, Sha256 head, long emails, long copiesRight,
                    List<Held> vaults, List<Problem> problems) {
        public Verdict {
            vaults = List.copyOf(vaults);
            problems = List.copyOf(problems);
        }
    }

    /// Where a verification stands.
    private static final class Findings {
        final List<Problem> problems = new ArrayList<>();
        final Modseq[] journalTo;
        final long[] rightIn;
        long emails;
        long right;

        Findings(int vaults) {
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
        List<Vault> vaults = copies.vaults();
        var findings = new Findings(vaults.size());
        for (int i = 0; i < vaults.size(); i++) findings.journalTo[i] =
                chain(account, vaults.get(i), findings);
        Position end = Position.START;
        try {
            Folding folding = view(account, findings);
            Fold fold = folding.fold();
            end = new Position(new Modseq(fold.head().version()), fold.hash());
            mails(account, fold, findings);
        } catch (Fault e) {
            findings.add("journal: " + e.getMessage(), "vaults that hold it must come back; then casella rebuild " + account);
        }
        var held = new ArrayList<Held>();
        for (int i = 0; i < vaults.size(); i++) {
            Vault vault = vaults.get(i);
            held.add(new Held(vault.name(), vault.technology(), findings.rightIn[i], findings.journalTo[i]));
        }
        return new Verdict(account, end.upTo(), end.hash(), findings.emails, findings.right, held,
                findings.problems);
    }

    /// The chain from the first change in one vault; returns how far it is whole.
    private Modseq chain(AccountId account, Vault vault, Findings findings) {
        try {
            History.Reached reached =
                    new History(Holdings.of(vault, TIME), account).read(Position.START, _ -> {});
            Modseq archived = engine.read(
                    account, TIME, rows ->
                            Archived.of(rows.get(new casella.store.engine.Key.Archived())).upTo());
            if (!reached.whole() || archived.after(reached.end().upTo())) {
                Fault why = reached.fault();
                String sentence = why == null ? "a segment is missing" : String.valueOf(why.getMessage());
                findings.add(
                        "vault " + vault.name() + ": journal breaks after " + reached.end().upTo() + ": " + sentence,
                        "the healer copies it from the other vaults");
            }
            return reached.end().upTo();
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
        var findings = new Findings(0);
        try {
            var _ = view(account, findings);
        } catch (Fault e) {
            return false;
        }
        return findings.problems.isEmpty();
    }

    private Folding fold(AccountId account, Modseq until) {
        Folding folding =
                Folding.begin(Holdings.of(copies, TIME), account, true, null).segments(until)
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
        List<Vault> vaults = copies.vaults();
        long[] wrong = new long[vaults.size()];
        var named = new ArrayList<List<String>>();
        for (int i = 0; i < vaults.size(); i++) named.add(new ArrayList<>());
        long[] lost = new long[1];
        fold.rows().scan(new byte[] {0x30}, (key, value) -> {
            findings.emails++;
            ObjectName name = name(account, key, value);
            int right = 0;
            for (int i = 0; i < vaults.size(); i++) {
                if (right(vaults.get(i), name)) {
                    right++;
                    findings.rightIn[i]++;
                } else {
                    wrong[i]++;
                    if (named.get(i).size() < NAMED_MAX) named.get(i).add(name.arrival().toString());
                }
            }
            findings.right += right;
            if (right == 0) lost[0]++;
            return true;
        });
        for (int i = 0; i < vaults.size(); i++) {
            if (wrong[i] == 0) continue;
            findings.add(
                    "vault " + vaults.get(i).name() + ": " + wrong[i] + " mails missing or wrong, such as " + named.get(i),
                    "the healer copies them from the other vaults");
        }
        if (lost[0] > 0) findings.add(lost[0] + " mails are in no vault", "they are listed and answer as unavailable");
    }

    private static boolean right(Vault vault, ObjectName name) {
        try {
            var _ = Holdings.of(vault, TIME).read(name);
            return true;
        } catch (Fault e) {
            return false;
        }
    }

    private static ObjectName name(AccountId account, byte[] key, byte[] value) {
        ArrivalId arrival = ArrivalId.of(Arrays.copyOfRange(key, 1, key.length));
        return ObjectName.mail(account, arrival, StoredRows.email(arrival, value).blob());
    }
}
