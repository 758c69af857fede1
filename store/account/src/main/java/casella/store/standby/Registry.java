package casella.store.standby;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Ticket;
import casella.store.append.Append;
import casella.store.append.AppendConfig;
import casella.store.append.AppendLog;
import casella.store.append.Segment;
import casella.store.disk.Disk;
import casella.store.standby.Claim.Place;
import casella.store.standby.Claim.Reason;
import casella.store.standby.Claim.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where epochs are claimed: who serves an account, and under which epoch, so that it is never written twice.
///
/// One machine: an append log in the data folder, which one process holds. A claim is synced before anything
/// acts on it, and is conditional on the one its maker knows. An epoch is never given out twice, not even one
/// whose claim failed. An account without a record is live, under the epoch of its head row. Page:
/// docs/formats/registry.md.
public final class Registry implements AutoCloseable {
    private static final int CLAIM = 1;
    private static final long SEGMENT_BYTES_MAX = 4L << 20;
    /// More files than this are replaced by one at a start.
    private static final int SEGMENTS_MAX = 8;
    private static final Duration TIME = Duration.ofSeconds(30);

    private final AppendLog log;
    private final Clock clock;
    private final Map<AccountId, Claim> claims = new ConcurrentHashMap<>();
    /// When epochs were claimed by themselves, of accounts that had some in the last day. Guarded by itself.
    private final Map<AccountId, List<Instant>> automatic = new HashMap<>();
    /// The highest epoch tried for an account. Guarded by itself.
    private final Map<AccountId, Long> tried = new HashMap<>();
    private final Set<AccountId> claiming = ConcurrentHashMap.newKeySet();
    private boolean damaged;

    private Registry(AppendLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /// Opens the registry in `folder` on the machine's disk and reads all of it.
    ///
    /// @throws Fault.Unavailable if the folder cannot be made or listed
    public static Registry open(Path folder) {
        return open(folder, Disk.real(), Clock.system());
    }

    public static Registry open(Path folder, Disk disk, Clock clock) {
        var config = new AppendConfig("registry", "REGI", SEGMENT_BYTES_MAX, 2 * Claim.BYTES);
        var registry = new Registry(AppendLog.open(disk, folder, config), clock);
        try {
            registry.read();
            return registry;
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    private void read() {
        List<Segment> segments = log.segments();
        Set<Long> bad = new HashSet<>();
        for (Segment segment : segments) {
            boolean whole = log.scan(segment, 0, (_, kind, body) -> take(kind, body)).damaged().isEmpty();
            if (!whole) bad.add(segment.number());
        }
        damaged |= !bad.isEmpty();
        if (damaged) Log.event(Event.REGISTRY_DAMAGED, "files", bad.size(), "accounts", claims.size());
        if (segments.size() > SEGMENTS_MAX || !bad.isEmpty()) compact(segments, bad);
    }

    private void take(int kind, byte[] body) {
        Claim claim = kind == CLAIM ? Claim.decode(body) : null;
        if (claim == null) damaged = true;
        else note(claim);
    }

    private void note(Claim claim) {
        claims.put(claim.account(), claim);
        tried.merge(claim.account(), claim.epoch(), Math::max);
        if (claim.reason() == Reason.AUTOMATIC) noteAutomatic(claim);
    }

    private void noteAutomatic(Claim claim) {
        synchronized (automatic) {
            List<Instant> times = automatic.computeIfAbsent(claim.account(), _ -> new ArrayList<>());
            if (times.isEmpty() || !times.getLast().equals(claim.at())) times.add(claim.at());
            times.removeIf(time -> Allowance.past(time, claim.at()));
        }
    }

    /// Writes what is true now into a new file and lets the old ones go.
    private void compact(List<Segment> segments, Set<Long> bad) {
        try {
            var tickets = new ArrayList<Ticket<Void>>();
            for (Claim claim : claims.values()) {
                for (Instant time : automatic(claim.account())) {
                    var past = new Claim(claim.account(), claim.epoch(), claim.place(), claim.step(),
                            Reason.AUTOMATIC, time);
                    tickets.add(append(past));
                }
                tickets.add(append(claim));
            }
            Deadline deadline = Deadline.in(TIME);
            for (Ticket<Void> ticket : tickets) ticket.await(deadline);
            for (Segment segment : segments) log.drop(segment.number(), bad.contains(segment.number()));
        } catch (Fault | IOException e) {
            Log.event(Event.REGISTRY_DAMAGED, "why", e);
        }
    }

    private Ticket<Void> append(Claim claim) {
        return log.append(new Append(CLAIM, new byte[0], claim.encode(), true, new Append.Progress() {}));
    }

    /// Says whether records were lost: an account may then be taken for live whose standby served it. Its
    /// view is brought to its journal before it serves, as after every start.
    public boolean damaged() {
        return damaged;
    }

    /// Returns who serves an account; null for one that was never switched.
    public @Nullable Claim of(AccountId account) {
        return claims.get(account);
    }

    public boolean onStandby(AccountId account) {
        Claim claim = claims.get(account);
        return claim != null && claim.onStandby();
    }

    /// Returns the claims of accounts that the standby serves, in id order.
    public List<Claim> standby() {
        return claims.values().stream()
                .filter(Claim::onStandby)
                .sorted(java.util.Comparator.comparing(Claim::account))
                .toList();
    }

    /// Returns how many those are.
    public long standbyCount() {
        return claims.values().stream().filter(Claim::onStandby).count();
    }

    /// Returns when epochs of an account were claimed by themselves within a day of the last, oldest first.
    List<Instant> automatic(AccountId account) {
        synchronized (automatic) {
            return List.copyOf(automatic.getOrDefault(account, List.of()));
        }
    }

    /// Claims the next epoch of an account. Returns when the claim is synced and `before` has run; it is told
    /// to nobody before that.
    ///
    /// @param known the claim its maker knows; null for none
    /// @param atLeast the epoch of the account's head row and journal, as far as known
    /// @throws Fault.Unavailable if another has claimed one meanwhile, or the disk does not answer in time:
    ///         then nothing is different for this process, and the epoch is not used again
    Claim claim(
            AccountId account,
            @Nullable Claim known,
            long atLeast,
            Place place,
            Step step,
            Reason reason,
            Deadline deadline,
            Consumer<Claim> before) {
        if (!claiming.add(account)) throw taken(account);
        try {
            if (claims.get(account) != known) throw taken(account);
            long last = Math.max(atLeast, known == null ? 0 : known.epoch());
            long epoch;
            synchronized (tried) {
                epoch = Math.max(last, tried.getOrDefault(account, 0L)) + 1;
                tried.put(account, epoch);
            }
            Instant at = clock.now();
            var claim = new Claim(account, epoch, place, step, reason,
                    Instant.ofEpochMilli(at.toEpochMilli()));
            append(claim).await(deadline);
            if (reason == Reason.AUTOMATIC) noteAutomatic(claim);
            before.accept(claim);
            claims.put(account, claim);
            return claim;
        } finally {
            claiming.remove(account);
        }
    }

    /// Ends what a claim began: from now on `place` serves the account, under the epoch claimed.
    ///
    /// @throws Fault.Unavailable if it is not the claim that stands, or the disk does not answer in time
    Claim settle(Claim claim, Place place, Deadline deadline) {
        if (!claiming.add(claim.account())) throw taken(claim.account());
        try {
            if (claims.get(claim.account()) != claim) throw taken(claim.account());
            Claim settled = claim.at(place);
            append(settled).await(deadline);
            claims.put(claim.account(), settled);
            return settled;
        } finally {
            claiming.remove(claim.account());
        }
    }

    private static Fault.Unavailable taken(AccountId account) {
        return new Fault.Unavailable("Another has claimed the account's epoch", Map.of("account", account));
    }

    @Override
    public void close() {
        log.close();
    }
}
