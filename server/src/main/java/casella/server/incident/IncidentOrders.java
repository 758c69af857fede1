package casella.server.incident;

import casella.directory.Brand;
import casella.incident.Claims;
import casella.incident.Entry;
import casella.incident.Entry.Caused;
import casella.incident.Entry.Cause;
import casella.incident.Entry.Confidence;
import casella.incident.Entry.Counted;
import casella.incident.Entry.Estimated;
import casella.incident.Entry.Opened;
import casella.incident.Entry.Severity;
import casella.incident.Entry.State;
import casella.incident.Entry.Told;
import casella.incident.Entry.What;
import casella.incident.Incident;
import casella.incident.Part;
import casella.incident.Templates;
import casella.incident.Words;
import casella.base.Fault;
import casella.server.control.IncidentFacts;
import casella.server.control.IncidentOrder;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.health.Audit;
import casella.server.health.Doctor;
import casella.server.health.Symptom;
import java.io.Reader;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders on incidents. Hands on all other orders.
public final class IncidentOrders implements Operations {
    private final Operations operations;
    private final IncidentDesk desk;
    private final Scope scope;

    /// Counts whom something concerns.
    public interface Scope {
        /// @param brands empty for all
        /// @param part which of their accounts
        /// @param doors at which it is noticed
        Counted of(List<String> brands, Part part, List<String> doors);
    }

    /// @param operations carries out all others
    public IncidentOrders(Operations operations, IncidentDesk desk, Scope scope) {
        this.operations = operations;
        this.desk = desk;
        this.scope = scope;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof IncidentOrder about)) return operations.perform(order, body, out);
        try {
            return switch (about) {
                case IncidentOrder.IncidentList _ -> list(out);
                case IncidentOrder.IncidentShow(long incident) ->
                        new Outcome.Done(IncidentFacts.whole(known(incident)));
                case IncidentOrder.IncidentOpen open -> open(open);
                case IncidentOrder.IncidentUpdate update -> update(update);
                case IncidentOrder.IncidentAnswer answer -> answer(answer);
            };
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Incident known(long incident) {
        return desk.incidents().incident(incident)
                .orElseThrow(() -> new IllegalArgumentException("incident: there is no " + incident));
    }

    private Outcome list(Output out) {
        desk.incidents().all().forEach(one -> out.row(IncidentFacts.line(one)));
        ObjectNode facts = Json.object();
        ArrayNode proposals = facts.putArray("proposals");
        for (Doctor.Finding finding : proposed()) {
            proposals.addObject()
                    .put("proposal", finding.symptom().id())
                    .put("title", finding.symptom().title())
                    .put("severity", severity(finding).word())
                    .put("since", finding.since().toString())
                    .put("evidence", finding.seen());
        }
        ArrayNode channels = facts.putArray("channels");
        desk.channels().forEach(channels::add);
        return new Outcome.Done(facts);
    }

    /// What owners notice and nobody has opened an incident for.
    private List<Doctor.Finding> proposed() {
        return desk.findings().stream()
                .filter(finding -> finding.symptom().level() == Symptom.Level.CRITICAL)
                .filter(finding -> desk.incidents().open().stream().noneMatch(one ->
                        one.evidence().startsWith(finding.symptom().id() + ":")))
                .toList();
    }

    private static Severity severity(Doctor.Finding finding) {
        return Measured.of(List.of(finding)).values().stream()
                .anyMatch(condition -> condition == casella.incident.status.Component.Condition.OUTAGE)
                ? Severity.CRITICAL : Severity.MAJOR;
    }

    private Outcome open(IncidentOrder.IncidentOpen order) {
        for (String brand : order.brands()) {
            if (desk.directory().brands().stream().map(Brand::name).noneMatch(brand::equals)) {
                return new Outcome.Refused("brand: there is no '" + brand + "'");
            }
        }
        String evidence = "";
        if (order.proposal() != null) {
            Optional<Doctor.Finding> found = desk.findings().stream()
                    .filter(finding -> finding.symptom().id().equals(order.proposal())).findFirst();
            if (found.isEmpty()) return new Outcome.Refused("proposal: health proposes no '"
                    + order.proposal() + "' now");
            evidence = "%s: %s, since %s".formatted(order.proposal(), found.get().seen(),
                    found.get().since());
        }
        var part = new Part(listed(order.cohorts()), listed(order.doors()), listed(order.apps()));
        var opening = new Opened(words(order.title()), Severity.of(order.severity()), order.brands(),
                evidence, part);
        Words text = order.text() == null ? Templates.of(State.INVESTIGATING) : words(order.text());
        Optional<String> unproven = unproven(text, order.proof(), order.unproven());
        if (unproven.isPresent()) return new Outcome.Refused(unproven.get());
        var told = new Told(State.INVESTIGATING, text, order.proof() == null ? "" : order.proof());
        Counted counted = scope.of(order.brands(), part, Measured.doors(desk.findings()));
        if (order.preview()) {
            return preview(new Incident(0, List.of(
                    new Entry(1, Instant.now(), Audit.by(), opening),
                            new Entry(2, Instant.now(), Audit.by(), counted),
                    new Entry(3, Instant.now(), Audit.by(), told))));
        }
        return said(desk.incidents().open(opening, List.of(counted, told), Audit.by()));
    }

    private Outcome update(IncidentOrder.IncidentUpdate order) {
        Incident before = known(order.incident());
        State state = order.state() == null ? before.state() : State.of(order.state());
        List<What> more = new ArrayList<>();
        if (order.back() != null) {
            Confidence confidence = order.confidence() == null ? Confidence.LOW
                    : Confidence.of(order.confidence());
            more.add(new Estimated(back(order.back()), confidence));
        }
        if (order.cause() != null) {
            String evidence = order.evidence() == null ? "" : order.evidence();
            Cause cause = Cause.of(order.cause());
            if (cause != Cause.UNKNOWN && evidence.isBlank()) {
                return new Outcome.Refused("cause: say what shows it (--evidence)");
            }
            more.add(new Caused(cause, evidence));
        }
        if (order.text() != null || state != before.state()) {
            Words text = order.text() == null ? Templates.of(state) : words(order.text());
            Optional<String> unproven = unproven(text, order.proof(), order.unproven());
            if (unproven.isPresent()) return new Outcome.Refused(unproven.get());
            more.add(scope.of(before.brands(), before.part(), Measured.doors(desk.findings())));
            more.add(new Told(state, text, order.proof() == null ? "" : order.proof()));
        }
        if (more.isEmpty()) return new Outcome.Refused(
                "say something: a state, a text, an estimate or a cause");
        if (before.over()) return new Outcome.Refused("incident: " + before.id()
                + " is resolved; open another one");
        if (order.preview()) {
            List<Entry> entries = new ArrayList<>(before.entries());
            for (What what : more) entries.add(new Entry(entries.size() + 1, Instant.now(), Audit.by(),
                    what));
            return preview(new Incident(before.id(), entries));
        }
        Incident after = before;
        for (What what : more) after = desk.incidents().add(before.id(), what, Audit.by());
        return said(after);
    }

    private Outcome answer(IncidentOrder.IncidentAnswer order) {
        var answered = new Entry.Answered(order.key(), order.brand() == null ? "" : order.brand(),
                words(order.question()),
                words(order.answer()));
        Optional<String> unproven = unproven(answered.answer(), null, false);
        if (unproven.isPresent()) return new Outcome.Refused(unproven.get().replace(", or --unproven", ""));
        return said(desk.incidents().add(order.incident(), answered, Audit.by()));
    }

    private static List<String> listed(@Nullable List<String> texts) {
        return texts == null ? List.of() : texts;
    }

    private static Words words(IncidentOrder.Text text) {
        return new Words(text.italian(), text.english() == null ? text.italian() : text.english());
    }

    private static @Nullable Instant back(String text) {
        if (text.equals("none")) return null;
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "back: must be a time like 2027-01-31T09:30:00+01:00, or none", e);
        }
    }

    /// What a text assures has to be shown, or said on purpose without.
    private static Optional<String> unproven(Words text, @Nullable String proof, boolean onPurpose) {
        return unproven(Claims.in(text), proof, onPurpose);
    }

    static Optional<String> unproven(Set<Claims> claims, @Nullable String proof, boolean onPurpose) {
        if (onPurpose || (proof != null && !proof.isBlank())) return Optional.empty();
        if (claims.isEmpty()) return Optional.empty();
        return Optional.of("the text says " + String.join(" and ",
                claims.stream().map(Claims::sentence).toList())
                + ": cite the run that proves it with --proof, or --unproven to say it all the same");
    }

    private Outcome said(Incident incident) {
        return new Outcome.Done(IncidentFacts.whole(incident));
    }

    /// What would be said, as each of the ways says it.
    private Outcome preview(Incident incident) {
        ObjectNode out = IncidentFacts.whole(incident).put("preview", true);
        ArrayNode lines = out.putArray("lines");
        for (Brand brand : desk.directory().brands()) {
            if (!incident.concerns(brand.name())) continue;
            lines.addObject().put("brand", brand.name())
                    .put("it", desk.line().of(incident, brand.name(), "it"))
                    .put("en", desk.line().of(incident, brand.name(), "en"));
        }
        ArrayNode channels = out.putArray("channels");
        for (String inside : List.of("log-in page", "webmail", "status pages", "IMAP alert",
                "JMAP")) channels.add(inside);
        desk.channels().forEach(channels::add);
        return new Outcome.Done(out);
    }
}
