package casella.server.control;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Metrics;
import casella.continuity.burnin.BurnIn;
import casella.continuity.burnin.Plan;
import casella.continuity.burnin.Removal;
import casella.continuity.ladder.Climb;
import casella.continuity.ladder.Evidence;
import casella.continuity.ladder.Figures;
import casella.continuity.ladder.Gates;
import casella.continuity.ladder.Ladder;
import casella.continuity.ladder.Stage;
import casella.server.config.Units;
import casella.server.health.Audit;
import casella.server.ladder.Migration;
import casella.server.ladder.VaultPlace;
import casella.server.ladder.VaultsFile;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.Journal;
import casella.store.Shelf;
import casella.store.archive.Holdings;
import casella.store.archive.Verifier;
import casella.store.care.Mover;
import casella.store.deletion.Erasure;
import casella.store.engine.Engine;
import casella.store.vault.Vault;
import java.io.Reader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on vaults, and hands all others on.
public final class VaultOperations implements Operations {
    /// What it stands on.
    ///
    /// @param burnIns of vaults on their way
    /// @param folder below which a vault keeps its files for which no folder is said
    /// @param configured the vaults that the configuration names
    public record Parts(
            Migration migration, Copies copies, Engine engine, Journal journal, Erasure erasure, BurnIns burnIns,
            Path folder,
            List<VaultPlace> configured) {}

    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Duration PROBATION = Duration.ofDays(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final int LOOKS = 20;
    private static final int TOLD_MAX = 20;
    private static final Duration TELL = Duration.ofMillis(500);
    /// What a mail comes to, and how many an account has, where nobody says otherwise.
    private static final long OBJECT_BYTES = 20 << 10;
    private static final long ACCOUNT_OBJECTS = 1_000;

    private final Parts parts;
    private final Operations inner;

    public VaultOperations(Parts parts, Operations inner) {
        this.parts = parts;
        this.inner = inner;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof Order.Vaults about)) {
            Outcome outcome = inner.perform(order, body, out);
            if (order instanceof Order.CohortMove
                    && outcome instanceof Outcome.Done(ObjectNode facts)) moved(facts);
            return outcome;
        }
        try {
            return done(about, out);
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    /// An account that now goes with others may not have been brought over with them.
    private void moved(ObjectNode facts) {
        parts.migration().look(AccountId.parse(facts.path("account").asString()));
    }

    private Outcome done(Order.Vaults order, Output out) {
        return switch (order) {
            case Order.VaultList _ -> list(out);
            case Order.VaultShow(String name) -> show(name);
            case Order.VaultAdd add -> add(add);
            case Order.VaultBurnIn burnIn -> burnIn(burnIn, out);
            case Order.VaultStart(String name, String soak, Long least, boolean without) -> {
                long data = least == null ? Gates.STANDARD.dataMin() : least;
                if (data < 1) throw new IllegalArgumentException("least: must be at least 1");
                // Before the vault itself is asked, which may answer nothing: a burn-in that failed says so.
                parts.migration().ladder(name).mayStart(without);
                emptied(name);
                parts.migration().ladder(name).start(Audit.by(), soak == null ? null : time("soak", soak),
                        data, without);
                yield show(name);
            }
            case Order.VaultContinue(String name, boolean force) -> {
                parts.migration().ladder(name).goOn(Audit.by(), force);
                yield show(name);
            }
            case Order.VaultHalt(String name, String why) -> {
                parts.migration().ladder(name).halt(Audit.by(), why == null ? "halted by an operator" : why);
                yield show(name);
            }
            case Order.VaultRollback(String name, String to) -> {
                Stage stage = to == null ? Stage.ADDED
                        : Stage.of(to).orElseThrow(() -> new IllegalArgumentException(
                        "to: must be a stage: added, shadow, canary, 1%, 10%, 50%"));
                parts.migration().ladder(name).rollBack(Audit.by(), stage);
                yield show(name);
            }
            case Order.VaultRetire(String name, boolean dryRun) -> retire(name, dryRun, out);
            case Order.VaultRemove(String name) -> {
                idle(name);
                parts.migration().remove(name);
                yield new Outcome.Done(Json.object().put("vault", name).put("outcome", "removed")
                        .put("note", "its files are left where they are"));
            }
        };
    }

    private static Duration time(String field, String text) {
        return Units.duration(text).orElseThrow(() -> new IllegalArgumentException(
                field + ": '" + text + "' is no time like 30s, 24h or 30d"));
    }

    private Outcome list(Output out) {
        for (Shelf shelf : parts.copies().shelves()) {
            out.row(Json.object().put("vault", shelf.name()).put("kind", shelf.vault().technology())
                    .put("role", shelf.home() ? "home" : "spare").put("state", shelf.breaker().state().word())
                    .put("objects", shelf.vault().figures().objects())
                            .put("bytes", shelf.vault().figures().bytes()));
        }
        parts.migration().standing().ifPresent(standing -> {
            Climb climb = standing.climb();
            out.row(Json.object().put("vault", climb.vault()).put("kind", climb.kind())
                    .put("role", "on its way into the place of " + climb.replaces())
                    .put("state", climb.stage().word() + ", " + climb.state().word()));
        });
        for (VaultsFile.Came came : parts.migration().came()) {
            out.row(Json.object().put("vault", came.replaced()).put("kind", "").put("role", "retired")
                    .put("state", "since " + came.since()
                            + "; its files hold mail until somebody removes them"));
        }
        return new Outcome.Done(Json.object());
    }

    private Outcome show(String name) {
        Optional<Migration.Standing> standing = parts.migration().standing()
                .filter(one -> one.climb().vault().equals(name));
        if (standing.isEmpty()) return new Outcome.Done(settled(name));
        ObjectNode facts = facts(standing.get());
        return standing.get().climb().state() == Climb.State.HALTED ? new Outcome.Found(facts)
                : new Outcome.Done(facts);
    }

    /// Says of a vault that came into the place of another what was measured on its way.
    private ObjectNode settled(String name) {
        Migration.Settled settled = parts.migration().settled(name).orElseThrow(() ->
                new IllegalArgumentException("vault: " + name + " is not on its way, nor did it come into another's place"));
        Climb climb = settled.climb();
        VaultsFile.Came came = settled.came();
        ObjectNode facts = climb == null
                ? Json.object().put("vault", name).put("kind", came.place().kind().word())
                        .put("folder", came.place().folder().toString()).put("replaces", came.replaced())
                : facts(climb);
        facts.put("inPlaceSince", came.since().toString());
        return climb == null ? facts.put("trouble", "its evidence was not kept, or cannot be read")
                : evidence(facts, climb);
    }

    private static ObjectNode facts(Climb climb) {
        Duration soak = climb.soak();
        return Json.object()
                .put("vault", climb.vault()).put("kind", climb.kind()).put("folder", climb.folder())
                .put("replaces", climb.replaces())
                .put("stage", climb.stage().word()).put("state", climb.state().word())
                .put("since", climb.since().toString())
                .put("why", climb.why())
                .put("burnIn", climb.burnIn().word())
                .put("forced", climb.forced())
                .put("soak", soak == null ? "each stage's own" : Units.text(soak))
                .put("probation", Units.text(climb.probation()));
    }

    private static ObjectNode facts(Migration.Standing standing) {
        ObjectNode facts = facts(standing.climb());
        facts.put("trouble", standing.trouble()).put("waits", standing.waits())
                .put("retire", standing.probation());
        Mover.Progress moved = standing.moved();
        if (moved != null) {
            facts.putObject("moved").put("whole", moved.whole()).put("accounts", moved.accounts())
                    .put("behind", moved.behind()).put("objects", moved.objects()).put("bytes", moved.bytes())
                    .put("read", moved.read()).put("passes", moved.passes());
        }
        ObjectNode measured = facts.putObject("measured");
        Figures figures = standing.figures();
        figures.facts().forEach(measured::put);
        return evidence(facts, standing.climb());
    }

    private static ObjectNode evidence(ObjectNode facts, Climb climb) {
        ArrayNode evidence = facts.putArray("evidence");
        for (Evidence one : climb.evidence()) {
            ObjectNode row = evidence.addObject().put("at", one.at().toString()).put("by", one.by())
                    .put("stage", one.stage().word()).put("what", one.what()).put("why", one.why());
            ObjectNode with = row.putObject("measured");
            one.measured().forEach(with::put);
        }
        return facts;
    }

    private Outcome add(Order.VaultAdd add) {
        String folder = add.folder();
        var place = new VaultPlace(add.name(), VaultPlace.Kind.of(add.kind()),
                (folder == null ? parts.folder().resolve(add.name()) : Path.of(folder)).toAbsolutePath()
                        .normalize());
        for (VaultPlace one : parts.configured()) {
            if (one.folder().equals(place.folder())) throw new IllegalArgumentException(
                    "folder: is that of " + one.name());
        }
        String given = add.probation();
        Duration probation = given == null ? PROBATION : time("probation", given);
        Climb climb = parts.migration().add(place, add.replaces(), Audit.by(), probation, add.dryRun());
        return new Outcome.Done(Json.object().put("vault", climb.vault()).put("kind", climb.kind())
                .put("folder", climb.folder()).put("replaces", climb.replaces())
                .put("probation", Units.text(probation)).put("dryRun", add.dryRun()));
    }

    /// Begins a burn-in, or watches the one that runs, until its end.
    private Outcome burnIn(Order.VaultBurnIn order, Output out) {
        String name = order.name();
        Ladder ladder = parts.migration().ladder(name);
        String given = order.bytes();
        long bytes = given == null ? Math.multiplyExact(order.objects(), OBJECT_BYTES)
                : Units.size(given).orElseThrow(() -> new IllegalArgumentException(
                        "bytes: '" + given + "' is no size like 500GiB"));
        Long accounts = order.accounts();
        Plan plan = Plan.of(order.objects(), bytes,
                accounts == null ? Math.max(1, order.objects() / ACCOUNT_OBJECTS) : accounts);
        String answer = order.answer();
        if (answer != null) plan = plan.withCalls(time("answer", answer), plan.slowMillis());
        String by = Audit.by();
        boolean joins = parts.burnIns().of(name) != null;
        BurnIns.Running running = parts.burnIns().begin(parts.migration().candidate(name), plan, found ->
                ladder.burnedIn(by, found.passed(), found.sentence(), found.facts()));
        try {
            while (!running.ended(TELL.toMillis())) {
                BurnIn.Where where = running.progress();
                out.progress((long) (where.share() * 1_000), 1_000, "steps: " + where.words());
                // Whoever began it stays until its end; whoever looked in would only stand in others' way.
                if (joins && !out.heard()) return new Outcome.Found(Json.object().put("vault", name).put("goesOn", true));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ObjectNode report = running.report();
        if (report == null) return new Outcome.Refused("vault: the burn-in of " + name + " ended without a report; see the log");
        boolean passed = ladder.climb().burnIn() == Climb.BurnIn.PASSED;
        ObjectNode facts = report.put("vault", name).put("passed", passed);
        return passed ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    private void idle(String name) {
        if (parts.burnIns().of(name) != null) throw new IllegalArgumentException("vault: " + name + " is being burned in");
    }

    /// What a burn-in that was killed left in it is removed before anything comes.
    private void emptied(String name) {
        idle(name);
        if (parts.migration().ladder(name).climb().stage() != Stage.ADDED) return;
        Removal.Done done = new Removal(parts.migration().candidate(name), TIME).run(_ -> {});
        if (!done.all()) throw new IllegalArgumentException("vault: what a burn-in left in " + name + " cannot be removed");
    }

    /// Walks the journals of all accounts: every live mail has to be right in each vault that will count then.
    private Outcome retire(String name, boolean dryRun, Output out) {
        Migration.Standing standing = parts.migration().standing()
                .filter(one -> one.climb().replaces().equals(name))
                .orElseThrow(() -> new IllegalArgumentException(
                        "vault: nothing is on its way into the place of " + name + " (casella vault list)"));
        String came = standing.climb().vault();
        String probation = standing.probation();
        if (probation != null) throw new IllegalArgumentException("vault: " + came + ": " + probation);
        if (parts.erasure().pending()) {
            throw new IllegalArgumentException("vault: accounts are being erased from " + name
                    + "; when that is done, try again");
        }
        Shelf newcomer = parts.copies().all().getLast();
        List<Vault> then = parts.copies().without(name, newcomer.vault());
        var copies = new Copies(then, parts.copies().policy(), new Debt(Clock.system(), Metrics.none()),
                Metrics.none());
        var verifier = new Verifier(parts.engine(), parts.journal(), copies);
        var emails = new AtomicLong();
        var wrong = new AtomicLong();
        List<AccountId> accounts = StoreOperations.all(parts.engine(), Holdings.of(parts.copies(), TIME));
        Output few = few(out);
        long done = StoreOperations.each(accounts, few, id -> {
            Verifier.Verdict verdict = patient(verifier, id);
            emails.addAndGet(verdict.emails());
            if (!verdict.problems().isEmpty()) wrong.incrementAndGet();
            return StoreOperations.row(verdict);
        });
        ObjectNode facts = Json.object().put("vault", name).put("came", came).put("accounts", done)
                .put("emails", emails.get()).put("wrong", wrong.get()).put("dryRun", dryRun);
        if (wrong.get() > 0) return new Outcome.Found(facts.put("outcome", "not retired"));
        if (dryRun) return new Outcome.Done(facts.put("outcome", "may be retired"));
        parts.migration().replace(Audit.by(), Map.of("accounts", String.valueOf(done), "emails",
                emails.toString(), "wrong", "0"));
        return new Outcome.Done(facts.put("outcome", "retired"));
    }

    /// What is on its way to the newcomer may be a moment behind.
    private Verifier.Verdict patient(Verifier verifier, AccountId id) {
        Verifier.Verdict verdict = verifier.verify(id);
        for (int i = 0; i < LOOKS && !verdict.problems().isEmpty(); i++) {
            parts.migration().look(id);
            pause();
            verdict = verifier.verify(id);
        }
        return verdict;
    }

    private static void pause() {
        try {
            var _ = new CountDownLatch(1).await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells of accounts that speak against it, the first of them.
    private static Output few(Output out) {
        var told = new AtomicLong();
        return new Output() {
            @Override
            public void row(ObjectNode row) {
                boolean wrong = !row.path("problems").isEmpty() || row.has("why");
                if (wrong && told.incrementAndGet() <= TOLD_MAX) out.row(row);
            }

            @Override
            public void progress(long count) {
                out.progress(count);
            }

            @Override
            public void progress(long done, long total, String unit) {
                out.progress(done, total, unit);
            }
        };
    }
}
