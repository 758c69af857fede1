package casella.server.incident;

import casella.base.Clock;
import casella.directory.Brand;
import casella.incident.Incidents;
import casella.incident.Line;
import casella.incident.status.Component;
import casella.incident.status.Facts;
import casella.incident.status.StatusSite;
import casella.incident.status.Uptime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// The status pages of every brand as they are now, from memory. Made anew when something is said, and every few seconds while
/// somebody looks: a flood of readers costs what one does.
final class StatusPages {
    private static final Duration OLD = Duration.ofSeconds(5);

    private final Incidents incidents;
    private final Supplier<Map<Component, Component.Condition>> now;
    private final Line line;
    private final Clock clock;
    private final Function<String, Uptime> uptime;
    private final Map<String, String> forms;
    private final Map<String, Made> made = new ConcurrentHashMap<>();

    private record Made(long nanos, Brand brand, Map<String, StatusSite.File> files) {}

    /// @param now how each thing is, as measured; must answer at once
    /// @param uptime what was measured of a brand; at once
    /// @param forms where each brand's form for complaints is; under the empty name that of all others
    StatusPages(Incidents incidents, Supplier<Map<Component, Component.Condition>> now,
            Function<String, Uptime> uptime, Line line, Map<String, String> forms, Clock clock) {
        this.uptime = uptime;
        this.forms = Map.copyOf(forms);
        this.incidents = incidents;
        this.now = now;
        this.line = line;
        this.clock = clock;
        incidents.onChange(made::clear);
    }

    /// Returns a brand's files by their path.
    Map<String, StatusSite.File> of(Brand brand) {
        return made.compute(brand.name(), (_, before) -> {
            boolean fresh = before != null && before.brand().equals(brand)
                    && clock.nanos() - before.nanos() < OLD.toNanos();
            return fresh ? before : new Made(clock.nanos(), brand,
                    StatusSite.files(facts(brand, form(brand.name()))));
        }).files();
    }

    /// Returns the same for a place that is not this server: without what only this server has.
    Map<String, StatusSite.File> elsewhere(Brand brand) {
        String form = form(brand.name());
        return StatusSite.files(facts(brand, form.startsWith("/") ? "" : form));
    }

    /// Returns where a brand's form for complaints is; empty where it has none.
    String form(String brand) {
        return forms.getOrDefault(brand, forms.getOrDefault("", ""));
    }

    private Facts facts(Brand brand, String form) {
        return new Facts(brand.name(), brand.title(), brand.accent(), brand.languages(),
                incidents.all().stream().filter(one -> one.concerns(brand.name())).toList(), now.get(),
                        line, clock.now(), uptime.apply(brand.name()), form);
    }
}
