package casella.server.control;

import casella.base.AccountId;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Modseq;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Hole;
import casella.store.Journal;
import casella.store.continuation.DialTone;
import casella.store.archive.Archiver;
import casella.store.archive.Holdings;
import casella.store.archive.Reckoning;
import casella.store.archive.Reconciliation;
import casella.store.archive.Restorer;
import casella.store.archive.Verifier;
import casella.store.deletion.Collector;
import casella.store.deletion.Erasure;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.quarantine.AccountQuarantine;
import casella.store.vault.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on what is stored: proof, rebuild, export.
public final class StoreOperations {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int PAGE = 1_000;
    private static final int PARALLEL = 4;

    private final List<Vault> vaults;
    private final @Nullable Journal journal;
    private final @Nullable Whole whole;

    /// What serves accounts.
    ///
    /// @param reconciliation opens an account over a hole
    /// @param keys the folder of the instance's key
    public record Whole(
            Engine engine,
            Archiver archiver,
            Accounts accounts,
            Copies copies,
            Collector collector,
            Erasure erasure,
            Reconciliation reconciliation,
            Path keys,
            DialTone dialTone,
            AccountQuarantine quarantine) {}

    /// @param vaults those that are open
    /// @param journal the tail; null when it cannot be opened
    /// @param whole null when nothing but vaults and tail is open: then there are exports only
    public StoreOperations(List<Vault> vaults, @Nullable Journal journal, @Nullable Whole whole) {
        this.vaults = List.copyOf(vaults);
        this.journal = journal;
        this.whole = whole;
    }

    /// Returns what carries out orders on what ended.
    DeletionOperations deletion() {
        return new DeletionOperations(whole, journal);
    }

    /// Returns what makes proof documents.
    ProofOperations proof() {
        return new ProofOperations(whole, journal);
    }

    /// Returns what says of each mail what became of it; empty when the store is not open.
    public Optional<Reckoning> reckoning() {
        return whole == null || journal == null
                ? Optional.empty() : Optional.of(new Reckoning(journal, whole.copies()));
    }

    /// Exports one account from one vault, or from whichever has it.
    Outcome export(AccountId account, String to, @Nullable String from, Operations.Output out) {
        Optional<Holdings> holdings =
                from == null ? Optional.of(any()) : vault(from).map(v -> Holdings.of(v, TIME));
        if (holdings.isEmpty()) return unknownVault(from);
        return Export.write(account, holdings.get(), journal, Path.of(to), out);
    }

    /// Each vault in turn, until one has the object right.
    private Holdings any() {
        Whole open = whole;
        return open != null ? Holdings.of(open.copies(), TIME) : Holdings.of(vaults, TIME);
    }

    /// Returns the vaults there are now: one may have come into the place of another.
    private List<Vault> vaults() {
        return whole == null ? vaults : whole.copies().vaults();
    }

    private Optional<Vault> vault(@Nullable String name) {
        return vaults().stream().filter(vault -> vault.name().equals(name)).findFirst();
    }

    private Outcome unknownVault(@Nullable String name) {
        List<String> names = vaults().stream().map(Vault::name).toList();
        return new Outcome.Refused("from: no vault '" + name + "' is open; there are " + names);
    }

    /// Returns what carries out orders on who serves an account; empty when the store is not open.
    Optional<StandbyOperations> standby() {
        return whole == null || journal == null
                ? Optional.empty()
                : Optional.of(new StandbyOperations(whole, journal, Holdings.of(whole.copies(), TIME)));
    }

    /// Lets an account in again that was set aside.
    Outcome release(AccountId account) {
        Whole open = whole;
        if (open == null) return new Outcome.NotReachable("the store is not open");
        if (!open.quarantine().release(account)) return new Outcome.Refused("account: it is not set aside");
        open.accounts().doubt(account);
        return new Outcome.Done(Json.object().put("account", account.toString()).put("outcome", "released"));
    }

    /// Verifies one account, or all that engine or vaults know.
    ///
    /// @param account null for all
    Outcome verify(@Nullable AccountId account, Operations.Output out) {
        Whole open = whole;
        if (open == null || journal == null) return new Outcome.NotReachable("the store is not open");
        var verifier = new Verifier(open.engine(), journal, open.copies());
        var emails = new AtomicLong();
        var wrong = new AtomicLong();
        var lost = new AtomicLong();
        var holes = new AtomicLong();
        var twice = new AtomicLong();
        Operations.Output one = LostMail.oneAtATime(out);
        long done = each(account == null ? all(open.engine(), Holdings.of(open.copies(), TIME)) : List.of(account),
                one, id -> {
            Verifier.Verdict verdict = verifier.verify(id, mail -> {
                lost.incrementAndGet();
                one.row(LostMail.row(mail));
            });
            emails.addAndGet(verdict.emails());
            if (!verdict.problems().isEmpty()) wrong.incrementAndGet();
            holes.addAndGet(verdict.holes().opened());
            twice.addAndGet(verdict.holes().possibleDuplicates());
            return row(verdict);
        });
        // What was counted and lost since is found again.
        open.copies().holes().atLeast(new Hole.Counts(holes.get(), twice.get()));
        ObjectNode facts = Json.object().put("accounts", done).put("emails", emails.get())
                .put("wrong", wrong.get()).put("lost", lost.get())
                .put("holes", holes.get()).put("possibleDuplicates", twice.get());
        return wrong.get() == 0 ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    static ObjectNode row(Verifier.Verdict verdict) {
        ObjectNode row = Json.object()
                .put("account", verdict.account().toString())
                .put("modseq", verdict.modseq().value())
                .put("head", verdict.head().toString())
                .put("emails", verdict.emails())
                .put("copies", verdict.copiesRight())
                .put("holes", verdict.holes().opened())
                .put("possibleDuplicates", verdict.holes().possibleDuplicates());
        ArrayNode problems = row.putArray("problems");
        for (Verifier.Problem problem : verdict.problems()) {
            problems.addObject().put("what", problem.what()).put("repair", problem.repair());
        }
        return row;
    }

    /// Makes views anew from one vault. Of all accounts, those whose view is whole and proven are left as they are: so an
    /// order that broke off is simply given again.
    ///
    /// @param account null for all
    Outcome rebuild(@Nullable AccountId account, String from, Operations.Output out) {
        Whole open = whole;
        Optional<Vault> vault = vault(from);
        if (open == null || journal == null) return new Outcome.NotReachable("the store is not open");
        if (vault.isEmpty()) return unknownVault(from);
        Holdings holdings = Holdings.of(vault.get(), TIME);
        var restorer =
                new Restorer(open.engine(), journal, Holdings.of(open.copies(), TIME), open.reconciliation());
        var verifier = new Verifier(open.engine(), journal, open.copies());
        var failed = new AtomicLong();
        var made = new AtomicLong();
        long done = each(account == null ? all(open.engine(), holdings) : List.of(account), out, id -> {
            ObjectNode row = Json.object().put("account", id.toString());
            try {
                if (!open.engine().keeps(id)) {
                    if (account != null) failed.incrementAndGet();
                    return row.put("outcome", "on-standby").put("why",
                            "casella standby return makes its view");
                }
                if (account == null && verifier.viewRight(id)) return row.put("outcome", "whole");
                Modseq version = version(open, id);
                if (version.after(Modseq.NONE)) open.archiver().archive(id);
                Restorer.Rebuilt rebuilt = restorer.rebuild(id, holdings, version);
                made.incrementAndGet();
                row.put("outcome", "rebuilt").put("modseq", rebuilt.modseq().value()).put("rows", rebuilt.rows());
            } catch (Fault e) {
                failed.incrementAndGet();
                row.put("outcome", "failed").put("why", e.getMessage() + " " + e.facts());
            }
            open.accounts().doubt(id);
            return row;
        });
        ObjectNode facts = Json.object().put("accounts", done).put("rebuilt", made.get()).put("failed", failed.get());
        return failed.get() == 0 ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    /// Returns the version of a view, 0 where there is none that can be read.
    private static Modseq version(Whole open, AccountId id) {
        byte[] head = open.engine().read(id, TIME, rows -> {
            byte[] row = rows.get(new Key.Head());
            return row == null ? new byte[0] : row;
        });
        return head.length == 0 ? Modseq.NONE : new Modseq(HeadRow.of(head).version());
    }

    static List<AccountId> all(Engine engine, Holdings holdings) {
        var all = new TreeSet<AccountId>();
        List<AccountId> page = engine.accounts(null, PAGE, TIME);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = engine.accounts(page.getLast(), PAGE, TIME);
        }
        page = holdings.accounts(null);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = holdings.accounts(page.getLast());
        }
        return new ArrayList<>(all);
    }

    interface Work {
        ObjectNode on(AccountId account);
    }

    /// Does `work` on each account, a few at a time; rows and progress come on their threads, one at a time.
    static long each(List<AccountId> accounts, Operations.Output out, Work work) {
        var left = new ConcurrentLinkedQueue<>(accounts);
        var done = new AtomicLong();
        var threads = new ArrayList<Thread>();
        Object line = new Object();
        var told = new Told(out, accounts.size(), "accounts");
        for (int i = 0; i < Math.min(PARALLEL, accounts.size()); i++) {
            threads.add(Thread.ofVirtual().name("store-order-" + i).start(() -> {
                for (AccountId id = left.poll(); id != null; id = left.poll()) {
                    ObjectNode row;
                    try {
                        row = work.on(id);
                    } catch (RuntimeException e) {
                        Log.event(Event.CONTROL_FAILED, e, "account", id);
                        row = Json.object().put("account", id.toString()).put("outcome", "failed").put("why", e.toString());
                    }
                    synchronized (line) {
                        out.row(row);
                        told.at(done.incrementAndGet());
                    }
                }
            }));
        }
        try {
            for (Thread thread : threads) thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return done.get();
    }

    /// Tells of progress, not more often than somebody can see.
    static final class Told {
        private static final long EVERY_NANOS = 100_000_000L;

        private final Operations.Output out;
        private final long total;
        private final String unit;
        private long last = System.nanoTime() - EVERY_NANOS;

        Told(Operations.Output out, long total, String unit) {
            this.out = out;
            this.total = total;
            this.unit = unit;
        }

        void at(long done) {
            long now = System.nanoTime();
            boolean seen = total > 1 && (done == total || now - last >= EVERY_NANOS);
            if (!seen) return;
            last = now;
            out.progress(done, total, unit);
        }
    }
}
