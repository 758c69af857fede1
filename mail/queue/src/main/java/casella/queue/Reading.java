package casella.queue;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.queue.QueueRecord.Said;
import casella.store.append.AppendLog;
import casella.store.append.Scanned;
import casella.store.append.Segment;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Reads the queue's files for its index, on the index's thread.
final class Reading implements QueueIndex.Source {
    /// How long a file that the disk does not give back whole keeps the index waiting before it counts as damaged.
    private static final Duration UNREAD_TIME = Duration.ofHours(1);
    private static final long NEVER = Long.MIN_VALUE;

    private final AppendLog log;
    private final Clock clock;
    private final LongSupplier begin;
    private final Consumer<Waiting> lost;
    private final Consumer<Outgoing> lostElsewhere;
    /// Nothing is written to these any more.
    private final List<Segment> atOpening;
    /// Since when the disk has not given a file back whole.
    private long unreadNanos = NEVER;
    /// Recipients whose file is missing, as an index says it that may be wrong.
    private List<Waiting> missing = List.of();
    private List<Outgoing> missingElsewhere = List.of();

    /// @param log just opened, nothing was written to it
    /// @param begin begins a new file and returns its number
    /// @param lost takes each recipient whose message is gone with its file
    /// @param lostElsewhere the same, of those for other servers
    Reading(
            AppendLog log, Clock clock, LongSupplier begin, Consumer<Waiting> lost,
                    Consumer<Outgoing> lostElsewhere) {
        this.log = log;
        this.clock = clock;
        this.begin = begin;
        this.lost = lost;
        this.lostElsewhere = lostElsewhere;
        this.atOpening = log.segments();
    }

    @Override
    public boolean fill(QueueIndex into, boolean fresh, boolean running) {
        long until = running ? begin.getAsLong() : Long.MAX_VALUE;
        List<Segment> segments = running ? log.segments() : atOpening;
        if (!fresh) {
            missing = into.fill(rows -> rows.missing(segments));
            missingElsewhere = into.fill(rows -> rows.remote().missing(segments));
            if (!missing.isEmpty() || !missingElsewhere.isEmpty()) return false;
        }
        for (Segment segment : segments) {
            if (segment.number() >= until) break;
            if (!fresh && into.fill(rows -> rows.holds(segment)) && headed(segment)) continue;
            into.fill(rows -> {
                scan(segment, rows, fresh);
                return true;
            });
        }
        for (Waiting one : missing) {
            boolean there = into.fill(rows -> rows.find(one.item().arrival()) != null);
            if (!there) lost.accept(one);
        }
        for (Outgoing one : missingElsewhere) {
            boolean there = into.fill(rows -> rows.remote().find(one.item().id()) != null);
            if (!there) lostElsewhere.accept(one);
        }
        missing = List.of();
        missingElsewhere = List.of();
        unreadNanos = NEVER;
        return true;
    }

    private boolean headed(Segment segment) {
        try {
            return log.headed(segment);
        } catch (IOException e) {
            return false;
        }
    }

    private void scan(Segment segment, QueueRows rows, boolean fresh) throws SQLException {
        var failure = new SQLException[1];
        Scanned scanned = log.scan(segment, 0, (place, kind, body) -> {
            if (failure[0] != null) return;
            Said said = QueueRecord.read(kind, body, 0);
            if (said == null) {
                Log.event(Event.QUEUE_RECORD_UNKNOWN, "segment", place.segment(), "offset", place.offset());
                return;
            }
            try {
                if (fresh) rows.take(place, said);
                else rows.apply(place, said);
            } catch (SQLException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) throw failure[0];
        if (!scanned.whole()) unread(segment);
        rows.seal(segment, !scanned.damaged().isEmpty());
    }

    /// The disk did not give all of a file: another reading may find more, so it does not count as read. But one bad
    /// sector must not hold all mail for ever: after a while it is damage, and the file is kept.
    private void unread(Segment segment) {
        long now = clock.nanos();
        if (unreadNanos == NEVER) unreadNanos = now;
        if (now - unreadNanos >= UNREAD_TIME.toNanos()) return;
        throw new Fault.Unavailable("A file of the queue cannot be read", Map.of("segment",
                segment.number()));
    }
}
