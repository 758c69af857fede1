package casella.incident.breach;

import casella.incident.Csv;
import casella.incident.Entry;
import casella.incident.Incident;
import casella.incident.availability.Capability;
import casella.incident.availability.Totals;
import casella.incident.availability.Totals.Group;
import casella.incident.availability.Totals.Sum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// An incident as tables for people outside: no account, no address and no operator's name is in them.
public final class IncidentCsv {
    /// Plans with fewer accounts are put together, so that nobody can be told by the plan alone.
    public static final int FEW = 10;

    public static final String OTHERS = "(others)";

    private IncidentCsv() {}

    /// Returns how available each capability was by brand and plan, of the incident's brands.
    public static String availability(Incident incident, Totals totals) {
        Map<String, Map<Group, List<Group>>> rows = new LinkedHashMap<>();
        for (Group group : totals.groups()) {
            if (!incident.concerns(group.brand())) continue;
            String plan = totals.accounts(group) < FEW ? OTHERS : group.plan();
            rows.computeIfAbsent(group.brand(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(new Group(group.brand(), plan), _ -> new ArrayList<>()).add(group);
        }
        var out = new StringBuilder("brand,plan,accounts,capability,affected,measured at the account,seconds,longest seconds,"
                + "available percent\r\n");
        rows.values().forEach(plans -> plans.forEach((shown, groups) -> {
            long accounts = groups.stream().mapToLong(totals::accounts).sum();
            line(totals, out, shown, accounts, "mailbox", groups.stream().map(totals::mailbox).toList());
            for (Capability one : Capability.values()) {
                line(totals, out, shown, accounts, one.word(), groups.stream().map(group -> totals.of(group,
                        one)).toList());
            }
        }));
        return out.toString();
    }

    private static void line(
            Totals totals, StringBuilder out, Group shown, long accounts, String capability, List<Sum> sums) {
        long affected = sums.stream().mapToLong(Sum::accounts).sum();
        long own = sums.stream().mapToLong(Sum::own).sum();
        long millis = sums.stream().mapToLong(Sum::millis).sum();
        long longest = sums.stream().mapToLong(Sum::longest).max().orElse(0);
        double all = (double) accounts * totals.window().millis();
        double percent = all == 0 ? 100 : 100 - 100 * millis / all;
        out.append(row(shown.brand(), shown.plan(), accounts, capability, affected, own, millis / 1_000,
                longest / 1_000, String.format(Locale.ROOT, "%.4f", percent)));
    }

    /// Returns what was done and said, when; not by whom.
    public static String timeline(Incident incident) {
        var out = new StringBuilder("at,what,state,Italian,English\r\n");
        for (Entry entry : incident.entries()) {
            out.append(switch (entry.what()) {
                case Entry.Opened one -> row(entry.at(), "opened", one.severity().word(), one.title().italian(),
                        one.title().english());
                case Entry.Told one -> row(entry.at(), "told", one.state().word(), one.text().italian(),
                        one.text().english());
                case Entry.Estimated(var back, var confidence) -> row(entry.at(), "estimated",
                        confidence.word(), back == null ? "none" : back, "");
                case Entry.Caused(var cause, var _) -> row(entry.at(), "cause", cause.word(), "", "");
                case Entry.Counted one -> row(entry.at(), "counted", "", "accounts " + one.accounts(),
                        "reduced " + one.reduced());
                case Entry.Answered one -> row(entry.at(), "answered", one.key(), one.question().italian(),
                        one.question().english());
                case Entry.PostMortem one -> row(entry.at(), "post-mortem", "", one.in("it").title(),
                        one.in("en").title());
                case Entry.Published(int _, String channel, String why) -> row(entry.at(), "published",
                        channel, why.isEmpty() ? "taken" : "failed", "");
            });
        }
        return out.toString();
    }

    static String row(Object... cells) {
        return Csv.row(Stream.of(cells).map(String::valueOf).toList());
    }
}
