package casella.server.incident;

import casella.base.Clock;
import casella.incident.Csv;
import casella.incident.Entry;
import casella.incident.Incident;
import casella.incident.availability.Span;
import casella.incident.availability.Totals;
import casella.incident.breach.IncidentCsv;
import casella.incident.complaint.Complaint;
import casella.incident.complaint.Complaints;
import casella.server.control.DeskOrder;
import casella.server.control.IncidentFacts;
import casella.server.control.Json;
import casella.server.control.NewFile;
import casella.server.control.Operations.Output;
import casella.server.control.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What an association that speaks for owners is told of an incident: facts, what was said when, rules of compensation, figures. Of single
/// people only those are in it for whom it brought a mandate, with what it brought itself.
///
/// ```text
/// README.txt         incident.json      timeline.csv     availability.csv
/// compensation.json  rules.yaml         figures.csv      cases.csv
/// post-mortem-it.txt, post-mortem-en.txt   SHA256SUMS
/// ```
final class AssociationPack {
    /// Fewer cases of all are not told apart.
    static final int FEW = 5;

    private final ComplaintRows rows;
    private final Function<Span, Totals> totals;
    private final LongFunction<Optional<Given>> given;
    private final Clock clock;

    /// What was given for an incident.
    ///
    /// @param rules as they were written
    /// @param counts of each line of the list
    record Given(String rules, ObjectNode counts) {}

    /// @param totals of all accounts in a time
    /// @param given what was approved or more for an incident; empty for nothing
    AssociationPack(ComplaintRows rows, Function<Span, Totals> totals, LongFunction<Optional<Given>> given,
            Clock clock) {
        this.rows = rows;
        this.totals = totals;
        this.given = given;
        this.clock = clock;
    }

    /// Makes the file that `order` names.
    ///
    /// @throws IOException if there is such a file, or it cannot be written
    Outcome make(DeskOrder.AssociationPack order, Incident incident, Output out) throws IOException {
        if (order.association().isBlank()) throw new IllegalArgumentException("association: must not be empty");
        Instant now = clock.now();
        Instant over = incident.resolved();
        Totals measured = totals.apply(Span.of(incident.opened(), over == null ? now : over));
        var figures = new Figures();
        var cases = new StringBuilder(Csv.row(List.of("number", "name", "contact", "category", "received", "deadline",
                "answered", "inTime", "closed", "outcome", "mandate")));
        rows.each(new Complaints.Filter(null, null, null, null, incident.id()), one -> {
            boolean theirs = one.received().association().equals(order.association());
            figures.count(one, theirs, now);
            if (theirs) cases.append(line(rows.row(one, now), one));
        });
        Optional<Given> compensation = given.apply(incident.id());
        long bytes = NewFile.write(Path.of(order.to()), file -> {
            try (var zip = new ZipFile(file, now)) {
                zip.add("README.txt", readme(order, incident, now));
                zip.add("incident.json", facts(incident));
                zip.add("timeline.csv", IncidentCsv.timeline(incident));
                zip.add("availability.csv", IncidentCsv.availability(incident, measured));
                if (compensation.isPresent()) {
                    zip.add("rules.yaml", compensation.get().rules());
                    zip.add("compensation.json", counts(compensation.get().counts()));
                }
                zip.add("figures.csv", figures.csv());
                zip.add("cases.csv", cases.toString());
                List<Entry> learned = incident.postMortems();
                if (!learned.isEmpty() && learned.getLast().what() instanceof Entry.PostMortem page) {
                    zip.add("post-mortem-it.txt", page.italian() + "\n");
                    zip.add("post-mortem-en.txt", page.english() + "\n");
                }
            }
        });
        out.progress(figures.all);
        return new Outcome.Done(Json.object().put("to", order.to()).put("bytes", bytes)
                .put("association", order.association()).put("incident", incident.id())
                .put("cases", figures.theirs).put("allCases", figures.all));
    }

    private static String line(ObjectNode row, Complaint one) {
        Complaint.Person person = one.received().person();
        return Csv.row(List.of(one.number(), person.name(), person.contact(),
                text(row, "category"), text(row, "received"), text(row, "deadline"), text(row, "answered"), text(row, "inTime"),
                text(row, "closed"), text(row, "outcome"), one.received().mandate()));
    }

    private static String text(ObjectNode row, String name) {
        return row.path(name).isNull() ? "" : row.path(name).asString("");
    }

    /// The incident without operators' names and without what became of its channels.
    private static ObjectNode facts(Incident incident) {
        ObjectNode out = IncidentFacts.line(incident);
        out.remove(List.of("failed", "reduced", "doors"));
        ArrayNode questions = out.putArray("questions");
        List<String> brands = incident.brands().isEmpty() ? List.of("") : incident.brands();
        brands.stream().flatMap(brand -> incident.questions(brand).stream()).distinct().forEach(one ->
                questions.addObject()
                .put("key", one.key()).put("questionIt", one.question().italian()).put("questionEn", one.question().english())
                .put("answerIt", one.answer().italian()).put("answerEn", one.answer().english()));
        return out;
    }

    /// What was given, line by line; few accounts of a line are not counted out.
    private static ObjectNode counts(ObjectNode run) {
        ObjectNode out = Json.object();
        for (String name : List.of("incident", "state", "from", "to", "digest")) out.set(name, run.path(name));
        ArrayNode lines = out.putArray("lines");
        run.path("lines").forEach(line -> {
            ObjectNode row = lines.addObject();
            for (String name : List.of("brand", "plan", "rule", "percent", "quotaBytes", "months", "becauseIt", "becauseEn")) {
                if (line.has(name)) row.set(name, line.path(name));
            }
            for (String name : List.of("accounts", "credited", "ended")) {
                long count = line.path(name).asLong();
                if (count > 0 && count < IncidentCsv.FEW) row.put(name, "fewer than " + IncidentCsv.FEW);
                else row.put(name, count);
            }
        });
        return out;
    }

    private static String readme(DeskOrder.AssociationPack order, Incident incident, Instant now) {
        return """
                %s
                Incidente %d: %s
                Incident %d: %s
                %s

                incident.json      i fatti, con domande e risposte            facts, questions and answers
                timeline.csv       che cosa è stato fatto e detto, e quando   what was done and said, when
                availability.csv   ore misurate, per marchio e piano          measured hours by brand, plan
                rules.yaml         le regole del ristoro                      rules of compensation
                compensation.json  a quante caselle, per regola               to how many mailboxes, by rule
                figures.csv        reclami su questo incidente: tutti, e i vostri (meno di %d: non a parte)
                                   complaints about this incident: all, and yours (fewer than %d: not apart)
                cases.csv          i reclami che avete portato voi            the complaints that you brought
                post-mortem-*.txt  che cosa abbiamo imparato                  what we learned
                SHA256SUMS         di questi file                             of these files

                Di singole persone c'è solo chi vi ha dato mandato. Quello che riguarda la casella di
                ciascuno lo riceve lui stesso.
                Of single people only those are in it who gave you their mandate. What concerns the
                mailbox of each of them, they get themselves.
                """.formatted(order.association(), incident.id(), incident.title().italian(), incident.id(),
                incident.title().english(), now, FEW, FEW);
    }

    /// How many cases there are of what, of all and of the association.
    private static final class Figures {
        private final Map<String, Map<String, long[]>> counts = new TreeMap<>();
        private long all;
        private long theirs;

        void count(Complaint one, boolean itsOwn, Instant now) {
            all++;
            if (itsOwn) theirs++;
            add("category", one.category().word(), itsOwn);
            add("channel", one.received().channel().word(), itsOwn);
            add("state", one.state().word(), itsOwn);
            add("outcome", one.outcome().map(outcome -> outcome.word()).orElse("none yet"), itsOwn);
            add("answered in time", one.inTime(now).map(in -> in ? "yes" : "no").orElse("not due yet"), itsOwn);
        }

        private void add(String what, String value, boolean itsOwn) {
            long[] both = counts.computeIfAbsent(what, _ -> new TreeMap<>())
                    .computeIfAbsent(value, _ -> new long[2]);
            both[0]++;
            if (itsOwn) both[1]++;
        }

        String csv() {
            var out = new StringBuilder(Csv.row(List.of("what", "value", "all", "yours")));
            out.append(Csv.row(List.of("cases", "", few(all), Long.toString(theirs))));
            var rows = new ArrayList<String>();
            counts.forEach((what, values) -> values.forEach((value, both) ->
                    rows.add(Csv.row(List.of(what, value, few(both[0]), Long.toString(both[1]))))));
            rows.forEach(out::append);
            return out.toString();
        }

        private static String few(long count) {
            return count > 0 && count < FEW ? "fewer than " + FEW : Long.toString(count);
        }
    }
}
