package casella.incident.status;

import casella.incident.Entry.Severity;
import casella.incident.Incident;
import casella.incident.Line;
import casella.incident.status.Component.Condition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the status pages of a brand are made of.
///
/// @param brand its name
/// @param title what people read
/// @param accent `#rrggbb`
/// @param languages `it` and `en`, the preferred one first
/// @param incidents that concern it, newest first
/// @param now how each thing is, as measured; what is not in it works
/// @param line how a notice is said shortly, and whom to call
/// @param at when this was so
/// @param uptime what was measured of it for all its owners
/// @param complaints where the form for complaints is, a folder with `it/` and `en/` that ends with `/`; empty where the pages name none
public record Facts(
        String brand,
        String title,
        String accent,
        List<String> languages,
        List<Incident> incidents,
        Map<Component, Condition> now,
        Line line,
        Instant at,
        Uptime uptime,
        String complaints) {
    public Facts {
        languages = languages.stream().map(tag -> tag.startsWith("it") ? "it" : "en").distinct().toList();
        if (languages.isEmpty()) languages = List.of("it", "en");
        incidents = List.copyOf(incidents);
        now = Map.copyOf(now);
    }

    Condition condition(Component component) {
        return now.getOrDefault(component, Condition.OPERATIONAL);
    }

    /// Returns the incidents that are not over, the worst first.
    List<Incident> open() {
        return incidents.stream().filter(one -> !one.over())
                .sorted(Comparator.comparing(Incident::severity).reversed()).toList();
    }

    /// Returns the worst of what was measured and of what is told: neither may hide the other.
    Condition worst() {
        Condition worst = Condition.OPERATIONAL;
        for (Condition one : now.values()) worst = worst.or(one);
        for (Incident one : open()) worst = worst.or(of(one.severity()));
        return worst;
    }

    /// Returns the worst there was between two moments, as it was told; empty where nothing was.
    Optional<Severity> between(Instant from, Instant until) {
        return incidents.stream()
                .filter(one -> one.opened().isBefore(until))
                .filter(one -> one.resolved() == null || one.resolved().isAfter(from))
                .map(Incident::severity)
                .max(Comparator.naturalOrder());
    }

    private static Condition of(Severity severity) {
        return switch (severity) {
            case MINOR -> Condition.DEGRADED;
            case MAJOR -> Condition.PARTIAL;
            case CRITICAL -> Condition.OUTAGE;
        };
    }
}
