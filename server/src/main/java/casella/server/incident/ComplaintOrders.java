package casella.server.incident;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.Given;
import casella.base.Sha256;
import casella.directory.Account;
import casella.directory.Brand;
import casella.directory.CsvReader;
import casella.directory.Registrar;
import casella.incident.Incident;
import casella.incident.Incidents;
import casella.incident.availability.AccountRecord;
import casella.incident.availability.Availability;
import casella.incident.availability.Capability;
import casella.incident.availability.Span;
import casella.incident.complaint.Complaint;
import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.Channel;
import casella.incident.complaint.Complaint.Received;
import casella.incident.complaint.Complaint.State;
import casella.incident.complaint.Complaints;
import casella.incident.complaint.Reception;
import casella.incident.complaint.Step;
import casella.incident.voice.Language;
import casella.server.control.AvailabilityOrders;
import casella.server.control.ComplaintFacts;
import casella.server.control.Json;
import casella.server.control.LocalOperations;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.health.Audit;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on complaints. Hands on all other orders.
public final class ComplaintOrders implements Operations {
    private static final int PAGE = 200;
    private static final List<String> COLUMNS = List.of("name", "contact", "account", "category", "text");

    private final Operations operations;
    private final Complaints complaints;
    private final Incidents incidents;
    private final Registrar registrar;
    private final Availability availability;
    private final Given given;
    private final ZoneId zone;
    private final Clock clock;

    /// @param operations carries out all others
    /// @param given what owners were given
    /// @param zone in which a day is one
    public ComplaintOrders(
            Operations operations, Complaints complaints, Incidents incidents, Registrar registrar,
                    Availability availability, Given given,
            ZoneId zone, Clock clock) {
        this.operations = operations;
        this.complaints = complaints;
        this.incidents = incidents;
        this.registrar = registrar;
        this.availability = availability;
        this.given = given;
        this.zone = zone;
        this.clock = clock;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof Order.Complaints about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case Order.ComplaintList list -> list(list, out);
                case Order.ComplaintShow(long id) -> new Outcome.Done(shown(known(id)));
                case Order.ComplaintOpen open -> open(open);
                case Order.ComplaintImport all -> imported(all, body, out);
                case Order.ComplaintSort sort -> sort(sort);
                case Order.ComplaintAnswer(long id, String way, String text) ->
                        said(id, new Step.Said(Step.Way.of(way), text));
                case Order.ComplaintDecide(long id, String outcome, String way, String text) ->
                        said(id, new Step.Decided(Step.Outcome.of(outcome), Step.Way.of(way), text));
                case Order.ComplaintAttach(long id, String name, String type) ->
                        done(complaints.attach(id, name, type,
                        bytes(body), Audit.by()));
                case Order.ComplaintFile(long id, int step) -> file(id, step);
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Outcome.Refused("the list cannot be read: " + e.getMessage());
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Complaint known(long id) {
        return complaints.complaint(id).orElseThrow(() ->
                new IllegalArgumentException("complaint: there is no " + id));
    }

    private Outcome done(Complaint one) {
        return new Outcome.Done(ComplaintFacts.line(one, clock.now()));
    }

    private Outcome list(Order.ComplaintList order, Output out) {
        var filter = new Complaints.Filter(
                order.state() == null ? null : State.of(order.state()),
                order.category() == null ? null : Category.of(order.category()),
                order.association(),
                order.due() == null ? null : clock.now().plus(Duration.ofDays(order.due())), null);
        Instant now = clock.now();
        long after = 0;
        List<Complaint> page;
        do {
            page = complaints.page(filter, after, PAGE);
            for (Complaint one : page) {
                boolean late = filter.due() == null || one.state() != State.CLOSED;
                if (late) out.row(ComplaintFacts.line(one, now));
            }
            if (!page.isEmpty()) after = page.getLast().id();
        } while (page.size() == PAGE);
        return new Outcome.Done(ComplaintFacts.figures(complaints.figures()));
    }

    /// With what its owner was given, and what the record says of the mailbox during the incident that it is about.
    private ObjectNode shown(Complaint one) {
        ObjectNode out = ComplaintFacts.whole(one, clock.now());
        ArrayNode credits = out.putArray("given");
        one.received().accountId().map(given::to).orElse(List.of()).forEach(credit ->
                credits.addObject().put("incident", credit.incident()).put("bytes", credit.quotaBytes())
                        .put("months", credit.months()).put("at", credit.at().toString())
                        .put("ended", credit.ended() == null ? null : credit.ended().toString()));
        Optional<Incident> incident = one.incident() == 0 ? Optional.empty()
                : incidents.incident(one.incident());
        Optional<Account> account = one.received().accountId().flatMap(registrar::account);
        if (incident.isEmpty() || account.isEmpty()) return out;
        Instant until = incident.get().resolved() == null ? clock.now() : incident.get().resolved();
        var span = new Span(incident.get().opened().toEpochMilli(), Math.max(until.toEpochMilli(),
                incident.get().opened().toEpochMilli() + 1));
        AccountRecord found = availability.of(account.get().id(),
                AvailabilityOrders.member(registrar, account.get()), span);
        ObjectNode away = out.putObject("awayMillis");
        for (Capability capability : Capability.values()) away.put(capability.word(),
                found.millis(capability));
        return out;
    }

    private Outcome open(Order.ComplaintOpen order) {
        Channel channel = Channel.of(order.channel());
        if (channel == Channel.FORM || channel == Channel.ASSOCIATION) {
            throw new IllegalArgumentException("channel: must be mail, pec, letter or telephone");
        }
        brand(order.brand());
        var received = new Received(order.received() == null ? clock.now() : moment(order.received()),
                channel,
                Category.of(order.category()), order.brand(), account(order.account()),
                new Complaint.Person(order.name(), order.contact()), order.subject(), order.text(),
                        order.language(),
                order.protocol() == null ? "" : order.protocol(), "", "");
        String all = String.join("\0", channel.word(), order.brand(), received.protocol(), order.name(),
                order.contact(),
                String.valueOf(order.received()), order.subject(), order.text());
        return done(complaints.open("operator-" + digest(all), received));
    }

    private void brand(String name) {
        if (registrar.brands().stream().map(Brand::name).noneMatch(name::equals)) {
            throw new IllegalArgumentException("brand: there is no '" + name + "'");
        }
    }

    private @Nullable String account(@Nullable String account) {
        return account == null || account.isBlank() ? null : LocalOperations.id(registrar, account.strip())
                .toString();
    }

    private Instant moment(String text) {
        try {
            return text.contains("T") ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text).atStartOfDay(zone).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "received: must be a day like 2027-01-31, or a time like 2027-01-31T09:30:00+01:00", e);
        }
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /// Enters row by row; a row that is wrong is told and left out. Given again, what was entered is not entered again.
    private Outcome imported(Order.ComplaintImport order, Reader body, Output out) throws IOException {
        brand(order.brand());
        var reader = new CsvReader(body);
        CsvReader.Row head = reader.next();
        if (head == null
                || !COLUMNS.equals(head.fields().stream().map(one -> one.strip().toLowerCase(Locale.ROOT))
                .toList())) {
            return new Outcome.Refused("the first row must name the columns: " + String.join(",", COLUMNS));
        }
        long entered = 0;
        long refused = 0;
        for (CsvReader.Row row; (row = reader.next()) != null; ) {
            try {
                out.row(ComplaintFacts.line(entered(order, row.fields()), clock.now()));
                entered++;
            } catch (IllegalArgumentException e) {
                out.row(Json.object().put("line", row.line()).put("refused", e.getMessage()));
                refused++;
            }
            out.progress(entered + refused);
        }
        ObjectNode facts = Json.object().put("entered", entered).put("refused", refused);
        return refused == 0 ? new Outcome.Done(facts) : new Outcome.Found(facts);
    }

    private Complaint entered(Order.ComplaintImport order, List<String> fields) {
        if (fields.size() != COLUMNS.size()) throw new IllegalArgumentException("must have "
                + COLUMNS.size() + " fields");
        var received = new Received(clock.now(), Channel.ASSOCIATION, Category.of(fields.get(3).strip()),
                order.brand(),
                account(fields.get(2)), new Complaint.Person(fields.get(0), fields.get(1)), "",
                        fields.get(4), "it", "",
                order.association(), order.mandate());
        return complaints.open("import-" + digest(order.association() + "\0" + order.mandate() + "\0"
                + String.join("\0", fields)), received);
    }

    private Outcome sort(Order.ComplaintSort order) {
        if (order.incident() != 0 && incidents.incident(order.incident()).isEmpty()) {
            return new Outcome.Refused("incident: there is no " + order.incident());
        }
        return done(complaints.add(order.complaint(),
                new Step.Sorted(Category.of(order.category()), order.incident()), Audit.by()));
    }

    private Outcome said(long id, Step.What what) {
        Complaint one = known(id);
        Step.Way way = what instanceof Step.Said said ? said.way() : ((Step.Decided) what).way();
        String text = Step.text(what).orElseThrow();
        if (way == Step.Way.MAILBOX) for (Language language : Language.values()) Reception.answer(one,
                language, text);
        return done(complaints.add(id, what, Audit.by()));
    }

    private static byte[] bytes(Reader body) throws IOException {
        var text = new StringBuilder();
        char[] some = new char[8_192];
        for (int count; (count = body.read(some)) >= 0; ) {
            text.append(some, 0, count);
            if (text.length() > 2L * Complaints.FILE_BYTES_MAX) throw new IllegalArgumentException(
                    "file: is too large");
        }
        try {
            return Base64.getMimeDecoder().decode(text.toString());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("file: must come in Base64", e);
        }
    }

    private Outcome file(long id, int step) {
        Complaint one = known(id);
        byte[] bytes = complaints.file(id, step).orElseThrow(() ->
                new IllegalArgumentException("complaint: step " + step + " of " + id + " added no file"));
        var filed = (Step.Filed) one.steps().get(step - 1).what();
        return new Outcome.Done(Json.object().put("name", filed.name()).put("type", filed.type())
                .put("sha256", filed.sha256()).put("content", Base64.getEncoder().encodeToString(bytes)));
    }
}
