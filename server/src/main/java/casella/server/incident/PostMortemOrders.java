package casella.server.incident;

import casella.base.Fault;
import casella.incident.Claims;
import casella.incident.Entry.PostMortem;
import casella.incident.Entry;
import casella.incident.Incident;
import casella.incident.Incidents;
import casella.server.control.DeskOrder;
import casella.server.control.IncidentFacts;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.health.Audit;
import java.io.Reader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Publishes what was learned of incidents that are over. Hands on all other orders.
final class PostMortemOrders implements Operations {
    private final Operations operations;
    private final Incidents incidents;

    /// @param operations carries out all others
    PostMortemOrders(Operations operations, Incidents incidents) {
        this.operations = operations;
        this.incidents = incidents;
    }

    @Override
    public Outcome perform(Order order, Reader body, Output out) {
        if (!(order instanceof DeskOrder.PostMortem about)) return operations.perform(order, body, out);
        try {
            return publish(about);
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        } catch (Fault e) {
            return new Outcome.Refused(e.getMessage() + " " + e.facts());
        }
    }

    private Outcome publish(DeskOrder.PostMortem order) {
        Incident incident = incidents.incident(order.incident())
                .orElseThrow(() -> new IllegalArgumentException("incident: there is no " + order.incident()));
        List<Entry> versions = incident.postMortems();
        Optional<PostMortem> before = versions.isEmpty() ? Optional.empty()
                : Optional.of((PostMortem) versions.getLast().what());
        var page = new PostMortem(
                text("Italian", order.italian(), before.map(PostMortem::italian)),
                text("English", order.english(), before.map(PostMortem::english)),
                order.proof() == null ? before.map(PostMortem::proof).orElse("") : order.proof());
        Optional<String> unproven = IncidentOrders.unproven(
                Claims.in(page.italian(), page.english()), page.proof(), order.unproven());
        if (unproven.isPresent()) return new Outcome.Refused(unproven.get());
        if (!incident.over()) return new Outcome.Refused("incident: " + incident.id() + " is not resolved yet");
        Incident after = order.preview() ? incident : incidents.add(incident.id(), page, Audit.by());
        return new Outcome.Done(IncidentFacts.whole(after).put("preview", order.preview())
                .put("titleOfIt", page.in("it").title()).put("titleOfEn", page.in("en").title())
                .put("bytesIt", page.in("it").html().length()).put("bytesEn", page.in("en").html().length()));
    }

    private static String text(String language, @Nullable String given, Optional<String> before) {
        if (given != null) return given;
        return before.orElseThrow(() -> new IllegalArgumentException(
                language + ": the first version needs the text in both languages"));
    }
}
