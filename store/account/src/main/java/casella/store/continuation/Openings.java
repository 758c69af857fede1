package casella.store.continuation;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.base.Uid;
import casella.store.append.Append;
import casella.store.append.AppendConfig;
import casella.store.append.AppendLog;
import casella.store.append.Segment;
import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Which accounts have a continuation, and which UID it gave to what waits: on the disk, synced before anybody
/// is told. Page: docs/formats/continuation.md.
final class Openings implements AutoCloseable {
    private static final int OPENED = 1;
    private static final int NUMBERED = 2;
    private static final int ENDED = 3;
    private static final int NOT_BEFORE = 4;
    private static final int NUMBERED_BYTES = Opening.BYTES + 4 + ArrivalId.BYTES;
    private static final long SEGMENT_BYTES_MAX = 4L << 20;
    /// More files than this are replaced by one at a start.
    private static final int SEGMENTS_MAX = 8;
    /// Records under way at once: far fewer than the log queues.
    static final int SLICE = 512;
    private static final int END_ATTEMPTS = 2;
    private static final byte[] NOTHING = new byte[0];
    private static final AccountId NOBODY = new AccountId(0);

    private final AppendLog log;
    private final Clock clock;
    private final Map<AccountId, Opening> open = new ConcurrentHashMap<>();
    /// By account. Each is guarded by itself.
    private final Map<AccountId, Given> numbers = new ConcurrentHashMap<>();
    /// When each account was last continued, also if that was never answered or is over; of those that no
    /// record says any more, `floor` is the last.
    private final Map<AccountId, Instant> newest = new ConcurrentHashMap<>();
    private volatile Instant floor = Instant.ofEpochMilli(Opening.BEGINNING);
    private final Duration time;

    private static final class Given {
        /// By which they are given: no other's are taken for them.
        private final Opening by;
        /// Oldest first.
        private final Map<ArrivalId, Uid> uids = new LinkedHashMap<>();
        /// The highest UID that any record may have, answered or not.
        private long highest;

        private Given(Opening by) {
            this.by = by;
        }

        private void put(ArrivalId arrival, Uid uid) {
            uids.put(arrival, uid);
            highest = Math.max(highest, uid.value());
        }

        private Map<ArrivalId, Uid> of(Collection<ArrivalId> arrivals) {
            var of = new HashMap<ArrivalId, Uid>();
            for (ArrivalId arrival : arrivals) {
                Uid uid = uids.get(arrival);
                if (uid != null) of.put(arrival, uid);
            }
            return of;
        }
    }

    private Openings(AppendLog log, Clock clock, Duration time) {
        this.log = log;
        this.clock = clock;
        this.time = time;
    }

    /// Opens the log in `folder` and reads all of it.
    ///
    /// @param time how long a caller waits for a record to be synced
    /// @throws Fault.Unavailable if the folder cannot be made or listed
    static Openings open(Disk disk, Path folder, Clock clock, Duration time) {
        var config = new AppendConfig("continuation", "CONT", SEGMENT_BYTES_MAX, 2 * NUMBERED_BYTES);
        var openings = new Openings(AppendLog.open(disk, folder, config), clock, time);
        try {
            openings.read();
            return openings;
        } catch (RuntimeException e) {
            openings.close();
            throw e;
        }
    }

    private void read() {
        List<Segment> segments = log.segments();
        boolean damaged = false;
        for (Segment segment : segments) {
            boolean whole = log.scan(segment, 0, (_, kind, body) -> take(kind, body)).damaged().isEmpty();
            if (whole) continue;
            damaged = true;
            Log.event(Event.CONTINUATION_DAMAGED, "file", segment.number());
        }
        // A UID that was shown may be in what is lost: nothing is shown again under the same UIDVALIDITY.
        if (damaged) for (Opening opening : list()) begun(next(opening.account()));
        if (damaged || segments.size() > SEGMENTS_MAX) compact(segments, damaged);
    }

    private void take(int kind, byte[] body) {
        Opening opening = Opening.decode(body);
        if (opening == null) {
            Log.event(Event.CONTINUATION_DAMAGED, "kind", kind);
            return;
        }
        AccountId account = opening.account();
        switch (kind) {
            case OPENED -> begun(opening);
            case NUMBERED -> {
                if (!opening.equals(open.get(account)) || body.length != NUMBERED_BYTES) return;
                ByteBuffer in = ByteBuffer.wrap(body, Opening.BYTES, NUMBERED_BYTES - Opening.BYTES);
                var uid = new Uid(in.getInt());
                given(opening).put(new ArrivalId(in.getLong(), in.getLong()), uid);
            }
            case ENDED -> {
                var _ = gone(opening);
            }
            case NOT_BEFORE -> floor = later(floor, opening.at());
            default -> Log.event(Event.CONTINUATION_DAMAGED, "kind", kind);
        }
    }

    /// One that is known already, told again by a file that took the place of others, keeps its numbers.
    private synchronized void begun(Opening opening) {
        newest.merge(opening.account(), opening.at(), Openings::later);
        if (opening.equals(open.get(opening.account()))) return;
        numbers.put(opening.account(), new Given(opening));
        open.put(opening.account(), opening);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /// Returns an opening whose UIDVALIDITY no other of the account has, also where the clock went back.
    private Opening next(AccountId account) {
        Instant clocks = Instant.ofEpochMilli(clock.now().toEpochMilli());
        Instant now = later(clocks, floor.plusSeconds(1));
        Instant at = newest.merge(account, now, (last, _) -> later(now, last.plusSeconds(1)));
        return new Opening(account, at);
    }

    /// Returns whether it was open.
    private synchronized boolean gone(Opening opening) {
        if (!open.remove(opening.account(), opening)) return false;
        numbers.remove(opening.account());
        return true;
    }

    /// @throws Fault.Unavailable if it has ended
    private Given given(Opening opening) {
        Given known = numbers.get(opening.account());
        if (known == null || !known.by.equals(opening)) throw ended(opening);
        return known;
    }

    private static Fault.Unavailable ended(Opening opening) {
        return new Fault.Unavailable("The continuation has ended", Map.of("account", opening.account()));
    }

    /// Writes what is true now into a new file and lets the old ones go.
    ///
    /// @param evidence whether those are set aside rather than removed
    private void compact(List<Segment> segments, boolean evidence) {
        try {
            Deadline deadline = Deadline.in(time);
            var tickets = new ArrayList<Ticket<Void>>();
            // The clock may be behind what was opened before and is over: that is known by this one record.
            Instant last = newest.values().stream().reduce(floor, Openings::later);
            tickets.add(append(NOT_BEFORE, new Opening(NOBODY, last).encode()));
            for (Opening opening : open.values()) {
                tickets.add(append(OPENED, opening.encode()));
                for (var one : given(opening).uids.entrySet()) {
                    tickets.add(append(NUMBERED, numbered(opening, one.getKey(), one.getValue())));
                    if (tickets.size() >= SLICE) await(tickets, deadline);
                }
                if (tickets.size() >= SLICE) await(tickets, deadline);
            }
            await(tickets, deadline);
            floor = last;
            newest.keySet().retainAll(open.keySet());
            for (Segment segment : segments) log.drop(segment.number(), evidence);
        } catch (Fault | IOException e) {
            Log.event(Event.CONTINUATION_DAMAGED, "why", e);
        }
    }

    private static void await(List<Ticket<Void>> tickets, Deadline deadline) {
        for (Ticket<Void> ticket : tickets) ticket.await(deadline);
        tickets.clear();
    }

    private static byte[] numbered(Opening opening, ArrivalId arrival, Uid uid) {
        return ByteBuffer.allocate(NUMBERED_BYTES)
                .put(opening.encode())
                .putInt(uid.unsigned())
                .put(arrival.bytes())
                .array();
    }

    private Ticket<Void> append(int kind, byte[] record) {
        return log.append(new Append(kind, NOTHING, record, true, new Append.Progress() {}));
    }

    /// Returns the account's continuation, null for none.
    @Nullable Opening of(AccountId account) {
        return open.get(account);
    }

    /// Returns all there are, by account.
    List<Opening> list() {
        return open.values().stream().sorted(Comparator.comparing(Opening::account)).toList();
    }

    /// Begins one.
    ///
    /// @throws Fault.Unavailable if the disk does not answer in time: to be tried again
    Opening begin(AccountId account) {
        Opening opening = next(account);
        try {
            append(OPENED, opening.encode()).await(Deadline.in(time));
        } catch (Fault e) {
            // It may be written yet: what comes after it ends it, so that no later start takes it up.
            var _ = append(ENDED, opening.encode());
            throw e;
        }
        begun(opening);
        return opening;
    }

    /// Ends one. Ending one again, also one that has ended, is harmless.
    ///
    /// @param then runs once when it has ended: before this returns, or later if that throws and it ends all
    ///        the same
    /// @throws Fault.Unavailable if the disk does not answer in time: whether it ends is not known then,
    ///         after a restart too; until it does it goes on
    void end(Opening opening, Runnable then) {
        Deadline deadline = Deadline.in(time);
        var late = new AtomicBoolean();
        for (int attempt = 1; ; attempt++) {
            Ticket<Void> ticket = append(ENDED, opening.encode());
            ticket.whenAnswered((_, failure) -> {
                if (failure != null || !late.get() || !gone(opening)) return;
                var _ = Thread.ofVirtual().name("continuation-end").start(then);
            });
            try {
                ticket.await(deadline);
                break;
            } catch (Fault e) {
                // Another file may take it: of two records the second says nothing new.
                if (attempt < END_ATTEMPTS && ticket.answered() && !deadline.over()) continue;
                late.set(true);
                if (succeeded(ticket)) break;
                throw new Fault.Unavailable(
                        "Whether the continuation has ended is not known; it may be ended again",
                        Map.of("account", opening.account()),
                        e);
            }
        }
        if (gone(opening)) then.run();
    }

    private static boolean succeeded(Ticket<Void> ticket) {
        if (!ticket.answered()) return false;
        try {
            ticket.await(Deadline.in(Duration.ZERO));
            return true;
        } catch (Fault e) {
            return false;
        }
    }

    /// Returns the UIDs of those of `arrivals` that have one.
    ///
    /// @throws Fault.Unavailable if it has ended
    Map<ArrivalId, Uid> numbers(Opening opening, Collection<ArrivalId> arrivals) {
        Given known = given(opening);
        synchronized (known) {
            return known.of(arrivals);
        }
    }

    /// Returns the UIDs of `arrivals`, giving those that have none the next ones, in order.
    ///
    /// @throws Fault.Unavailable if the disk does not answer in time: some have one, and the others get one the
    ///         next time, never one that was tried before; or if it has ended: none gets any
    Map<ArrivalId, Uid> number(Opening opening, List<ArrivalId> arrivals) {
        Given known = given(opening);
        synchronized (known) {
            if (!opening.equals(open.get(opening.account()))) throw ended(opening);
            List<ArrivalId> without = arrivals.stream()
                    .filter(arrival -> !known.uids.containsKey(arrival))
                    .distinct()
                    .toList();
            Deadline deadline = Deadline.in(time);
            for (int from = 0; from < without.size(); from += SLICE) {
                Map<ArrivalId, Uid> fresh = new LinkedHashMap<>();
                var tickets = new ArrayList<Ticket<Void>>();
                for (ArrivalId arrival : without.subList(from, Math.min(without.size(), from + SLICE))) {
                    Uid uid = Uid.of(++known.highest);
                    fresh.put(arrival, uid);
                    tickets.add(append(NUMBERED, numbered(opening, arrival, uid)));
                }
                await(tickets, deadline);
                known.uids.putAll(fresh);
            }
            return known.of(arrivals);
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
