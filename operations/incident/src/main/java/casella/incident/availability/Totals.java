package casella.incident.availability;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a window was for all accounts together, by brand and plan. No account is in it.
public final class Totals {
    /// What is counted apart.
    ///
    /// @param brand its name
    /// @param plan its name
    public record Group(String brand, String plan) {}

    /// Accounts, and for how long.
    ///
    /// @param accounts for which it did not work at some time
    /// @param own those of them whose own calls were part of what was measured
    /// @param millis of all of them together
    /// @param longest the most of one
    public record Sum(long accounts, long own, long millis, long longest) {
        static final Sum NOTHING = new Sum(0, 0, 0, 0);

        Sum with(long more, boolean itself) {
            if (more == 0) return this;
            return new Sum(accounts + 1, own + (itself ? 1 : 0), millis + more, Math.max(longest, more));
        }
    }

    private static final class Tally {
        private long accounts;
        private Sum mailbox = Sum.NOTHING;
        private final Map<Capability, Sum> sums = new EnumMap<>(Capability.class);
    }

    private final Span window;
    private final Map<Group, Tally> tallies = new HashMap<>();

    Totals(Span window) {
        this.window = window;
    }

    /// @param own for which capabilities the account's own calls were part of it
    void add(Group group, AwayMillis away, Iterable<Capability> own) {
        Tally tally = tallies.computeIfAbsent(group, _ -> new Tally());
        tally.accounts++;
        if (away.none()) return;
        var itself = new EnumMap<Capability, Boolean>(Capability.class);
        for (Capability one : own) itself.put(one, true);
        for (Capability capability : Capability.values()) {
            long millis = away.of(capability);
            if (millis == 0) continue;
            Sum before = tally.sums.getOrDefault(capability, Sum.NOTHING);
            tally.sums.put(capability, before.with(millis, itself.containsKey(capability)));
        }
        boolean mailbox = itself.containsKey(Capability.LOG_IN) || itself.containsKey(Capability.READ);
        tally.mailbox = tally.mailbox.with(away.mailbox(), mailbox);
    }

    /// Returns what it is about; ends when the pass began where it would end later.
    public Span window() {
        return window;
    }

    /// Returns the groups there are, by brand and plan.
    public List<Group> groups() {
        var all = new ArrayList<>(tallies.keySet());
        all.sort(Comparator.comparing(Group::brand).thenComparing(Group::plan));
        return all;
    }

    /// Returns how many accounts a group has, away or not.
    public long accounts(Group group) {
        Tally tally = tallies.get(group);
        return tally == null ? 0 : tally.accounts;
    }

    public Sum of(Group group, Capability capability) {
        Tally tally = tallies.get(group);
        return tally == null ? Sum.NOTHING : tally.sums.getOrDefault(capability, Sum.NOTHING);
    }

    /// Returns the same of those who could not get at their mails: log-in or reading did not work.
    public Sum mailbox(Group group) {
        Tally tally = tallies.get(group);
        return tally == null ? Sum.NOTHING : tally.mailbox;
    }
}
