package casella.server.control;

import casella.incident.Entry;
import casella.incident.Incident;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An incident as JSON, for orders and the API.
public final class IncidentFacts {
    private IncidentFacts() {}

    /// Returns it without its time line.
    public static ObjectNode line(Incident one) {
        ObjectNode out = Json.object()
                .put("incident", one.id())
                .put("titleIt", one.title().italian())
                .put("titleEn", one.title().english())
                .put("severity", one.severity().word())
                .put("state", one.state().word());
        ArrayNode brands = out.putArray("brands");
        one.brands().forEach(brands::add);
        ObjectNode part = out.putObject("part");
        ArrayNode cohortsMeant = part.putArray("cohorts");
        one.part().cohorts().forEach(cohortsMeant::add);
        ArrayNode doorsMeant = part.putArray("doors");
        one.part().doors().forEach(doorsMeant::add);
        ArrayNode appsMeant = part.putArray("apps");
        one.part().apps().forEach(appsMeant::add);
        out.put("opened", one.opened().toString()).put("resolved", text(one.resolved()));
        out.put("notices", one.notices().size()).put("postMortems", one.postMortems().size());
        one.estimate().ifPresent(estimate -> out.put("back", text(estimate.back()))
                .put("confidence", estimate.confidence().word()));
        one.cause().ifPresent(cause -> out.put("cause", cause.cause().word()).put("causeEvidence",
                cause.evidence()));
        one.counted().ifPresent(counted -> {
            out.put("accounts", counted.accounts()).put("reduced", counted.reduced());
            ArrayNode doors = out.putArray("doors");
            counted.doors().forEach(doors::add);
            counted(out, counted);
        });
        ObjectNode failed = out.putObject("failed");
        one.failed().forEach(failed::put);
        return out;
    }

    /// Returns it with all its entries, oldest first.
    public static ObjectNode whole(Incident one) {
        ObjectNode out = line(one).put("evidence", one.evidence());
        ArrayNode entries = out.putArray("entries");
        for (Entry entry : one.entries()) {
            ObjectNode row = entries.addObject()
                    .put("number", entry.number()).put("at", entry.at().toString()).put("by", entry.by());
            switch (entry.what()) {
                case Entry.Opened opened -> row.put("what", "opened").put("it", opened.title().italian())
                        .put("en", opened.title().english());
                case Entry.Told told -> row.put("what", "told").put("state", told.state().word())
                        .put("it", told.text().italian()).put("en", told.text().english()).put("proof",
                                told.proof());
                case Entry.Estimated(var back, var confidence) -> row.put("what", "estimated").put("back",
                        text(back))
                        .put("confidence", confidence.word());
                case Entry.Caused(var cause, var evidence) -> row.put("what", "caused").put("cause",
                        cause.word())
                        .put("evidence", evidence);
                case Entry.Counted counted -> counted(row.put("what", "counted").put("accounts",
                        counted.accounts())
                        .put("reduced", counted.reduced()), counted);
                case Entry.Answered answered -> row.put("what", "answered").put("key", answered.key())
                        .put("brand", answered.brand()).put("it", answered.question().italian())
                        .put("en", answered.question().english());
                case Entry.PostMortem page -> row.put("what", "post-mortem").put("it", page.italian())
                        .put("en", page.english()).put("proof", page.proof());
                case Entry.Published(int of, String channel, String why) -> row.put("what", "published")
                        .put("of", of)
                        .put("channel", channel).put("why", why);
            }
        }
        return out;
    }

    private static void counted(ObjectNode out, Entry.Counted counted) {
        ArrayNode apps = out.putArray("apps");
        counted.apps().forEach(apps::add);
        ArrayNode cohorts = out.putArray("cohorts");
        counted.cohorts().forEach(cohorts::add);
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
