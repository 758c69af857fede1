package casella.server.control;

import casella.incident.breach.Breach;
import casella.incident.breach.Clock72;
import casella.incident.breach.Draft;
import casella.incident.breach.Note;
import casella.incident.breach.Numbers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A breach as JSON, for orders and its export.
public final class BreachFacts {
    private BreachFacts() {}

    /// Returns it in short.
    public static ObjectNode line(Breach one, Instant now) {
        Note.Opened opening = one.opening();
        Clock72 clock = one.clock(now);
        ObjectNode out = Json.object().put("breach", one.id()).put("title", opening.title())
                .put("state", one.state());
        if (opening.incident() != null) out.put("incident", opening.incident());
        out.put("aware", opening.aware().toString()).put("awareBy", opening.awareBy())
                .put("deadline", clock.deadline().toString())
                .put("leftSeconds", clock.left().toSeconds()).put("left", hours(clock.left()))
                .put("over", clock.over()).put("lateSeconds", clock.late().toSeconds())
                .put("late", hours(clock.late())).put("notified", text(clock.notified()))
                .put("versions", one.versions().size())
                .put("people", one.draft().people()).put("records", one.draft().records());
        ArrayNode missing = out.putArray("missing");
        one.draft().missing().forEach(missing::add);
        return out;
    }

    /// Returns it with every note, oldest first.
    public static ObjectNode whole(Breach one, Instant now) {
        ObjectNode out = line(one, now);
        draft(out.putObject("draft"), one.draft());
        ArrayNode notes = out.putArray("notes");
        int version = 0;
        for (Note note : one.notes()) {
            ObjectNode row = notes.addObject().put("number", note.number()).put("at", note.at().toString())
                    .put("by", note.by());
            switch (note.what()) {
                case Note.Opened opened -> row.put("what", "opened").put("title", opened.title());
                case Note.Drafted(Draft draft) -> draft(row.put("what", "drafted").put("version", ++version), draft);
                case Note.Decided(var decision, String reasons) -> row.put("what", "decided")
                        .put("decision", decision.word()).put("reasons", reasons);
                case Note.Notified(Instant sent, String authority, String reference, int of) ->
                        row.put("what", "notified").put("sent", sent.toString()).put("authority", authority)
                                .put("reference", reference).put("version", of);
                case Note.Communicated(var told, String how) -> row.put("what", "communicated")
                        .put("told", text(told)).put("how", how);
            }
        }
        return out;
    }

    private static void draft(ObjectNode out, Draft draft) {
        ArrayNode kinds = out.putArray("kinds");
        draft.kinds().forEach(kinds::add);
        out.put("nature", draft.nature()).put("peopleCategories", draft.peopleCategories())
                .put("people", draft.people()).put("recordCategories", draft.recordCategories())
                .put("records", draft.records()).put("contact", draft.contact())
                .put("consequences", draft.consequences()).put("measures", draft.measures())
                .put("delay", draft.delay());
        Numbers numbers = draft.numbers();
        if (numbers == null) return;
        out.putObject("counted").put("from", numbers.from().toString()).put("until", numbers.until().toString())
                .put("accounts", numbers.accounts()).put("mailbox", numbers.mailbox())
                .put("people", numbers.people()).put("measured", numbers.measured())
                .put("millis", numbers.millis()).put("longest", numbers.longest())
                .put("mails", numbers.mails()).put("lost", numbers.lost())
                .put("unreachable", numbers.unreachable()).put("senders", numbers.senders())
                .put("gone", numbers.gone());
    }

    private static String hours(Duration time) {
        return "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
