package casella.server.incident;

import casella.incident.availability.Availability;
import casella.incident.availability.Interval;
import casella.incident.compensation.Compensations;
import casella.incident.compensation.Rule;
import casella.incident.compensation.Rules;
import casella.incident.compensation.Run;
import casella.server.control.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A compensation as JSON.
final class CompensationFacts {
    private CompensationFacts() {}

    /// @param waiting what the work waits for; empty while it goes on
    static ObjectNode of(Run run, Rules rules, String waiting) {
        ObjectNode out = Json.object()
                .put("incident", run.incident()).put("run", run.id()).put("state", run.state().word())
                .put("digest", run.digest()).put("rules", run.rules())
                .put("from", at(run.window().from())).put("to", at(run.window().until()));
        long bytes = 0;
        long months = 0;
        long told = 0;
        long ended = 0;
        long credited = 0;
        long gone = 0;
        ArrayNode lines = out.putArray("lines");
        for (Run.Line line : run.lines()) {
            line(lines.addObject(), line, rules);
            bytes += line.owed().bytes() * line.accounts();
            months += line.owed().months() * line.accounts();
            credited += line.credited();
            gone += line.gone();
            ended += line.ended();
            told += line.told();
        }
        out.put("accounts", run.owing()).put("quotaBytes", bytes).put("months", months)
                .put("credited", credited).put("gone", gone).put("ended", ended).put("told", told)
                .put("announced", text(run.announced())).put("waitsFor", waiting);
        ArrayNode acts = out.putArray("acts");
        for (Run.Act act : run.acts()) {
            acts.addObject().put("at", act.at().toString()).put("by", act.by().text()).put("act", act.act())
                    .put("words", act.words());
        }
        return out;
    }

    private static void line(ObjectNode row, Run.Line line, Rules rules) {
        row.put("brand", line.owed().brand()).put("plan", line.owed().plan()).put("rule", line.owed().rule())
                .put("accounts", line.accounts()).put("percent", line.owed().percent())
                .put("quotaBytes", line.owed().bytes()).put("months", line.owed().months())
                .put("credited", line.credited()).put("gone", line.gone()).put("ended", line.ended())
                .put("told", line.told());
        for (Rule rule : rules.rules()) {
            if (rule.name().equals(line.owed().rule()) && rule.due() instanceof Rule.Due.Nothing(var because)) {
                row.put("becauseIt", because.italian()).put("becauseEn", because.english());
            }
        }
    }

    /// Adds what of the record was not settled.
    static ObjectNode unsettled(ObjectNode out, Availability.Unsettled unsettled, boolean over) {
        out.put("incidentOver", over).put("accountsGoOn", unsettled.accounts())
                .put("beganBefore", text(unsettled.begins()));
        ArrayNode goOn = out.putArray("goOn");
        for (Interval.OfScope one : unsettled.goOn()) {
            goOn.addObject().put("scope", one.scope().text()).put("cause", one.interval().cause().word())
                    .put("since", at(one.interval().span().from()));
        }
        return out;
    }

    /// @param address empty for one that the directory does not know any more
    static ObjectNode credit(Compensations.Credit credit, String address) {
        return Json.object().put("key", credit.run().cause() + "/" + credit.account())
                .put("incident", credit.run().incident()).put("run", credit.run().id())
                .put("account", credit.account().toString()).put("address", address)
                .put("brand", credit.owed().brand()).put("plan", credit.owed().plan())
                .put("rule", credit.owed().rule()).put("months", credit.owed().months())
                .put("quotaBytes", credit.owed().bytes()).put("state", credit.state())
                .put("at", text(credit.at())).put("ended", text(credit.ended()));
    }

    private static String at(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}
