package casella.server.incident;

import casella.base.Clock;
import casella.base.Fault;
import casella.continuity.ladder.Climb;
import casella.incident.Incident;
import casella.incident.availability.Span;
import casella.incident.availability.Totals;
import casella.incident.breach.Breach;
import casella.incident.breach.BreachPdf;
import casella.incident.breach.Breaches;
import casella.incident.breach.Draft;
import casella.incident.breach.Note;
import casella.incident.breach.Numbers;
import casella.incident.breach.RegulatorReport;
import casella.server.control.BreachFacts;
import casella.server.control.BreachOrder;
import casella.server.control.Json;
import casella.server.control.NewFile;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.health.Audit;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Carries out orders on the register of breaches, and reports to authorities. Hands on all other orders.
public final class BreachOrders implements Operations {
    private final Operations operations;
    private final Breaches breaches;
    private final LongFunction<Optional<Incident>> incidents;
    private final Reach reach;
    private final Supplier<List<Climb>> climbs;
    private final ZoneId zone;
    private final Clock clock;

    /// Counts whom something reached, and what.
    public interface Reach {
        /// Returns what a time was for all accounts. Takes a minute for nine million.
        Totals totals(Span time, Output out);

        /// @param brand says of a brand's name whether it is meant
        /// @param mails whether mails are counted as well: as long as every account takes to be read
        Numbers numbers(Totals totals, Predicate<String> brand, boolean mails, Output out);
    }

    /// @param operations carries out all others
    /// @param incidents by their numbers
    /// @param climbs what was measured while vaults came into the place of others
    /// @param zone in which times are said
    public BreachOrders(Operations operations, Breaches breaches, LongFunction<Optional<Incident>> incidents,
            Reach reach, Supplier<List<Climb>> climbs, ZoneId zone, Clock clock) {
        this.operations = operations;
        this.breaches = breaches;
        this.incidents = incidents;
        this.reach = reach;
        this.climbs = climbs;
        this.zone = zone;
        this.clock = clock;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof BreachOrder about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case BreachOrder.BreachList _ -> list(out);
                case BreachOrder.BreachShow(long breach) -> whole(known(breach));
                case BreachOrder.BreachOpen open -> open(open);
                case BreachOrder.BreachUpdate update -> update(update, out);
                case BreachOrder.BreachDecide(long breach, boolean notifies, String reasons) ->
                        whole(breaches.add(breach, List.of(new Note.Decided(notifies ? Note.Decision.NOTIFY
                                : Note.Decision.DO_NOT_NOTIFY, reasons)), Audit.by()));
                case BreachOrder.BreachExport export -> export(export);
                case BreachOrder.IncidentReport report -> report(report, out);
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome.Refused("to: it cannot be written: " + e);
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Breach known(long breach) {
        return breaches.breach(breach)
                .orElseThrow(() -> new IllegalArgumentException("breach: there is no " + breach));
    }

    private Incident incident(long incident) {
        return incidents.apply(incident)
                .orElseThrow(() -> new IllegalArgumentException("incident: there is no " + incident));
    }

    private Outcome whole(Breach breach) {
        return new Outcome.Done(BreachFacts.whole(breach, clock.now()));
    }

    private Outcome list(Output out) {
        breaches.all().forEach(one -> out.row(BreachFacts.line(one, clock.now())));
        return new Outcome.Done(Json.object());
    }

    private Outcome open(BreachOrder.BreachOpen order) {
        if (order.incident() != null) {
            var _ = incident(order.incident());
        }
        Instant aware = order.aware() == null ? clock.now() : moment("aware", order.aware());
        return whole(breaches.open(new Note.Opened(order.incident(), order.title(), aware,
                order.awareBy()), Audit.by()));
    }

    private Outcome update(BreachOrder.BreachUpdate order, Output out) {
        Breach before = known(order.breach());
        var more = new ArrayList<Note.What>();
        Draft draft = drafted(before.draft(), order);
        if (order.count()) draft = draft.counted(count(before, order.mails(), out));
        if (!draft.equals(before.draft())) more.add(new Note.Drafted(draft));
        BreachOrder.Sent sent = order.sent();
        if (sent != null) {
            more.add(new Note.Notified(moment("notified", sent.at()), sent.authority(),
                    or(sent.reference(), ""), before.versions().size() + more.size()));
        }
        BreachOrder.PeopleTold told = order.told();
        if (told != null) {
            more.add(new Note.Communicated(told.at() == null ? null : moment("people-told", told.at()), told.how()));
        }
        if (more.isEmpty()) return new Outcome.Refused("nothing of that is new");
        return whole(breaches.add(order.breach(), more, Audit.by()));
    }

    private static Draft drafted(Draft before, BreachOrder.BreachUpdate order) {
        return new Draft(order.kinds().isEmpty() ? before.kinds() : order.kinds(),
                or(order.nature(), before.nature()), or(order.peopleCategories(), before.peopleCategories()),
                order.people() == null ? before.people() : order.people(),
                or(order.recordCategories(), before.recordCategories()),
                order.records() == null ? before.records() : order.records(),
                or(order.contact(), before.contact()), or(order.consequences(), before.consequences()),
                or(order.measures(), before.measures()), or(order.delay(), before.delay()), before.numbers());
    }

    private static String or(@Nullable String text, String other) {
        return text == null ? other : text;
    }

    /// Counts in the time of the breach's incident; of one without, from when somebody became aware, for all brands.
    private Numbers count(Breach breach, boolean mails, Output out) {
        Long number = breach.opening().incident();
        Instant from = breach.opening().aware();
        Instant until = clock.now();
        Predicate<String> brand = _ -> true;
        if (number != null) {
            Incident incident = incident(number);
            if (incident.opened().isBefore(from)) from = incident.opened();
            Instant resolved = incident.resolved();
            if (resolved != null) until = resolved;
            brand = incident::concerns;
        }
        if (!from.isBefore(until)) throw new IllegalArgumentException("count: the incident has no time to count in yet");
        return reach.numbers(reach.totals(Span.of(from, until), out), brand, mails, out);
    }

    private Outcome export(BreachOrder.BreachExport order) throws IOException {
        Breach breach = known(order.breach());
        if (!order.language().equals("it") && !order.language().equals("en")) {
            throw new IllegalArgumentException("language: must be it or en");
        }
        byte[] bytes;
        if (order.to().endsWith(".pdf")) {
            bytes = new BreachPdf(breach, order.language(), zone, clock.now()).bytes();
        } else if (order.to().endsWith(".json")) {
            String text = BreachFacts.whole(breach, clock.now()).toPrettyString() + "\n";
            bytes = text.getBytes(StandardCharsets.UTF_8);
        } else {
            throw new IllegalArgumentException("to: must end with .pdf or .json");
        }
        return written(order.to(), bytes);
    }

    private Outcome report(BreachOrder.IncidentReport order, Output out) throws IOException {
        Incident incident = incident(order.incident());
        Instant end = incident.resolved() == null ? clock.now() : incident.resolved();
        Totals totals = reach.totals(Span.of(incident.opened(), end), out);
        return written(order.to(), new RegulatorReport(incident, totals, climbs.get(), clock.now()).zip());
    }

    private static Outcome written(String to, byte[] bytes) throws IOException {
        NewFile.write(Path.of(to), out -> out.write(bytes));
        return new Outcome.Done(Json.object().put("to", to).put("bytes", bytes.length));
    }

    private static Instant moment(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + ": must be a time like 2027-01-31T09:30:00+01:00", e);
        }
    }
}
