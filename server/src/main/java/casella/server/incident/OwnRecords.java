package casella.server.incident;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.OwnRecord;
import casella.base.Sha256;
import casella.directory.Account;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.Incident;
import casella.incident.Incidents;
import casella.incident.availability.AccountRecord;
import casella.incident.availability.Availability;
import casella.incident.availability.Capability;
import casella.incident.availability.Member;
import casella.incident.availability.Span;
import casella.incident.losses.LossAccount;
import casella.incident.losses.Tried;
import casella.queue.LocalQueue;
import casella.server.control.AvailabilityOrders;
import casella.server.control.Json;
import casella.server.proof.InstanceKey;
import casella.server.proof.SignedDocument;
import casella.store.archive.Reckoning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What owners are shown of their own accounts, out of the desk's records and the loss account. The records answer whatever engine and
/// vaults do; a count reads the vaults' lists, so two go on at a time and each is good for a minute.
public final class OwnRecords implements OwnRecord {
    static final String TYPE = "casella-own-account+json";
    /// The incidents that are shown: the newest of the account's brand.
    static final int INCIDENTS_MAX = 10;

    private static final Duration SHOWN = Duration.ofDays(90);
    private static final int TIMES_MAX = 100;
    private static final Duration GOOD = Duration.ofMinutes(1);
    private static final int REMEMBERED_MAX = 1_000;
    private static final int COUNTS_MAX = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Registrar registrar;
    private final Availability availability;
    private final Incidents incidents;
    private final Tried.Kept tried;
    private final Supplier<Optional<Reckoning>> reckoning;
    private final LocalQueue queue;
    private final Path keys;
    private final Clock clock;
    private final Semaphore counting = new Semaphore(COUNTS_MAX);
    private final Map<AccountId, Reckoned> counted = new ConcurrentHashMap<>();

    /// @param reckoning says of each mail what became of it; empty while the store is not open
    /// @param keys the folder of the instance's key
    public OwnRecords(IncidentDesk told, Desk desk, Registrar registrar, Availability availability,
            Supplier<Optional<Reckoning>> reckoning, LocalQueue queue, Path keys, Clock clock) {
        this.registrar = registrar;
        this.availability = availability;
        this.incidents = told.incidents();
        this.tried = new Tried.Kept(desk);
        this.reckoning = reckoning;
        this.queue = queue;
        this.keys = keys;
        this.clock = clock;
    }

    /// A time that is shown, and what did not work in it.
    ///
    /// @param incident null for the last 90 days
    private record Shown(String id, @Nullable Incident incident, Span span, AccountRecord record) {}

    private Account known(AccountId id) {
        return registrar.account(id).orElseThrow(() -> new Fault.Unavailable("The account is gone",
                Map.of()));
    }

    private List<Shown> shown(Account account) {
        Instant now = clock.now();
        var times = new LinkedHashMap<String, Span>();
        times.put("days90", Span.of(now.minus(SHOWN), now));
        Map<String, Incident> named = new LinkedHashMap<>();
        for (Incident one : incidents.all()) {
            if (named.size() >= INCIDENTS_MAX || !one.concerns(account.brand(), account.id(),
                    incidents.cohorts())) continue;
            Instant over = one.resolved();
            named.put("n" + one.id(), one);
            times.put("n" + one.id(), Span.of(one.opened(), over == null ? now : over));
        }
        Member member = AvailabilityOrders.member(registrar, account);
        long there = account.created().toEpochMilli();
        var all = new ArrayList<Shown>();
        times.forEach((id, span) -> {
            // Nothing can have failed for an account before it was there.
            if (span.until() <= there) return;
            var own = new Span(Math.max(span.from(), there), span.until());
            all.add(new Shown(id, named.get(id), own, availability.of(account.id(), member, own)));
        });
        return all;
    }

    private static List<Span> mailbox(AccountRecord record) {
        var spans = new ArrayList<Span>();
        for (Capability one : Capability.MAILBOX) record.away(one).forEach(part -> spans.add(part.span()));
        return Span.union(spans);
    }

    @Override
    public List<Absence> absences(AccountId id) {
        return shown(known(id)).stream().map(OwnRecords::absence).toList();
    }

    private static Absence absence(Shown one) {
        AccountRecord record = one.record();
        List<Span> mailbox = mailbox(record);
        List<Time> times = mailbox.subList(Math.max(0, mailbox.size() - TIMES_MAX), mailbox.size()).stream()
                .map(span -> new Time(at(span.from()), at(span.until()))).toList();
        Incident incident = one.incident();
        boolean goesOn = incident != null && !incident.over();
        return new Absence(one.id(), incident == null ? 0 : incident.id(),
                incident == null ? "" : incident.title().italian(), incident == null ? "" : incident.title()
                        .english(),
                at(one.span().from()), goesOn ? null : at(one.span().until()),
                new Away(record.millis(Capability.LOG_IN), record.millis(Capability.READ),
                        record.millis(Capability.RECEIVE), record.millis(Capability.SEND),
                        record.millis(Capability.PUSH), Span.millis(mailbox)), times);
    }

    @Override
    public List<Attempt> attempts(AccountId id) {
        Instant now = clock.now();
        return tried.of(id, Span.of(now.minus(SHOWN), now.plusSeconds(1))).stream()
                .map(OwnRecords::attempt).toList();
    }

    private static Attempt attempt(Tried one) {
        String all = one.account() + "\0" + one.sender() + "\0" + one.first() + "\0" + one.remote();
        String id = "t" + Sha256.of(all.getBytes(StandardCharsets.UTF_8)).toString().substring(0, 20);
        Long later = one.later();
        return new Attempt(id, one.sender(), at(one.first()), at(one.last()), one.tries(), one.code(),
                one.reason(), later == null ? null : at(later));
    }

    @Override
    public Reckoned reckoned(AccountId id) {
        Reckoned before = counted.get(id);
        if (before != null && before.at().plus(GOOD).isAfter(clock.now())) return before;
        try {
            if (!counting.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Fault.Unavailable("Too much is counted at this moment", Map.of());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault.Unavailable("The server stops", Map.of(), e);
        }
        try {
            Reckoned now = count(known(id));
            if (counted.size() >= REMEMBERED_MAX) counted.clear();
            counted.put(id, now);
            return now;
        } finally {
            counting.release();
        }
    }

    private Reckoned count(Account account) {
        Reckoning all = reckoning.get()
                .orElseThrow(() -> new Fault.Unavailable("The store is not open", Map.of()));
        Instant now = clock.now();
        var whole = new LossAccount.Sum(List.of());
        Map<String, LossAccount.Sum> meanwhile = new LinkedHashMap<>();
        for (Shown one : shown(account)) meanwhile.put(one.id(), new LossAccount.Sum(mailbox(one.record())));
        all.account(account.id(), Instant.EPOCH, now, () -> waiting(account.id()), (arrival, fate) -> {
            whole.add(arrival, fate);
            meanwhile.values().forEach(sum -> sum.add(arrival, fate));
        });
        Map<String, Came> came = new LinkedHashMap<>();
        meanwhile.forEach((id, sum) -> came.put(id, came(sum.sum())));
        LossAccount sum = whole.sum();
        return new Reckoned(now, sum.accepted(), sum.filed(), sum.deleted(), sum.pending(), sum.lost(),
                sum.unreachable(), came, statement(account, now, sum));
    }

    private static Came came(LossAccount sum) {
        return sum.meanwhile() == 0 ? new Came(0, null, null)
                : new Came(sum.meanwhile(), at(sum.meanwhileFirst()), at(sum.meanwhileLast()));
    }

    private Set<ArrivalId> waiting(AccountId account) {
        var waiting = new HashSet<ArrivalId>();
        queue.of(account).forEach(one -> waiting.add(one.item().arrival()));
        return waiting;
    }

    /// Signs what was counted. A key that cannot be used keeps nobody from the numbers.
    private String statement(Account account, Instant now, LossAccount sum) {
        ObjectNode payload = Json.object().put("document", "casella-own-account").put("format", 1)
                .put("account", account.id().toString()).put("address", account.address()).put("at",
                        now.toString())
                .put("accepted", sum.accepted()).put("filed", sum.filed()).put("deleted", sum.deleted())
                .put("pending", sum.pending()).put("lost", sum.lost()).put("unreachable", sum.unreachable());
        try {
            return SignedDocument.sign(InstanceKey.open(keys), TYPE, payload).toString();
        } catch (IOException | Fault e) {
            Log.event(Event.PROOF_KEY_UNUSABLE, e, "folder", keys);
            return "";
        }
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }
}
