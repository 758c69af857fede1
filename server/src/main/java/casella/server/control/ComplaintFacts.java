package casella.server.control;

import casella.incident.complaint.Complaint;
import casella.incident.complaint.Complaints;
import casella.incident.complaint.Step;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A complaint as JSON, for orders and the API.
public final class ComplaintFacts {
    private ComplaintFacts() {}

    /// Returns it without what was said.
    public static ObjectNode line(Complaint one, Instant now) {
        Complaint.Received received = one.received();
        return Json.object()
                .put("complaint", one.id()).put("number", one.number())
                .put("state", one.state().word()).put("category", one.category().word())
                .put("channel", received.channel().word()).put("brand", received.brand())
                .put("account", received.account()).put("name", received.person().name())
                .put("received", received.at().toString()).put("deadline", one.deadline().toString())
                .put("overdue", one.overdue(now)).put("incident", one.incident())
                .put("association", received.association()).put("protocol", received.protocol());
    }

    /// Returns all of it.
    public static ObjectNode whole(Complaint one, Instant now) {
        Complaint.Received received = one.received();
        ObjectNode out = line(one, now).put("contact", received.person().contact())
                .put("subject", received.subject())
                .put("text", received.text()).put("language", received.language())
                        .put("mandate", received.mandate());
        ArrayNode steps = out.putArray("steps");
        for (Step step : one.steps()) {
            ObjectNode row = steps.addObject()
                    .put("number", step.number()).put("at", step.at().toString()).put("by", step.by());
            switch (step.what()) {
                case Step.Acknowledged(var way) -> row.put("what", "acknowledged").put("way", way.word());
                case Step.Heard(String text, String _) -> row.put("what", "heard").put("text", text);
                case Step.Said(var way, String text) -> row.put("what", "said").put("way", way.word())
                        .put("text", text);
                case Step.Filed filed -> row.put("what", "filed").put("name", filed.name())
                        .put("type", filed.type())
                        .put("bytes", filed.bytes()).put("sha256", filed.sha256());
                case Step.Sorted(var category, long incident) ->
                        row.put("what", "sorted").put("category", category.word())
                        .put("incident", incident);
                case Step.Decided(var outcome, var way, String text) -> row.put("what", "decided")
                        .put("outcome", outcome.word()).put("way", way.word()).put("text", text);
            }
        }
        return out;
    }

    /// Returns how many there are.
    public static ObjectNode figures(Complaints.Figures figures) {
        ObjectNode out = Json.object();
        figures.states().forEach((state, count) -> out.put(state.word(), count));
        out.put("overdue", figures.overdue()).put("dueSoon", figures.dueSoon());
        ObjectNode open = out.putObject("categories");
        figures.open().forEach((category, count) -> open.put(category.word(), count));
        return out;
    }
}
