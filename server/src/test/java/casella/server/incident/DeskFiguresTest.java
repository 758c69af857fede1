package casella.server.incident;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Metric;
import casella.incident.Desk;
import casella.incident.breach.Breaches;
import casella.incident.breach.Note;
import casella.incident.complaint.Complaint;
import casella.incident.complaint.Complaint.Category;
import casella.incident.complaint.Complaint.Channel;
import casella.incident.complaint.Complaints;
import casella.incident.losses.Lost;
import casella.server.telemetry.PrometheusMetrics;
import casella.testkit.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves what the desk's registers ask somebody to see to, and when.
final class DeskFiguresTest {
    private final SteppedClock clock = new SteppedClock();

    @TempDir
    private Path folder;

    @Test
    void registersAskForWhatIsDue() {
        try (var desk = Desk.open(folder); var metrics = new PrometheusMetrics()) {
            var complaints = new Complaints(desk, clock, Duration.ofDays(2), Duration.ofDays(3_653));
            var figures = new DeskFigures(desk, complaints, clock, metrics);
            var breaches = new Breaches(desk, clock);
            complaints.open("a", new Complaint.Received(clock.now(), Channel.TELEPHONE, Category.OTHER, "posta", null,
                    new Complaint.Person("Anna", ""), "", "Non leggo.", "it", "", "", ""));
            long open = breaches.open(new Note.Opened(null, "Una", clock.now(), "Notte"), "anna").id();
            long decided = breaches.open(new Note.Opened(null, "Altra", clock.now(), "Notte"), "anna").id();
            breaches.add(decided, List.of(new Note.Decided(Note.Decision.DO_NOT_NOTIFY, "Nessuno.")), "anna");

            assertThat(seen(figures, metrics)).containsExactly(0.0, 0.0, 0.0, 0.0);
            clock.step(Duration.ofDays(2));
            assertThat(seen(figures, metrics)).as("to the minute").containsExactly(0.0, 0.0, 0.0, 0.0);
            clock.step(Duration.ofMinutes(1));
            assertThat(seen(figures, metrics)).containsExactly(0.0, 1.0, 0.0, 1.0);
            breaches.add(open, List.of(new Note.Decided(Note.Decision.NOTIFY, "Molti.")), "anna");
            clock.step(Duration.ofDays(1));
            assertThat(seen(figures, metrics)).as("decided and not notified").containsExactly(0.0, 0.0, 1.0, 1.0);
            new Lost(desk).counted(new AccountId(7), 3, true, clock.now());
            breaches.add(open, List.of(new Note.Decided(Note.Decision.DO_NOT_NOTIFY, "Pochi.")), "anna");
            assertThat(seen(figures, metrics)).containsExactly(3.0, 0.0, 0.0, 1.0);
        }
    }

    private static List<Double> seen(DeskFigures figures, PrometheusMetrics metrics) {
        figures.look();
        return List.of(metrics.value(Metric.LOSSES_LOST), metrics.value(Metric.BREACHES_DUE, "soon"),
                metrics.value(Metric.BREACHES_DUE, "over"), metrics.value(Metric.COMPLAINTS_OVERDUE));
    }
}
