package casella.incident.voice;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.incident.Desk;
import casella.incident.voice.Absences.Absence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells owners who had less than always for a while that their mailbox is back, once.
///
/// Looks every few seconds at what is in memory. What has lasted is written down before it is told, and its end before the
/// first is told of it: after a kill at any point the same message goes on to the same accounts, and an account that has it
/// takes it no second time ([Voice]). Whoever comes and goes has one absence, until it has been back for a while.
///
/// What a fault of one account takes is that account's absence. What takes all of them is one absence, and its accounts are told one after
/// the other, in the order of their ids; those that had one of their own at the time have been told of that.
public final class BackAgain implements AutoCloseable {
    private static final Duration LOOK_MAX = Duration.ofSeconds(5);
    private static final Duration SETTLED_MAX = Duration.ofMinutes(1);
    /// How long it is remembered who was told of an absence of their own.
    private static final Duration REMEMBERED = Duration.ofDays(1);
    /// How long an account that does not answer is waited for, to tell what came meanwhile.
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final int PAGE = 100;
    /// After so many that cannot be told a look ends.
    private static final int FAILED_MAX = 10;

    private final Absences absences;
    private final Reduced reduced;
    private final Meanwhile meanwhile;
    private final Voice voice;
    private final Duration after;
    private final Duration settled;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Long, Absence> known = new HashMap<>();
    /// Those that go on, or ended a moment ago: by their account, null for all.
    private final Map<@Nullable AccountId, Going> going = new HashMap<>();

    /// @param kept null until it has lasted
    /// @param endedAt null while it goes on
    private record Going(Instant since, @Nullable Absence kept, @Nullable Instant endedAt) {}

    /// Knows who has less than always. Never waits.
    public interface Reduced {
        /// Returns the accounts whose folders are closed, and since when.
        Map<AccountId, Instant> folders();

        /// Returns since when no mail of anybody can be opened; null while they can.
        @Nullable Instant contents();

        /// Returns accounts by their ids as signed numbers, at most `limit` after `after`.
        List<AccountId> accounts(@Nullable AccountId after, int limit);

        /// Says whether what messages are filed into is well.
        boolean well();
    }

    /// Knows what became of an account's mail meanwhile.
    public interface Meanwhile {
        /// @param mails how many came; empty where that is not known
        /// @param whole whether it is known that nothing was lost
        record Found(OptionalInt mails, boolean whole) {}

        /// @throws Fault if the account does not say
        Found of(AccountId account, Instant from, Instant until);
    }

    /// @param after how long it must have lasted to be told
    public BackAgain(
            Desk desk, Reduced reduced, Meanwhile meanwhile, Voice voice, Duration after, Clock clock) {
        this.absences = new Absences(desk);
        this.reduced = reduced;
        this.meanwhile = meanwhile;
        this.voice = voice;
        this.after = after;
        Duration tenth = after.dividedBy(10);
        this.settled = tenth.compareTo(SETTLED_MAX) > 0 ? SETTLED_MAX : tenth;
        this.clock = clock;
    }

    /// Begins to look, for as long as this is open.
    public BackAgain start() {
        Duration quarter = after.dividedBy(4);
        Duration look = quarter.compareTo(LOOK_MAX) > 0 ? LOOK_MAX : quarter;
        Thread.ofVirtual().name("back-again").start(() -> work(look));
        return this;
    }

    private void work(Duration look) {
        boolean read = false;
        boolean more = false;
        try {
            do {
                try {
                    if (!read) recall();
                    read = true;
                    more = step();
                } catch (Fault e) {
                    more = false;
                    Log.event(Event.VOICE_WATCH_FAILED, e);
                }
            } while (!closed.await(more ? 0 : look.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads what was kept before a restart.
    void recall() {
        for (Absence one : absences.all()) {
            known.put(one.id(), one);
            if (one.until() == null) going.put(one.account(), new Going(one.since(), one, null));
        }
    }

    /// Looks once, and tells whom there is to tell, of all accounts a page. One thread at a time.
    ///
    /// @return whether there are more to tell now
    boolean step() {
        watch();
        return tell();
    }

    private void watch() {
        Instant now = clock.now();
        Map<@Nullable AccountId, Instant> away = new HashMap<>(reduced.folders());
        Instant contents = reduced.contents();
        if (contents != null) away.put(null, contents);
        Going all = going.get(null);
        Instant allSince = all == null ? contents : all.since();
        away.forEach((account, began) -> {
            Going before = going.get(account);
            // What comes to one account while all have less is told as one.
            Instant since = allSince != null && allSince.isBefore(began) ? allSince : began;
            going.put(account, before == null ? new Going(since, null, null)
                    : new Going(before.since(), before.kept(), null));
        });
        going.replaceAll((account, one) -> away.containsKey(account) || one.endedAt() != null ? one
                : new Going(one.since(), one.kept(), now));
        keepLasting(now);
        end(now);
    }

    private void keepLasting(Instant now) {
        var lasting = new ArrayList<Absence>();
        going.forEach((account, one) -> {
            Instant until = one.endedAt() == null ? now : one.endedAt();
            if (one.kept() == null && Duration.between(one.since(), until).compareTo(after) >= 0) {
                lasting.add(new Absence(0, account, one.since(), null, null, false));
            }
        });
        if (lasting.isEmpty()) return;
        for (Absence kept : absences.begin(lasting)) {
            known.put(kept.id(), kept);
            going.computeIfPresent(kept.account(), (_, one) -> new Going(one.since(), kept, one.endedAt()));
        }
    }

    private void end(Instant now) {
        var over = new ArrayList<Absence>();
        var gone = new ArrayList<@Nullable AccountId>();
        going.forEach((account, one) -> {
            Instant endedAt = one.endedAt();
            if (endedAt == null || Duration.between(endedAt, now).compareTo(settled) < 0) return;
            gone.add(account);
            if (one.kept() != null) over.add(one.kept().ended(endedAt));
        });
        if (!over.isEmpty()) absences.keep(over);
        for (Absence one : over) known.put(one.id(), one);
        gone.forEach(going::remove);
    }

    private boolean tell() {
        boolean more = false;
        int failed = 0;
        List<Absence> all = new ArrayList<>(known.values());
        // A few that cannot be told now do not keep the others waiting.
        Collections.shuffle(all);
        for (Absence one : all) {
            Instant until = one.until();
            if (until == null || failed == FAILED_MAX) continue;
            if (one.told()) forgetOld(one, until);
            else if (one.account() == null) more |= tellAll(one, until);
            else if (told(one.account(), BackWords.Kind.FOLDERS, one.since(), until)) keep(one.isTold());
            else failed++;
        }
        return more;
    }

    private void forgetOld(Absence one, Instant until) {
        boolean walking = known.values().stream().anyMatch(other -> other.account() == null);
        if (walking || Duration.between(until, clock.now()).compareTo(REMEMBERED) < 0) return;
        absences.forget(one);
        known.remove(one.id());
    }

    private void keep(Absence one) {
        absences.keep(List.of(one));
        known.put(one.id(), one);
    }

    /// Tells a page of accounts, from where it was left.
    ///
    /// @return whether there are more, and they can be told now
    private boolean tellAll(Absence of, Instant until) {
        if (!reduced.well()) return false;
        List<AccountId> page = reduced.accounts(of.walked(), PAGE);
        if (page.isEmpty()) {
            absences.forget(of);
            known.remove(of.id());
            return false;
        }
        Set<@Nullable AccountId> toldOfTheirOwn = new HashSet<>(going.keySet());
        for (Absence other : known.values()) {
            boolean ended = other.until() != null && other.until().isBefore(of.since());
            boolean together = other.since().isBefore(until) && !ended;
            if (other.account() != null && together) toldOfTheirOwn.add(other.account());
        }
        Absence one = of;
        for (AccountId account : page) {
            boolean done = toldOfTheirOwn.contains(account)
                    || told(account, BackWords.Kind.CONTENTS, one.since(), until);
            if (!done) break;
            one = one.walked(account);
        }
        keep(one);
        return page.getLast().equals(one.walked());
    }

    private boolean told(AccountId account, BackWords.Kind kind, Instant since, Instant until) {
        Meanwhile.Found found;
        try {
            found = meanwhile.of(account, since, until);
        } catch (Fault e) {
            boolean patient = kind == BackWords.Kind.FOLDERS
                    && Duration.between(until, clock.now()).compareTo(PATIENCE) < 0;
            if (patient) return false;
            found = new Meanwhile.Found(OptionalInt.empty(), false);
        }
        var words = new BackWords(kind, since, until, found.mails(), found.whole(), null);
        // Its date is the end: later than all it tells of, and the same at each try.
        return switch (voice.tell(account, new Voice.Occasion("back-" + since.toEpochMilli(), until), words::in)) {
            case TOLD, NOBODY -> true;
            case LATER -> false;
        };
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
