package casella.incident.breach;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Sha256;
import casella.continuity.ladder.Climb;
import casella.continuity.ladder.Evidence;
import casella.incident.Entry;
import casella.incident.Incident;
import casella.incident.availability.Capability;
import casella.incident.availability.Totals;
import casella.incident.availability.Totals.Group;
import casella.incident.availability.Totals.Sum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// What a communications regulator asks of an incident, as one ZIP file: how available each capability was by brand and plan, what was
/// done and said when, and what was measured while a vault came into the place of another. No account, no address and no operator's
/// name is in it.
public final class RegulatorReport {
    /// Plans with fewer accounts are put together, so that nobody can be told by the plan alone.
    static final int FEW = 10;

    private static final String OTHERS = "(others)";

    private final Incident incident;
    private final Totals totals;
    private final List<Climb> climbs;
    private final Instant now;

    /// @param totals of the incident's time
    /// @param climbs of vaults that came, or are on their way
    public RegulatorReport(Incident incident, Totals totals, List<Climb> climbs, Instant now) {
        this.incident = incident;
        this.totals = totals;
        this.climbs = List.copyOf(climbs);
        this.now = now;
    }

    /// Returns its files by their names.
    Map<String, String> files() {
        var files = new LinkedHashMap<String, String>();
        files.put("README.txt", readme());
        files.put("availability.csv", availability());
        files.put("timeline.csv", timeline());
        for (Climb climb : climbs) files.put("migration-" + climb.vault() + ".csv", migration(climb));
        var sums = new StringBuilder();
        files.forEach((name, text) ->
                sums.append(Sha256.of(text.getBytes(UTF_8))).append("  ").append(name).append('\n'));
        files.put("SHA256SUMS", sums.toString());
        return files;
    }

    /// Returns the file.
    public byte[] zip() {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out, UTF_8)) {
            for (Map.Entry<String, String> file : files().entrySet()) {
                var entry = new ZipEntry(file.getKey());
                entry.setTime(now.toEpochMilli());
                zip.putNextEntry(entry);
                zip.write(file.getValue().getBytes(UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The report cannot be made", e);
        }
        return out.toByteArray();
    }

    private String readme() {
        return """
                Incident %d: %s
                %s
                severity %s, state %s, brands %s
                opened %s, over %s
                made %s

                availability.csv  for each brand, plan and capability: accounts, how many it did not work
                                  for at some time from %s to %s,
                                  for how long all together and the longest, in seconds, and in percent of the
                                  time of all accounts. Measured by the server, not declared. "mailbox" is log-in
                                  or reading. Plans of fewer than %d accounts are put together as %s. Brand
                                  and plan are as of now; the area of service of an account is not known here.
                timeline.csv      what was done and said, when.
                migration-*.csv   where a vault came into the place of another: stages, and what was measured.
                SHA256SUMS        of these files (sha256sum --check).

                There is no personal data in these files: no address, no account, no operator's name.
                """.formatted(incident.id(), incident.title().italian(), incident.title().english(),
                incident.severity().word(), incident.state().word(),
                incident.brands().isEmpty() ? "all" : String.join(", ", incident.brands()), incident.opened(),
                incident.resolved() == null ? "not yet" : incident.resolved(), now,
                Instant.ofEpochMilli(totals.window().from()),
                        Instant.ofEpochMilli(totals.window().until()), FEW, OTHERS);
    }

    private String availability() {
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
            line(out, shown, accounts, "mailbox", groups.stream().map(totals::mailbox).toList());
            for (Capability one : Capability.values()) {
                line(out, shown, accounts, one.word(), groups.stream().map(group -> totals.of(group,
                        one)).toList());
            }
        }));
        return out.toString();
    }

    private void line(StringBuilder out, Group shown, long accounts, String capability, List<Sum> sums) {
        long affected = sums.stream().mapToLong(Sum::accounts).sum();
        long own = sums.stream().mapToLong(Sum::own).sum();
        long millis = sums.stream().mapToLong(Sum::millis).sum();
        long longest = sums.stream().mapToLong(Sum::longest).max().orElse(0);
        double all = (double) accounts * totals.window().millis();
        double percent = all == 0 ? 100 : 100 - 100 * millis / all;
        out.append(row(shown.brand(), shown.plan(), accounts, capability, affected, own, millis / 1_000,
                longest / 1_000, String.format(Locale.ROOT, "%.4f", percent)));
    }

    private String timeline() {
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
                case Entry.Published(int _, String channel, String why) -> row(entry.at(), "published",
                        channel, why.isEmpty() ? "taken" : "failed", "");
            });
        }
        return out.toString();
    }

    private static String migration(Climb climb) {
        var out = new StringBuilder("at,stage,what,by itself,why,measured\r\n");
        for (Evidence one : climb.evidence()) {
            var measured = new ArrayList<String>();
            one.measured().forEach((name, value) -> measured.add(name + "=" + value));
            out.append(row(one.at(), one.stage().word(), one.what(), one.by().equals(Evidence.ITSELF) ? "yes" : "no",
                    one.why(), String.join(" ", measured)));
        }
        return out.toString();
    }

    /// A line of CSV (RFC 4180). What a table program would take for a formula begins with a quote there.
    private static String row(Object... cells) {
        var out = new StringBuilder();
        for (Object cell : cells) {
            String text = String.valueOf(cell);
            if (!text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) text = "'" + text;
            if (!out.isEmpty()) out.append(',');
            boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
            out.append(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
        }
        return out.append("\r\n").toString();
    }
}
