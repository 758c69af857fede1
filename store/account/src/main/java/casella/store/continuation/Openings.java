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
import org.jspecify.annotations.Nullable;

/// Which accounts have a continuation, and which UID it gave to what waits: on the disk, synced before anybody
/// is told. Page: docs/formats/continuation.md.
final class Openings implements AutoCloseable {
    private static final int OPENED = 1;
    private static final int NUMBERED = 2;
    private static final int ENDED = 3;
    private static final int NUMBERED_BYTES = Opening.BYTES + 4 + ArrivalId.BYTES;
    private static final long SEGMENT_BYTES_MAX = 4L << 20;
    /// More files than this are replaced by one at a start.
    private static final int SEGMENTS_MAX = 8;
    /// Records under way at once: far fewer than the log queues.
    static final int SLICE = 512;
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final byte[] NOTHING = new byte[0];

    private final AppendLog log;
    private final Clock clock;
    private final Map<AccountId, Opening> open = new ConcurrentHashMap<>();
    /// By account. Each is guarded by itself.
    private final Map<AccountId, Given> numbers = new ConcurrentHashMap<>();
    /// When each account was last continued, also if that was never answered or is long over.
    private final Map<AccountId, Instant> newest = new ConcurrentHashMap<>();

    private static final class Given {
        /// Oldest first.
        private final Map<ArrivalId, Uid> uids = new LinkedHashMap<>();
        /// The highest UID that any record may have, answered or not.
        private long highest;

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

    private Openings(AppendLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /// Opens the log in `folder` and reads all of it.
    ///
    /// @throws Fault.Unavailable if the folder cannot be made or listed
    static Openings open(Disk disk, Path folder, Clock clock) {
        var config = new AppendConfig("continuation", "CONT", SEGMENT_BYTES_MAX, 2 * NUMBERED_BYTES);
        var openings = new Openings(AppendLog.open(disk, folder, config), clock);
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
                given(account).put(new ArrivalId(in.getLong(), in.getLong()), uid);
            }
            case ENDED -> {
                if (opening.equals(open.get(account))) gone(account);
            }
            default -> Log.event(Event.CONTINUATION_DAMAGED, "kind", kind);
        }
    }

    /// One that is known already, told again by a file that took the place of others, keeps its numbers.
    private void begun(Opening opening) {
        newest.merge(opening.account(), opening.at(), (one, other) -> one.isAfter(other) ? one : other);
        if (opening.equals(open.get(opening.account()))) return;
        numbers.put(opening.account(), new Given());
        open.put(opening.account(), opening);
    }

    /// Returns an opening whose UIDVALIDITY no other of the account has, also where the clock went back.
    private Opening next(AccountId account) {
        Instant now = Instant.ofEpochMilli(clock.now().toEpochMilli());
        Instant at = newest.merge(account, now, (last, _) -> {
            Instant after = last.plusSeconds(1);
            return now.isAfter(after) ? now : after;
        });
        return new Opening(account, at);
    }

    private void gone(AccountId account) {
        open.remove(account);
        numbers.remove(account);
    }

    private Given given(AccountId account) {
        return numbers.computeIfAbsent(account, _ -> new Given());
    }

    /// Writes what is true now into a new file and lets the old ones go.
    ///
    /// @param evidence whether those are set aside rather than removed
    private void compact(List<Segment> segments, boolean evidence) {
        try {
            Deadline deadline = Deadline.in(TIME);
            var tickets = new ArrayList<Ticket<Void>>();
            for (Opening opening : open.values()) {
                tickets.add(append(OPENED, opening.encode()));
                for (var one : given(opening.account()).uids.entrySet()) {
                    tickets.add(append(NUMBERED, numbered(opening, one.getKey(), one.getValue())));
                    if (tickets.size() >= SLICE) await(tickets, deadline);
                }
                if (tickets.size() >= SLICE) await(tickets, deadline);
            }
            await(tickets, deadline);
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
            append(OPENED, opening.encode()).await(Deadline.in(TIME));
        } catch (Fault e) {
            // It may be written yet: what comes after it ends it, so that no later start takes it up.
            var _ = append(ENDED, opening.encode());
            throw e;
        }
        begun(opening);
        return opening;
    }

    /// Ends one.
    ///
    /// @throws Fault.Unavailable if the disk does not answer in time: it goes on
    void end(Opening opening) {
        append(ENDED, opening.encode()).await(Deadline.in(TIME));
        gone(opening.account());
    }

    /// Returns the UIDs of those of `arrivals` that have one.
    Map<ArrivalId, Uid> numbers(Opening opening, Collection<ArrivalId> arrivals) {
        Given known = given(opening.account());
        synchronized (known) {
            return known.of(arrivals);
        }
    }

    /// Returns the UIDs of `arrivals`, giving those that have none the next ones, in order.
    ///
    /// @throws Fault.Unavailable if the disk does not answer in time: some have one, and the others get one the
    ///         next time, never one that was tried before
    Map<ArrivalId, Uid> number(Opening opening, List<ArrivalId> arrivals) {
        Given known = given(opening.account());
        synchronized (known) {
            List<ArrivalId> without = arrivals.stream()
                    .filter(arrival -> !known.uids.containsKey(arrival))
                    .distinct()
                    .toList();
            Deadline deadline = Deadline.in(TIME);
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
