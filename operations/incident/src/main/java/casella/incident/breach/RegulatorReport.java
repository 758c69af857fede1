package casella.incident.breach;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Sha256;
import casella.continuity.ladder.Climb;
import casella.continuity.ladder.Evidence;
import casella.incident.Incident;
import casella.incident.availability.Totals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// What a communications regulator asks of an incident, as one ZIP file: how available each capability was by brand and plan, what was
/// done and said when, and what was measured while a vault came into the place of another. No account, no address and no operator's
/// name is in it.
public final class RegulatorReport {
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
        files.put("availability.csv", IncidentCsv.availability(incident, totals));
        files.put("timeline.csv", IncidentCsv.timeline(incident));
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
                        Instant.ofEpochMilli(totals.window().until()), IncidentCsv.FEW, IncidentCsv.OTHERS);
    }

    private static String migration(Climb climb) {
        var out = new StringBuilder("at,stage,what,by itself,why,measured\r\n");
        for (Evidence one : climb.evidence()) {
            var measured = new ArrayList<String>();
            one.measured().forEach((name, value) -> measured.add(name + "=" + value));
            out.append(IncidentCsv.row(one.at(), one.stage().word(), one.what(), one.by().equals(Evidence.ITSELF) ? "yes" : "no",
                    one.why(), String.join(" ", measured)));
        }
        return out.toString();
    }
}
