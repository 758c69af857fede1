package casella.bench;

import casella.base.Clock;
import casella.base.Metrics;
import casella.directory.DirectorySettings;
import casella.directory.ManyAccounts;
import casella.directory.SqliteDirectory;
import casella.continuity.cohort.Cohorts;
import casella.incident.Desk;
import casella.incident.Entry;
import casella.incident.Incidents;
import casella.incident.Line;
import casella.incident.Words;
import casella.incident.availability.Availability;
import casella.incident.availability.Capability;
import casella.incident.availability.Pass;
import casella.incident.availability.Span;
import casella.incident.availability.SyntheticRecord;
import casella.incident.availability.Totals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// How long does it take to say of every account for how long what did not work in an incident of three days?
///
/// Load: a directory of so many accounts in SQLite, 300 intervals of scopes, two intervals of their own for one account in a hundred; one
/// pass, each account with something away handed to a consumer. An incident of that time is left, for `casella availability --all`. Goal: minutes for 9,000,000 on two cores, with 2 GiB of heap. Expected:
/// as long as reading the directory; if it were several times that, accounts would not share what their scopes have.
public final class AvailabilityBench {
    private static final int SCOPES = 300;
    private static final int ONE_IN = 100;

    private AvailabilityBench() {}

    /// @param arguments a folder, accounts
    public static void main(String... arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        PrintStream out = System.out;
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        long count = Long.parseLong(arguments[1]);
        var settings = DirectorySettings.DEFAULT.withSnapshotInterval(Duration.ofDays(1));
        try (var directory = SqliteDirectory.open(folder.resolve("directory"), settings, Metrics.none());
                Desk desk = Desk.open(folder.resolve("desk"))) {
            var making = new Busy();
            new ManyAccounts(directory).fill(count);
            long now = System.currentTimeMillis();
            var window = new Span(now - Duration.ofDays(3).toMillis(), now);
            var record = new SyntheticRecord(desk, 2_023, window);
            record.scopes(SCOPES);
            record.accounts(count / ONE_IN, number -> ManyAccounts.id(number * ONE_IN + number % 10, count));
            out.printf("made %,d accounts, %d intervals of scopes, %,d of accounts: %.0f s%n",
                    count, SCOPES, count / ONE_IN * 2, making.seconds());
            pass(out, directory, desk, window, count);
            incident(desk, window);
            out.flush();
            // Closing would make a snapshot of the directory.
            Runtime.getRuntime().halt(0);
        }
    }

    /// Leaves an incident of all brands that lasted as long, for a command that writes everybody's hours.
    private static void incident(Desk desk, Span window) {
        var line = new Line(ZoneOffset.UTC, Map.of());
        var words = new Words("Le caselle non si aprono", "Mailboxes do not open");
        Incidents begun = new Incidents(desk, at(window.from()), line, Cohorts.BY_HASH);
        long id = begun.open(new Entry.Opened(words, Entry.Severity.CRITICAL, List.of(), ""), List.of(),
                "bench").id();
        new Incidents(desk, at(window.until()), line, Cohorts.BY_HASH)
                .add(id, new Entry.Told(Entry.State.RESOLVED, words, ""), "bench");
    }

    private static Clock at(long millis) {
        return new Clock() {
            @Override
            public Instant now() {
                return Instant.ofEpochMilli(millis);
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }

    private static void pass(PrintStream out, SqliteDirectory directory, Desk desk, Span window, long count) {
        var handed = new AtomicLong();
        var sum = new AtomicLong();
        for (int i = 0; i < 2; i++) {
            handed.set(0);
            var busy = new Busy();
            var availability = new Availability(desk, Clock.system(), true);
            Totals totals = new Pass(availability, directory.registrar()::members, plan ->
                    plan.equals("gold"))
                    .run(window, (_, away) -> {
                        handed.incrementAndGet();
                        sum.addAndGet(away.mailbox());
                    }, _ -> {});
            double seconds = busy.seconds();
            out.printf("pass %d: %.1f s, %,.0f accounts a second, %.2f cores busy, %,d accounts handed on%n",
                    i + 1, seconds, count / seconds, busy.cores(), handed.get());
            if (i == 0) print(out, totals);
        }
        out.printf("heap in use after it: %,d MB%n", Busy.heap() >> 20);
    }

    private static void print(PrintStream out, Totals totals) {
        for (Totals.Group group : totals.groups()) {
            out.printf("  %s, %s: %,d accounts%n", group.brand(), group.plan(), totals.accounts(group));
            for (Capability one : Capability.values()) line(out, one.word(), totals.of(group, one));
            line(out, "mailbox", totals.mailbox(group));
        }
    }

    private static void line(PrintStream out, String what, Totals.Sum sum) {
        out.printf("    %-8s %,10d accounts, %,14.0f account-hours, longest %6.2f h; %,d of them measured at the account%n",
                what, sum.accounts(), sum.millis() / 3_600_000.0, sum.longest() / 3_600_000.0, sum.own());
    }
}
