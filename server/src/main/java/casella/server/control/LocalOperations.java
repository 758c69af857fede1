package casella.server.control;

import casella.base.AccountId;
import casella.base.Fault;
import casella.directory.Account;
import casella.directory.Answer;
import casella.directory.Brand;
import casella.directory.Forward;
import casella.directory.Password;
import casella.directory.Plan;
import casella.directory.Registrar;
import casella.directory.Registrar.NewAccount;
import casella.queue.LocalQueue;
import casella.server.cli.Version;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on a directory opened in this process.
public final class LocalOperations implements Operations {
    private static final int PAGE = 500;

    private final Registrar registrar;
    private final Optional<Parts> parts;
    private final Optional<QueueOperations> queue;
    private final Optional<StoreOperations> store;
    private final Optional<HealthOperations> health;

    /// @param parts what the running server knows of itself; empty when none runs
    public LocalOperations(Registrar registrar, Optional<Parts> parts) {
        this(registrar, parts, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// @param queue the running server's; empty when none runs
    /// @param store what is stored; empty when it is not open
    /// @param health what the running server finds wrong; empty when none runs
    public LocalOperations(
            Registrar registrar,
            Optional<Parts> parts,
            Optional<LocalQueue> queue,
            Optional<StoreOperations> store,
            Optional<HealthOperations> health) {
        this.registrar = registrar;
        this.parts = parts;
        this.queue = queue.map(QueueOperations::new);
        this.store = store;
        this.health = health;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        try {
            return done(order, body, new Addressed(out, registrar));
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Outcome done(Order order, Reader body, Output out) {
        return switch (order) {
            case Order.Status _ -> status();
            case Order.Health about -> health.map(h -> h.perform(about, out)).orElse(noServer());
            case Order.Debt _ -> parts.<Outcome>map(p ->
                    new Outcome.Done(Json.debt(p.debt()))).orElse(noServer());
            case Order.QueueList _ -> queue.map(q -> q.list(out)).orElse(noServer());
            case Order.QueueShow(String message) -> queue.map(q -> q.show(message, out)).orElse(noServer());
            case Order.AccountAdd add -> add(add);
            case Order.AccountImport _ -> importCsv(body, out);
            case Order.AccountList _ -> list(out);
            case Order.AccountPassword(String address, String password) -> password(address, password);
            case Order.AccountState(String address, String state) -> state(address, state);
            case Order.AccountPlan(String address, String plan, String paidUntil) ->
                outcome(registrar.changePlan(address, plan, date(paidUntil)), Json::account);
            case Order.AliasAdd(String address, String alias) ->
                    outcome(registrar.addAlias(address, alias), Json::account);
            case Order.AliasRemove(String address, String alias) ->
                outcome(registrar.removeAlias(address, alias), Json::account);
            case Order.ForwardSet(var address, var to, var keep) ->
                outcome(registrar.putForward(new Forward(address, to, keep)), Json::forward);
            case Order.ForwardRemove(var address) -> outcome(registrar.removeForward(address), Json::forward);
            case Order.ForwardList _ -> forwards(out);
            case Order.BrandAdd(var name, var title, var hosts, var accent, var languages) ->
                outcome(registrar.putBrand(new Brand(name, title, hosts, accent, languages)), this::brand);
            case Order.BrandList _ -> {
                registrar.brands().forEach(brand -> out.row(brand(brand)));
                yield new Outcome.Done(Json.object());
            }
            case Order.DomainAdd(String brand, String domain) -> outcome(
                    registrar.addDomain(brand, domain),
                    key -> Json.object().put("brand", brand).put("domain", key));
            case Order.PlanAdd plan -> outcome(registrar.putPlan(plan(plan)), Json::plan);
            case Order.AccountHold(String address, boolean held) ->
                outcome(registrar.hold(address, held), account -> Json.account(account).put("held", held));
            case Order.AccountErase(String address, boolean dryRun) -> erase(address, dryRun);
            case Order.CollectStatus _ -> stored(s -> s.deletion().collectStatus());
            case Order.CollectRun(boolean confirm) -> stored(s -> s.deletion().collect(confirm, out));
            case Order.Verify(String account) -> stored(s -> s.verify(oneOrAll(account), out));
            case Order.QuarantineRelease(String account) -> stored(s -> s.release(id(account)));
            case Order.Proof(String account) ->
                    stored(s -> s.proof().prove(id(account), account, Version.NAME));
            case Order.Rebuild(String account, String from) ->
                    stored(s -> s.rebuild(oneOrAll(account), from, out));
            case Order.Export(String account, String to, String from) ->
                stored(s -> s.export(id(account), to, from, out));
            case Order.Restore(var account, var emails, var folder, var asOf) ->
                stored(s -> s.deletion().restore(id(account), emails, folder, asOf, out));
            case Order.RestoreList(String account, int limit) ->
                stored(s -> s.deletion().recoverable(id(account), limit, out));
            case Order.StandbyOpen(String account) -> standby(s -> s.open(oneOrAll(account), out));
            case Order.StandbyReturn(String account) -> standby(s -> s.giveBack(oneOrAll(account), out));
            case Order.StandbyList _ -> standby(s -> s.list(out));
            case Order.Cohorts about -> new CohortOperations(registrar).perform(about, out);
            case Order.Elsewhere _ -> noServer();
            case Order.PlanList _ -> plans(out);
        };
    }

    private Outcome stored(Function<StoreOperations, Outcome> work) {
        return store.map(work).orElse(noServer());
    }

    private Outcome standby(Function<StandbyOperations, Outcome> work) {
        return store.flatMap(StoreOperations::standby).map(work).orElse(noServer());
    }

    private @Nullable AccountId oneOrAll(@Nullable String account) {
        return account == null ? null : id(account);
    }

    private AccountId id(String account) {
        return id(registrar, account);
    }

    /// Takes an address or an id.
    ///
    /// @throws IllegalArgumentException if it is neither
    public static AccountId id(Registrar registrar, String account) {
        if (!account.contains("@")) return AccountId.parse(account);
        return registrar.find(account)
                .map(Account::id)
                .orElseThrow(() -> new IllegalArgumentException("account: there is none with that address"));
    }

    /// What the order does not say of sending stays as it is.
    private Plan plan(Order.PlanAdd order) {
        Optional<Plan> there = registrar.plans().stream()
                .filter(plan -> plan.name().equals(order.name())).findAny();
        Long recovery = order.recoveryBytes();
        Integer hour = order.recipientsPerHour();
        Integer day = order.recipientsPerDay();
        return new Plan(order.name(), order.quotaBytes(), order.paid(), Plan.ServiceLevel.of(order.level()),
                order.recoveryDays(), recovery == null ? order.quotaBytes() : recovery,
                hour == null ? there.map(Plan::recipientsPerHour).orElse(0) : hour,
                day == null ? there.map(Plan::recipientsPerDay).orElse(0) : day);
    }

    private Outcome erase(String address, boolean dryRun) {
        Optional<Account> account = registrar.find(address);
        if (account.isEmpty()) return new Outcome.Refused("address: there is no account with that address");
        if (account.get().state() != Account.State.WIPED) {
            return new Outcome.Refused("address: the account must be wiped first (account wipe)");
        }
        if (registrar.held(account.get().id())) {
            return new Outcome.Refused("address: the account is held (account release)");
        }
        if (dryRun) return stored(s -> s.deletion().wouldErase(account.get()));
        return stored(s -> s.deletion().erase(account.get().id()));
    }

    private ObjectNode brand(Brand brand) {
        return Json.brand(brand, registrar.domains(brand.name()));
    }

    private static Outcome noServer() {
        return new Outcome.NotReachable("no server runs on this data folder");
    }

    private Outcome status() {
        if (parts.isEmpty()) return noServer();
        List<Parts.Part> now = parts.get().parts();
        ObjectNode facts = Json.status(now);
        facts.set("holes", Json.holes(parts.get().holes()));
        health.ifPresent(h -> h.complete(facts));
        return Json.worst(now) == Parts.State.WHOLE ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    private static <T> Outcome outcome(Answer<T> answer, Function<T, ObjectNode> facts) {
        return switch (answer) {
            case Answer.Done<T>(T value) -> new Outcome.Done(facts.apply(value));
            case Answer.Refused<T> refused -> new Outcome.Refused(refused.message());
        };
    }

    private Outcome add(Order.AccountAdd add) {
        String password = add.password() == null ? MadePassword.of(4) : add.password();
        var wanted = new NewAccount(
                add.address(),
                add.plan(),
                add.name() == null ? "" : add.name(),
                add.language(),
                Password.either(password),
                List.of(),
                null);
        return outcome(registrar.add(wanted),
                account -> withPassword(account, add.password() == null, password));
    }

    private Outcome password(String address, @Nullable String given) {
        String password = given == null ? MadePassword.of(4) : given;
        return outcome(
                registrar.setPassword(address, Password.either(password)),
                account -> withPassword(account, given == null, password));
    }

    private static ObjectNode withPassword(Account account, boolean made, String password) {
        ObjectNode facts = Json.account(account);
        return made ? facts.put("password", password) : facts;
    }

    private Outcome importCsv(Reader body, Output out) {
        return switch (registrar.importCsv(body, out::progress)) {
            case Answer.Refused<Registrar.ImportReport> refused -> new Outcome.Refused(refused.message());
            case Answer.Done<Registrar.ImportReport>(var report) -> {
                ObjectNode facts = Json.object().put("added", report.added()).put("refused",
                        report.refused());
                ArrayNode errors = facts.putArray("errors");
                report.errors().forEach(errors::add);
                yield report.refused() == 0 ? new Outcome.Done(facts) : new Outcome.Found(facts);
            }
        };
    }

    private Outcome plans(Output out) {
        registrar.plans().forEach(plan -> out.row(Json.plan(plan)));
        return new Outcome.Done(Json.object());
    }

    private Outcome forwards(Output out) {
        String after = "";
        while (true) {
            List<Forward> page = registrar.forwards(after, PAGE);
            page.forEach(one -> out.row(Json.forward(one)));
            if (page.size() < PAGE) return new Outcome.Done(Json.object());
            after = page.getLast().address();
        }
    }

    private Outcome list(Output out) {
        String after = "";
        while (after != null) {
            Registrar.Listing page = registrar.list(after, PAGE);
            page.accounts().forEach(account -> out.row(Json.account(account)));
            after = page.next();
        }
        return new Outcome.Done(Json.object());
    }

    private Outcome state(String address, String state) {
        return switch (state) {
            case "active" -> outcome(registrar.enable(address), Json::account);
            case "disabled" -> outcome(registrar.disable(address), Json::account);
            case "wiped" -> outcome(registrar.wipe(address), account -> Json.account(account)
                    .put("note",
                            "log-in and new mail are refused, credentials are gone; stored mail is kept for the plan's days, then erased (account erase: now)"));
            default -> new Outcome.Refused("state: must be active, disabled or wiped");
        };
    }

    private static @Nullable Instant date(@Nullable String text) {
        if (text == null) return null;
        try {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("paid-until: '" + text + "' is no date like 2027-01-31", e);
        }
    }
}
