package casella.store.quarantine;

import casella.base.AccountId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which accounts ended the process, and which of them are set aside. Pure: what it knows is lines of a file.
///
/// The second crash sets an account aside, if no other account has as many. Two clean stops, or seven days, later a crash is
/// forgotten.
/// Not thread-safe.
final class Suspects {
    private static final int CLEAN_STOPS = 2;
    private static final int CRASHES_MAX = 8;
    private static final int SUSPECTS_MAX = 1_000;
    /// More accounts at once are not the accounts' fault.
    static final int ASIDE_A_DAY = 5;

    private static final Duration FORGOTTEN = Duration.ofDays(7);
    private static final Duration DAY = Duration.ofDays(1);

    /// An account that crashed, or is set aside.
    private static final class Suspect {
        final List<Crash> crashes = new ArrayList<>();
        int cleanStops;
        @Nullable Instant aside;

        int points() {
            return crashes.stream().mapToInt(Crash::points).sum();
        }
    }

    private final Map<AccountId, Suspect> suspects = new TreeMap<>();

    /// An account that is set aside.
    ///
    /// @param crashes newest last
    record Aside(AccountId account, Instant since, List<Crash> crashes) {}

    /// Takes what a process left behind; returns the account that is set aside for it, null if none is.
    @Nullable AccountId judge(UnderWay.Left left, Instant now) {
        forget(now);
        if (left.clean()) {
            suspects.values().forEach(suspect -> suspect.cleanStops++);
            suspects.values().removeIf(suspect -> suspect.aside == null && suspect.cleanStops >= CLEAN_STOPS);
        }
        if (!left.died() || left.full()) return null;
        var here = new ArrayList<AccountId>();
        int others = (int) left.marks().stream().map(UnderWay.Mark::account).distinct().count() - 1;
        for (UnderWay.Mark mark : left.marks()) {
            if (here.contains(mark.account())) continue;
            here.add(mark.account());
            add(mark.account(), new Crash(left.at(), mark.work(), mark.seconds(), others, Crash.DIED));
        }
        return condemn(here, left.at());
    }

    /// Takes an error that was caught; returns whether the account is set aside for it.
    boolean caught(AccountId account, Crash crash) {
        forget(crash.at());
        Suspect known = suspects.get(account);
        if (known != null && known.aside != null) return true;
        add(account, crash);
        return condemn(List.of(account), crash.at()) != null;
    }

    /// Drops what is long ago, except of who is set aside.
    private void forget(Instant now) {
        Instant since = now.minus(FORGOTTEN);
        for (Suspect suspect : suspects.values()) {
            if (suspect.aside == null) suspect.crashes.removeIf(crash -> crash.at().isBefore(since));
        }
        suspects.values().removeIf(suspect -> suspect.aside == null && suspect.crashes.isEmpty());
    }

    private void add(AccountId account, Crash crash) {
        if (crash.points() == 0) return;
        if (suspects.size() >= SUSPECTS_MAX && !suspects.containsKey(account)) return;
        Suspect suspect = suspects.computeIfAbsent(account, _ -> new Suspect());
        suspect.cleanStops = 0;
        suspect.crashes.add(crash);
        if (suspect.crashes.size() > CRASHES_MAX) suspect.crashes.removeFirst();
    }

    /// Sets aside whichever of `here` has crashed most, if that is enough and no other has as much.
    private @Nullable AccountId condemn(List<AccountId> here, Instant now) {
        AccountId worst = null;
        int most = Crash.ENOUGH - 1;
        boolean alone = true;
        for (AccountId account : here) {
            Suspect suspect = suspects.get(account);
            if (suspect == null || suspect.aside != null) continue;
            if (suspect.points() < Math.max(most, Crash.ENOUGH)) continue;
            alone = suspect.points() > most;
            most = suspect.points();
            worst = account;
        }
        Suspect condemned = worst == null || !alone ? null : suspects.get(worst);
        if (condemned == null) return null;
        long lately = suspects.values().stream()
                .filter(suspect -> suspect.aside != null && suspect.aside.isAfter(now.minus(DAY)))
                .count();
        if (lately >= ASIDE_A_DAY) return null;
        condemned.aside = now;
        return worst;
    }

    /// Lets an account in again; false if it is not set aside.
    boolean release(AccountId account) {
        Suspect suspect = suspects.get(account);
        if (suspect == null || suspect.aside == null) return false;
        suspects.remove(account);
        return true;
    }

    List<Aside> aside() {
        var aside = new ArrayList<Aside>();
        suspects.forEach((account, suspect) -> {
            Instant since = suspect.aside;
            if (since != null) aside.add(new Aside(account, since, List.copyOf(suspect.crashes)));
        });
        return aside;
    }

    /// Says whether `account` crashed within `time` before `now`.
    boolean crashedLately(AccountId account, Instant now, Duration time) {
        Suspect suspect = suspects.get(account);
        if (suspect == null || suspect.crashes.isEmpty()) return false;
        return suspect.crashes.getLast().at().isAfter(now.minus(time));
    }

    // Lines.

    List<String> lines() {
        var lines = new ArrayList<String>();
        suspects.forEach((account, suspect) -> {
            lines.add("account " + account + " " + suspect.cleanStops + " " + (suspect.aside == null ? "-" : suspect.aside));
            for (Crash crash : suspect.crashes) {
                lines.add("crash " + crash.at() + " " + crash.work() + " " + crash.seconds() + " " + crash.others() + " "
                        + crash.how());
            }
        });
        return lines;
    }

    /// @throws IllegalArgumentException if the lines are not those of [#lines]
    static Suspects of(List<String> lines) {
        var suspects = new Suspects();
        @Nullable Suspect last = null;
        try {
            for (String line : lines) {
                String[] words = line.split(" ", 6);
                switch (words[0]) {
                    case "account" -> {
                        last = new Suspect();
                        last.cleanStops = Integer.parseInt(words[2]);
                        last.aside = words[3].equals("-") ? null : Instant.parse(words[3]);
                        suspects.suspects.put(AccountId.parse(words[1]), last);
                    }
                    case "crash" -> {
                        if (last == null) throw new IllegalArgumentException("a crash of nobody");
                        last.crashes.add(new Crash(
                                Instant.parse(words[1]), Work.valueOf(words[2]), Long.parseLong(words[3]),
                                Integer.parseInt(words[4]), words[5]));
                    }
                    default -> throw new IllegalArgumentException("unknown line");
                }
            }
        } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("quarantine: line unreadable", e);
        }
        return suspects;
    }
}
