package casella.server.control;

import casella.continuity.cohort.Cohorts;
import casella.continuity.cohort.NamedCohorts;
import casella.directory.Plan;
import casella.directory.Registrar;
import casella.incident.Csv;
import casella.incident.Incident;
import casella.incident.availability.Availability;
import casella.incident.availability.AwayMillis;
import casella.incident.availability.Capability;
import casella.incident.availability.Pass;
import casella.incident.availability.Span;
import casella.incident.availability.Totals;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// For how long what did not work for every account that an incident concerns: a line of CSV for each, written as the pass goes, so that nine
/// million need no more memory than one page of them. Hours have four digits after the point. Names addresses.
final class AvailabilityFile {
    static final List<String> COLUMNS = List.of("address", "account", "brand", "plan", "mailboxHours",
            "logInHours", "readHours", "receiveHours", "sendHours", "pushHours");

    private final Registrar registrar;
    private final Availability availability;

    AvailabilityFile(Registrar registrar, Availability availability) {
        this.registrar = registrar;
        this.availability = availability;
    }

    /// What was written.
    ///
    /// @param away accounts for which something did not work
    record Written(Span window, long accounts, long away, long bytes) {}

    /// @throws IOException if there is such a file, or it cannot be written
    Written write(Incident incident, Instant now, Path file, LongConsumer progress) throws IOException {
        Instant over = incident.resolved();
        var window = Span.of(incident.opened(), over == null ? now : over);
        Set<String> paid = registrar.plans().stream().filter(Plan::paid).map(Plan::name)
                .collect(Collectors.toUnmodifiableSet());
        var pass = new Pass(availability, registrar::members, paid::contains);
        var rows = new Rows(incident, new NamedCohorts(registrar::cohort));
        long bytes = NewFile.write(file, out -> {
            var encoded = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            try (var writer = new BufferedWriter(encoded, 1 << 16)) {
                writer.write(Csv.row(COLUMNS));
                rows.to(writer, pass, window, progress);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
        return new Written(window, rows.accounts, rows.away, bytes);
    }

    /// The lines, and how many they were.
    private static final class Rows {
        private final Incident incident;
        private final Cohorts cohorts;
        private long accounts;
        private long away;

        Rows(Incident incident, Cohorts cohorts) {
            this.incident = incident;
            this.cohorts = cohorts;
        }

        private boolean meant(Registrar.Member account) {
            return incident.concerns(account.brand(), account.id(), cohorts);
        }

        void to(Writer writer, Pass pass, Span window, LongConsumer progress) {
            Totals _ = pass.run(window, new Pass.Each() {
                @Override
                public void away(Registrar.Member account, AwayMillis millis) {
                    if (!meant(account)) return;
                    long there = Math.max(0, window.until() - account.created().toEpochMilli());
                    AwayMillis itsOwn = there >= window.millis() ? millis : millis.atMost(there);
                    if (!itsOwn.none()) away++;
                    line(account, itsOwn);
                }

                @Override
                public void worked(Registrar.Member account) {
                    if (meant(account)) line(account, AwayMillis.NONE);
                }

                private void line(Registrar.Member account, AwayMillis millis) {
                    accounts++;
                    var cells = new ArrayList<>(List.of(account.address(), account.id().toString(),
                            account.brand(), account.plan(), hours(millis.mailbox())));
                    for (Capability one : Capability.values()) cells.add(hours(millis.of(one)));
                    try {
                        writer.write(Csv.row(cells));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }, progress);
        }
    }

    /// Returns hours as a table program reads them: `26.2500`.
    static String hours(long millis) {
        long parts = Math.round(millis / 360.0);
        String fraction = Long.toString(10_000 + parts % 10_000).substring(1);
        return parts / 10_000 + "." + fraction;
    }
}
