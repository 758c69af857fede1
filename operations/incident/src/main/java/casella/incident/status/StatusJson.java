package casella.incident.status;

import casella.incident.Entry;
import casella.incident.Entry.State;
import casella.incident.Entry.Told;
import casella.incident.Incident;
import casella.incident.status.Component.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The status in the shape that tools which watch status pages read: summary, status, components and incidents of version 2 of
/// Atlassian Statuspage's public API (source: its "Status API" documentation). Words are English.
final class StatusJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int INCIDENTS_MAX = 50;

    private final Facts facts;

    StatusJson(Facts facts) {
        this.facts = facts;
    }

    String summary() {
        ObjectNode out = begin();
        out.set("components", list());
        ArrayNode open = out.putArray("incidents");
        facts.open().forEach(one -> open.add(incident(one)));
        out.putArray("scheduled_maintenances");
        out.set("status", verdict());
        return out.toString();
    }

    String status() {
        ObjectNode out = begin();
        out.set("status", verdict());
        return out.toString();
    }

    String components() {
        ObjectNode out = begin();
        out.set("components", list());
        return out.toString();
    }

    /// @param some which of them
    String incidents(List<Incident> some) {
        ObjectNode out = begin();
        ArrayNode all = out.putArray("incidents");
        some.stream().limit(INCIDENTS_MAX).forEach(one -> all.add(incident(one)));
        return out.toString();
    }

    private ObjectNode begin() {
        ObjectNode out = JSON.objectNode();
        out.putObject("page")
                .put("id", facts.brand())
                .put("name", facts.title())
                .put("url", "")
                .put("time_zone", facts.line().zone().getId())
                .put("updated_at", text(facts.at()));
        return out;
    }

    private ObjectNode verdict() {
        Condition worst = facts.worst();
        return JSON.objectNode()
                .put("indicator", switch (worst) {
                    case OPERATIONAL -> "none";
                    case DEGRADED -> "minor";
                    case PARTIAL -> "major";
                    case OUTAGE -> "critical";
                })
                .put("description", switch (worst) {
                    case OPERATIONAL -> "All Systems Operational";
                    case DEGRADED -> "Partially Degraded Service";
                    case PARTIAL -> "Partial System Outage";
                    case OUTAGE -> "Major Service Outage";
                });
    }

    private ArrayNode list() {
        ArrayNode out = JSON.arrayNode();
        int position = 1;
        for (Component one : Component.values()) {
            out.addObject()
                    .put("id", one.word())
                    .put("name", one.title().english())
                    .put("status", facts.condition(one).word())
                    .put("position", position++)
                    .put("page_id", facts.brand())
                    .put("group", false)
                    .put("only_show_if_degraded", false)
                    .put("updated_at", text(facts.at()));
        }
        return out;
    }

    private ObjectNode incident(Incident one) {
        String id = Long.toString(one.id());
        ObjectNode out = JSON.objectNode()
                .put("id", id)
                .put("name", one.title().english())
                .put("status", word(one.state()))
                .put("impact", one.severity().word())
                .put("created_at", text(one.opened()))
                .put("started_at", text(one.opened()))
                .put("updated_at", text(one.entries().getLast().at()))
                .put("resolved_at", text(one.resolved()))
                .put("page_id", facts.brand());
        ArrayNode updates = out.putArray("incident_updates");
        for (Entry entry : one.notices()) {
            if (!(entry.what() instanceof Told told)) continue;
            updates.addObject()
                    .put("id", id + "-" + entry.number())
                    .put("incident_id", id)
                    .put("status", word(told.state()))
                    .put("body", told.text().english())
                    .put("created_at", text(entry.at()))
                    .put("display_at", text(entry.at()))
                    .put("updated_at", text(entry.at()));
        }
        out.putArray("components");
        return out;
    }

    /// That API has no word for what is being restored.
    private static String word(State state) {
        return (state == State.RESTORING ? State.IDENTIFIED : state).name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
