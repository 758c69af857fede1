package casella.incident.availability;

import casella.base.AccountId;
import casella.base.Clock;
import casella.incident.Desk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the record. Answers whatever engine and vaults do; what was measured in the last second may not be in it.
public final class Availability {
    /// Intervals of one account that are looked at: the newest.
    private static final int OWN_MAX = 50_000;

    private final Desk desk;
    private final Clock clock;
    private final boolean running;

    /// @param running whether the server runs that keeps it; if not, it has not run since the last heartbeat
    public Availability(Desk desk, Clock clock, boolean running) {
        this.desk = desk;
        this.clock = clock;
        this.running = running;
    }

    /// What is known of a window.
    ///
    /// @param window ends now where it would end later
    /// @param now when that was, in milliseconds since 1970
    record Scopes(Span window, List<Interval.OfScope> scopes, long now) {}

    Scopes scopes(Span asked) {
        long now = clock.now().toEpochMilli();
        var window = new Span(asked.from(), Math.min(asked.until(), now));
        List<Interval.OfScope> scopes = desk.read(s -> {
            var all = new ArrayList<>(AvailabilityTables.scopes(s, window, now));
            if (!running) AvailabilityTables.beat(s).ifPresent(beat -> all.add(gone(beat, now)));
            return all;
        });
        return new Scopes(window, scopes, now);
    }

    private static Interval.OfScope gone(AvailabilityTables.Beat beat, long now) {
        Cause cause = beat.clean() ? Cause.STOPPED : Cause.KILLED;
        return new Interval.OfScope(new Scope.Everybody(), new Interval(cause, new Span(beat.at(), now)));
    }

    /// Returns when the record begins; empty where there is none yet.
    public Optional<Instant> begins() {
        return desk.read(AvailabilityTables::beat).map(beat -> Instant.ofEpochMilli(beat.first()));
    }

    /// What of a window is not settled.
    ///
    /// @param goOn what holds for scopes and goes on
    /// @param accounts at which something goes on
    /// @param begins when the first of what reaches into the window from before it began; null where nothing does
    public record Unsettled(List<Interval.OfScope> goOn, long accounts, @Nullable Instant begins) {}

    /// Says what of a window goes on still, and what began before it.
    public Unsettled unsettled(Span window) {
        long now = clock.now().toEpochMilli();
        return desk.read(s -> {
            List<Interval.OfScope> goOn = AvailabilityTables.goOn(s, window, now);
            Long begins = null;
            for (Interval.OfScope one : AvailabilityTables.scopes(s, window, now)) {
                long from = one.interval().span().from();
                if (from < window.from() && (begins == null || from < begins)) begins = from;
            }
            return new Unsettled(goOn, AvailabilityTables.accountsGoOn(s, window),
                    begins == null ? null : Instant.ofEpochMilli(begins));
        });
    }

    /// Returns when a mailbox of a brand could not be reached or read by anybody, disjoint and in order: what held for the whole brand, not
    /// what single accounts met.
    ///
    /// @throws casella.base.Fault.Unavailable if the desk does not answer
    public List<Span> awayForAll(String brand, Span asked) {
        Scopes found = scopes(asked);
        var spans = new ArrayList<Span>();
        for (Interval.OfScope one : found.scopes()) {
            boolean all = one.scope() instanceof Scope.Everybody
                    || (one.scope() instanceof Scope.OfBrand(String name) && name.equals(brand));
            boolean mailbox = !Collections.disjoint(one.interval().cause().capabilities(), Capability.MAILBOX);
            if (all && mailbox) spans.add(one.interval().span().within(found.window()));
        }
        return Span.union(spans);
    }

    /// Returns one account's record. What goes on goes until now.
    ///
    /// @throws casella.base.Fault.Unavailable if the desk does not answer
    public AccountRecord of(AccountId account, Member member, Span asked) {
        Scopes scopes = scopes(asked);
        List<Interval> own =
                desk.read(s -> AvailabilityTables.of(s, account, scopes.window(), scopes.now(), OWN_MAX));
        return AccountRecord.of(member, scopes.scopes(), own, scopes.window());
    }

    /// Returns what was measured at accounts after `after`, in the order of their ids as signed numbers: about `limit` intervals, and
    /// all of each account.
    List<AvailabilityTables.Own> page(@Nullable AccountId after, Scopes scopes, int limit) {
        return desk.read(s -> {
            List<AvailabilityTables.Own> rows =
                    AvailabilityTables.page(s, after, scopes.window(), scopes.now(), limit);
            if (rows.size() < limit) return rows;
            // The last account may have more than came.
            AccountId last = rows.getLast().account();
            var whole = new ArrayList<>(rows);
            whole.removeIf(own -> own.account().equals(last));
            AvailabilityTables.of(s, last, scopes.window(), scopes.now(), OWN_MAX)
                    .forEach(one -> whole.add(new AvailabilityTables.Own(last, one)));
            return whole;
        });
    }
}
