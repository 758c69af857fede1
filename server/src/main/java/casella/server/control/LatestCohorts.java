package casella.server.control;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import casella.continuity.cohort.NamedCohorts;
import casella.directory.Registrar;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The newest count of the cohorts, for who must not wait: it is made beside, when somebody asks and the one there is old.
public final class LatestCohorts {
    /// A count is old after this.
    private static final Duration OLD = Duration.ofMinutes(1);

    private final Registrar registrar;
    private final Clock clock;
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile @Nullable Count newest;

    private record Count(Instant at, CohortCount cohorts) {}

    public LatestCohorts(Registrar registrar, Clock clock) {
        this.registrar = registrar;
        this.clock = clock;
    }

    /// Returns `asOf` (empty while the first count is under way), `accounts` and `cohorts`. Never waits.
    public ObjectNode json() {
        Count count = newest;
        if (count == null || count.at().plus(OLD).isBefore(clock.now())) count();
        ObjectNode out = Json.object().put("asOf", count == null ? "" : count.at().toString());
        out.put("accounts", count == null ? 0 : count.cohorts().accounts());
        ArrayNode cohorts = out.putArray("cohorts");
        if (count != null) count.cohorts().rows().forEach(cohorts::add);
        return out;
    }

    private void count() {
        if (!counting.compareAndSet(false, true)) return;
        Thread.ofVirtual().name("cohorts.count").start(() -> {
            try {
                Instant at = clock.now();
                newest = new Count(at, CohortCount.of(registrar, new NamedCohorts(registrar::cohort), null,
                        null));
            } catch (RuntimeException e) {
                // Asked again, it is counted again; the one before stays, with its time.
                Log.event(Event.CONTROL_FAILED, e, "count", "cohorts");
            } finally {
                counting.set(false);
            }
        });
    }
}
