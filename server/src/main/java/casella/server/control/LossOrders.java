package casella.server.control;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Fault;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.Incident;
import casella.incident.availability.AccountRecord;
import casella.incident.availability.Availability;
import casella.incident.availability.Capability;
import casella.incident.availability.Span;
import casella.incident.losses.LossAccount;
import casella.incident.losses.Lost;
import casella.incident.losses.Tried;
import casella.queue.LocalQueue;
import casella.store.archive.Reckoning;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Counts what became of mail that was accepted, and says whose mail was not. Hands on all other orders.
public final class LossOrders implements Operations {
    private static final int PAGE = 1_000;
    /// Accounts that are named in the answer; a CSV names all.
    private static final int NAMED_MAX = 1_000;

    private final Operations operations;
    private final Registrar registrar;
    private final StoreOperations store;
    private final LocalQueue queue;
    private final Tried.Kept tried;
    private final Lost lost;
    private final Availability availability;
    private final LongFunction<Optional<Incident>> incidents;
    private final Clock clock;

    /// @param operations carries out all others
    /// @param incidents by their numbers
    public LossOrders(Operations operations, Registrar registrar, StoreOperations store, LocalQueue queue,
            Desk desk, Availability availability, LongFunction<Optional<Incident>> incidents, Clock clock) {
        this.operations = operations;
        this.registrar = registrar;
        this.store = store;
        this.queue = queue;
        this.tried = new Tried.Kept(desk);
        this.lost = new Lost(desk);
        this.availability = availability;
        this.incidents = incidents;
        this.clock = clock;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof Order.Losses about)) return operations.perform(order, body, out);
        try {
            Window window = window(about);
            String account = about.account();
            return account == null ? all(about, window, out)
                    : one(LocalOperations.id(registrar, account), window);
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome.Refused("csv: it cannot be written: " + e);
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    /// What is counted.
    ///
    /// @param brand says of a brand's name whether it is meant
    /// @param always whether it is all that was ever accepted
    private record Window(Span span, Predicate<String> brand, boolean always) {
        Instant from() {
            return Instant.ofEpochMilli(span.from());
        }

        Instant until() {
            return Instant.ofEpochMilli(span.until());
        }
    }

    private Window window(Order.Losses order) {
        Instant from = Instant.EPOCH;
        Instant to = clock.now();
        Predicate<String> brand = _ -> true;
        Long number = order.incident();
        if (number != null) {
            Incident incident = incidents.apply(number)
                    .orElseThrow(() -> new IllegalArgumentException("incident: there is no " + number));
            from = incident.opened();
            Instant resolved = incident.resolved();
            if (resolved != null) to = resolved;
            brand = incident::concerns;
        }
        from = Moment.of("from", order.from()).orElse(from);
        to = Moment.of("to", order.to()).orElse(to);
        if (to.isAfter(clock.now())) to = clock.now();
        if (!from.isBefore(to)) throw new IllegalArgumentException("from: must be before to");
        boolean always = from.equals(Instant.EPOCH) && order.to() == null && number == null;
        return new Window(Span.of(from, to), brand, always);
    }

    /// Returns what became of the mail of all accounts of some brands together.
    ///
    /// @throws Fault.Unavailable if an account cannot be counted now
    public LossAccount all(Instant from, Instant until, Predicate<String> brand, Output out) {
        var total = new Total();
        try (LossFile none = LossFile.none()) {
            walk(new Window(Span.of(from, until), brand, false), false, total, none, out);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        if (total.failed() > 0) {
            throw new Fault.Unavailable("Some accounts cannot be counted now", java.util.Map.of("accounts", total.failed()));
        }
        return total.sum;
    }

    /// Counts one account.
    ///
    /// @param away when its owner could not get at the mailbox
    private LossAccount count(AccountId account, Window window, List<Span> away) {
        Reckoning reckoning = store.reckoning()
                .orElseThrow(() -> new Fault.Unavailable("The store is not open", java.util.Map.of()));
        var sum = new LossAccount.Sum(away);
        reckoning.account(account, window.from(), window.until(), () -> waiting(account), sum::add);
        LossAccount counted = sum.sum();
        lost.counted(account, counted.lost(), window.always(), clock.now());
        return counted;
    }

    private Set<ArrivalId> waiting(AccountId account) {
        var waiting = new HashSet<ArrivalId>();
        queue.of(account).forEach(one -> waiting.add(one.item().arrival()));
        return waiting;
    }

    private Outcome one(AccountId id, Window window) {
        Account account = registrar.account(id)
                .orElseThrow(() -> new IllegalArgumentException("account: there is none with that id"));
        AccountRecord record = availability.of(id, AvailabilityOrders.member(registrar, account),
                window.span());
        var away = new ArrayList<Span>();
        for (Capability one : Capability.MAILBOX) record.away(one).forEach(part -> away.add(part.span()));
        ObjectNode facts = facts(Json.object().put("address", account.address()).put("account", id.toString())
                .put("brand", account.brand()).put("plan", account.plan()), window);
        facts.put("mailboxMillis", record.millis(Capability.MAILBOX));
        boolean wrong = counted(facts, id, window, Span.union(away));
        ArrayNode senders = facts.putArray("senders");
        for (Tried sender : tried.of(id, window.span())) senders.add(sender(sender));
        return wrong ? new Outcome.Found(facts) : new Outcome.Done(facts);
    }

    /// Puts down what became of one account's mail, or why that cannot be said now; says whether something is wrong.
    private boolean counted(ObjectNode facts, AccountId id, Window window, List<Span> away) {
        try {
            LossAccount counted = count(id, window, away);
            put(facts, counted);
            ObjectNode meanwhile = facts.putObject("meanwhile").put("mails", counted.meanwhile());
            if (counted.meanwhile() > 0) {
                meanwhile.put("first", at(counted.meanwhileFirst())).put("last", at(counted.meanwhileLast()));
            }
            return counted.lost() > 0 || counted.unreachable() > 0;
        } catch (Fault e) {
            facts.put("why", e.getMessage() + " " + e.facts());
            return true;
        }
    }

    static ObjectNode sender(Tried one) {
        Long later = one.later();
        return Json.object().put("sender", one.sender()).put("first", at(one.first()))
                .put("last", at(one.last())).put("tries", one.tries()).put("remote", one.remote())
                .put("code", one.code()).put("reason", one.reason())
                .put("later", later == null ? null : at(later));
    }

    private static ObjectNode facts(ObjectNode facts, Window window) {
        return facts.put("from", window.from().toString()).put("to", window.until().toString());
    }

    private static void put(ObjectNode facts, LossAccount counted) {
        facts.put("accepted", counted.accepted()).put("filed", counted.filed())
                .put("deleted", counted.deleted()).put("pending", counted.pending())
                .put("lost", counted.lost()).put("unreachable", counted.unreachable())
                .put("unclaimed", counted.unclaimed());
    }

    /// What all accounts come to so far. Told by several threads, one at a time.
    private static final class Total {
        LossAccount sum = LossAccount.NOTHING;
        Tried.Count senders = Tried.Count.NONE;
        long accounts;
        long counted;
        final ArrayNode named = Json.MAPPER.createArrayNode();

        /// Returns how many could not be counted, whatever the reason.
        long failed() {
            return accounts - counted;
        }
    }

    private Outcome all(Order.Losses order, Window window, Output out) throws IOException {
        var total = new Total();
        String csv = order.csv();
        boolean anySender = tried.count(window.span()).senders() > 0;
        try (LossFile file = csv == null ? LossFile.none() : LossFile.begin(Path.of(csv))) {
            walk(window, anySender, total, file, out);
        }
        ObjectNode facts = facts(Json.object().put("accounts", total.accounts), window);
        put(facts, total.sum);
        facts.put("failed", total.failed()).put("senders", total.senders.senders())
                .put("gone", total.senders.gone());
        facts.set("named", total.named);
        boolean wrong = total.sum.lost() > 0 || total.sum.unreachable() > 0 || total.failed() > 0;
        return wrong ? new Outcome.Found(facts) : new Outcome.Done(facts);
    }

    private void walk(Window window, boolean anySender, Total total, LossFile file, Output out) {
        List<Registrar.Member> page = registrar.members(null, PAGE);
        while (!page.isEmpty()) {
            page(page, window, anySender, total, file);
            out.progress(total.accounts);
            page = page.size() < PAGE ? List.of() : registrar.members(page.getLast().id(), PAGE);
        }
    }

    private void page(
            List<Registrar.Member> page, Window window, boolean anySender, Total total, LossFile file) {
        var byId = new java.util.HashMap<AccountId, Registrar.Member>();
        for (Registrar.Member member : page) {
            if (window.brand().test(member.brand())) byId.put(member.id(), member);
        }
        total.accounts += byId.size();
        var _ = StoreOperations.each(List.copyOf(byId.keySet()), new Output() {
            @Override
            public void row(ObjectNode row) {
                file.row(row);
                if (row.path("odd").asBoolean() && total.named.size() < NAMED_MAX) total.named.add(row);
            }

            @Override
            public void progress(long count) {}
        }, id -> row(id, byId.get(id), window, anySender, total));
    }

    private ObjectNode row(
            AccountId id, Registrar.@Nullable Member member, Window window, boolean anySender, Total total) {
        ObjectNode row = Json.object().put("account", id.toString());
        if (member != null) {
            row.put("address", member.address()).put("brand", member.brand()).put("plan", member.plan());
        }
        Tried.Count senders = anySender ? tried.count(id, window.span()) : Tried.Count.NONE;
        row.put("senders", senders.senders()).put("gone", senders.gone());
        LossAccount counted = null;
        try {
            counted = count(id, window, List.of());
            put(row, counted);
        } catch (Fault e) {
            row.put("why", e.getMessage() + " " + e.facts());
        }
        row.put("odd", counted == null || !counted.even() || counted.pending() > 0 || senders.senders() > 0);
        synchronized (total) {
            if (counted != null) {
                total.counted++;
                total.sum = total.sum.plus(counted);
            }
            total.senders = total.senders.plus(senders);
        }
        return row;
    }

    private static String at(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
