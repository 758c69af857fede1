package casella.server.incident;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.incident.Desk;
import casella.incident.breach.Breach;
import casella.incident.breach.Breaches;
import casella.incident.breach.Clock72;
import casella.incident.complaint.Complaints;
import casella.incident.losses.Lost;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What the desk's registers ask somebody to see to, as figures: read every minute, shown from memory. A desk that does not answer
/// leaves them as they were.
public final class DeskFigures implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMinutes(1);
    /// So long before the 72 hours are over somebody is called.
    static final Duration SOON = Duration.ofDays(1);

    private final Breaches breaches;
    private final Complaints complaints;
    private final Lost lost;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Seen seen = new Seen(0, 0, 0, 0);

    private record Seen(long lostMails, long breachesSoon, long breachesOver, long complaintsOverdue) {}

    DeskFigures(Desk desk, Complaints complaints, Clock clock, Metrics metrics) {
        this.breaches = new Breaches(desk, clock);
        this.complaints = complaints;
        this.lost = new Lost(desk);
        this.clock = clock;
        metrics.gauge(Metric.LOSSES_LOST, () -> seen.lostMails());
        metrics.gauge(Metric.BREACHES_DUE, () -> seen.breachesSoon(), "soon");
        metrics.gauge(Metric.BREACHES_DUE, () -> seen.breachesOver(), "over");
        metrics.gauge(Metric.COMPLAINTS_OVERDUE, () -> seen.complaintsOverdue());
    }

    /// Begins to look, until it is closed.
    public static DeskFigures start(Desk desk, Complaints complaints, Clock clock, Metrics metrics) {
        var made = new DeskFigures(desk, complaints, clock, metrics);
        Thread.ofVirtual().name("desk.figures").start(made::work);
        return made;
    }

    private void work() {
        try {
            do {
                try {
                    look();
                } catch (Fault e) {
                    Log.event(Event.DOCTOR_FAILED, e, "work", "desk");
                }
            } while (!closed.await(LOOK.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Looks once.
    void look() {
        long soon = 0;
        long over = 0;
        for (Breach one : breaches.all()) {
            boolean waits = one.state().equals("to-decide") || one.state().equals("to-notify");
            if (!waits) continue;
            Clock72 clock72 = one.clock(clock.now());
            if (clock72.over()) over++;
            else if (clock72.left().compareTo(SOON) < 0) soon++;
        }
        seen = new Seen(lost.figures().mails(), soon, over, complaints.figures().overdue());
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
