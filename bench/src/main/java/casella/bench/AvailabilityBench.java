package casella.bench;

import casella.base.Clock;
import casella.base.Metrics;
import casella.directory.DirectorySettings;
import casella.directory.ManyAccounts;
import casella.directory.SqliteDirectory;
import casella.incident.Desk;
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
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// How long does it take to say of every account for how long what did not work in an incident of three days?
///
/// Load: a directory of so many accounts in SQLite, 300 intervals of scopes, two intervals of their own for one account in a hundred; one
/// pass, each account with something away handed to a consumer. Goal: minutes for 9,000,000 on two cores, with 2 GiB of heap. Expected:
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
            out.flush();
            // Closing would make a snapshot of the directory.
            Runtime.getRuntime().halt(0);
        }
    }

    private static void pass(PrintStream out, SqliteDirectory directory, Desk desk, Span window, long count) {
        var handed = new AtomicLong();
        var sum = new AtomicLong();
        for (int i = 0; i < 2; i++) {
            handed.set(0);
            var busy = new Busy();
            var availability = new Availability(desk, Clock.system(), true);
            Totals totals = new Pass(availability, directory.registrar()::members, plan -> plan.equals("gold"))
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
