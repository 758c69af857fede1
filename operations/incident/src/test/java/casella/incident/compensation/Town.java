package casella.incident.compensation;

import casella.base.Clock;
import casella.continuity.cohort.Cohorts;
import casella.base.Metrics;
import casella.directory.Answer;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Plan;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.incident.Desk;
import casella.incident.Entry;
import casella.incident.Incident;
import casella.incident.Incidents;
import casella.incident.Line;
import casella.incident.Words;
import casella.incident.availability.Availability;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/// Two brands, three plans, accounts, a desk, and an incident whose record one writes.
final class Town implements AutoCloseable {
    static final Who ANNA = new Who("anna", "casella");
    static final Who BRUNO = new Who("bruno", "casella");
    static final long MIB = 1 << 20;
    static final Rules RULES = RulesFile.read("""
            version: 1
            rules:
              - rule: room
                brands: all
                plans: [free]
                away: read
                longer-than: 24h
                quota: 20%
              - rule: months
                brands: [posta, virgola]
                plans: [gold]
                away: mailbox
                longer-than: 1h
                months: 6
                quota: 10MiB
              - rule: staff
                brands: all
                plans: [staff]
                nothing:
                  it: "chi lavora qui non paga"
                  en: "who works here does not pay"
            """);

    /// Ten days after the accounts were entered: nothing of an incident is before they were there.
    final Instant start = Instant.ofEpochMilli(Instant.now().toEpochMilli()).plus(Duration.ofDays(10));
    private Duration past = Duration.ZERO;
    final Clock clock = new Clock() {
        @Override
        public Instant now() {
            return start.plus(past);
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    };
    final Desk desk;
    final SqliteDirectory directory;
    final Registrar registrar;
    final Incidents incidents;
    final Availability availability;

    Town(Path folder) {
        desk = Desk.open(folder.resolve("desk"));
        directory = SqliteDirectory.open(folder.resolve("directory"), DirectorySettings.cheap(),
                Metrics.none());
        registrar = directory.registrar();
        if (registrar.brands().isEmpty()) {
            for (String name : List.of("posta", "virgola")) {
                done(registrar.putBrand(new Brand(name, name, List.of(), "#000000", List.of("it", "en"))));
                done(registrar.addDomain(name, name + ".example"));
            }
            done(registrar.putPlan(new Plan("free", 100 * MIB, false, Plan.ServiceLevel.BASIC, 30)));
            done(registrar.putPlan(new Plan("gold", 1_000 * MIB, true, Plan.ServiceLevel.PREMIUM, 30)));
            done(registrar.putPlan(new Plan("staff", 100 * MIB, false, Plan.ServiceLevel.BASIC, 30)));
        }
        incidents = new Incidents(desk, clock, new Line(ZoneId.of("Europe/Rome"), Map.of()),
                Cohorts.BY_HASH);
        availability = new Availability(desk, clock, true);
    }

    static <T> T done(Answer<T> answer) {
        if (answer instanceof Answer.Done<T>(T value)) return value;
        throw new AssertionError(answer.toString());
    }

    void step(Duration time) {
        past = past.plus(time);
    }

    /// Enters so many accounts: every second of `virgola`, every third `gold`.
    void accounts(int count) {
        var reader = new Reader() {
            private int next = -1;
            private String line = "address,plan\n";

            @Override
            public int read(char[] into, int offset, int length) {
                if (line.isEmpty()) {
                    if (++next == count) return -1;
                    line = "n%d@%s.example,%s\n".formatted(next, next % 2 == 0 ? "posta" : "virgola",
                            next % 3 == 0 ? "gold" : "free");
                }
                int some = Math.min(length, line.length());
                line.getChars(0, some, into, offset);
                line = line.substring(some);
                return some;
            }

            @Override
            public void close() throws IOException {
                line = "";
            }
        };
        if (done(registrar.importCsv(reader, _ -> {})).added() != count) throw new AssertionError("accounts");
    }

    /// Opens an incident now, lets that long pass, and resolves it.
    Incident incident(Duration lasting) {
        Incident begun = incidents.open(new Entry.Opened(new Words("Le caselle non si aprono",
                "Mailboxes do not open"),
                Entry.Severity.CRITICAL, List.of(), ""), List.of(), "anna");
        step(lasting);
        return resolve(begun);
    }

    Incident resolve(Incident begun) {
        return incidents.add(begun.id(), new Entry.Told(Entry.State.RESOLVED, new Words("Risolto.",
                "Resolved."), ""), "anna");
    }

    /// Writes into the record that everybody could not log in nor read.
    void down(Instant from, Instant until) {
        desk.write(s -> s.change("INSERT INTO availability_scopes VALUES ('everybody', 'killed', ?, ?)",
                from.toEpochMilli(), until.toEpochMilli()));
    }

    /// Writes into the record that one account could not read.
    void down(String address, Instant from, Instant until) {
        long id = registrar.find(address).orElseThrow().id().value();
        desk.write(s -> s.change("INSERT INTO availability_accounts VALUES (?, ?, 'call', ?)", id,
                from.toEpochMilli(), until.toEpochMilli()));
    }

    CompensationWork work(Allowances allowances, CompensationWork.Telling telling,
            CompensationWork.Pace pace) {
        return new CompensationWork(desk, allowances, telling, incidents::incident, clock, pace);
    }

    Compensations compensations(CompensationWork work) {
        return new Compensations(desk, incidents, availability, registrar, work, clock);
    }

    @Override
    public void close() {
        directory.close();
        desk.close();
    }
}
