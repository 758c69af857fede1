package casella.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Clock;
import casella.base.Metrics;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.incident.Desk;
import casella.incident.Entry;
import casella.incident.Entry.Severity;
import casella.incident.Entry.State;
import casella.incident.Incident;
import casella.incident.Words;
import casella.incident.availability.Availability;
import java.io.StringReader;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that every account of an incident's brands has its line, with hours of the time in which it was there.
final class AvailabilityFileTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private static Incident incident(String brand, Instant from, Instant until) {
        var words = new Words("Fermo", "Down");
        return new Incident(1, List.of(
                new Entry(1, from, "anna", new Entry.Opened(words, Severity.MAJOR, List.of(brand), "")),
                new Entry(2, until, "anna", new Entry.Told(State.RESOLVED, words, ""))));
    }

    @Test
    void eachAccountHasItsLine() throws Exception {
        try (var directory = SqliteDirectory.open(folder.resolve("directory"), DirectorySettings.cheap(), Metrics.none());
                var desk = Desk.open(folder.resolve("desk"))) {
            Registrar registrar = directory.registrar();
            for (String brand : List.of("posta", "virgola")) {
                registrar.putBrand(new Brand(brand, brand, List.of(), "#1b6ac9", List.of("it")));
                registrar.addDomain(brand, brand + ".example");
            }
            registrar.importCsv(new StringReader("address\nanna@posta.example\ncarlo@posta.example\nbruno@virgola.example\n"),
                    _ -> {});
            Instant there = registrar.find("bruno@virgola.example").orElseThrow().created();
            // Everybody from before they were there; Posta for the half hour after that.
            away(desk, "everybody", there.minus(HOUR.dividedBy(2)), there.plus(HOUR.dividedBy(4)));
            away(desk, "brand posta", there.plus(HOUR.dividedBy(2)), there.plus(HOUR));
            var availability = new Availability(desk, at(there.plus(HOUR.multipliedBy(3))), true);
            var file = new AvailabilityFile(registrar, availability);
            var told = new AtomicLong();

            Path posta = folder.resolve("posta.csv");
            AvailabilityFile.Written all = file.write(incident("posta", there.minus(HOUR), there.plus(HOUR)),
                    there.plus(HOUR.multipliedBy(3)), posta, told::set);
            assertThat(Files.readAllLines(posta)).hasSize(3).startsWith(String.join(",", AvailabilityFile.COLUMNS))
                    .filteredOn(line -> line.startsWith("anna@posta.example,"))
                    // Reading was away for a quarter of an hour more; but Anna was there for an hour.
                    .singleElement().asString().endsWith(",posta,free,1.0000,0.7500,1.0000,0.7500,0.7500,0.7500");
            assertThat(all.accounts()).isEqualTo(2);
            assertThat(all.away()).isEqualTo(2);
            assertThat(told).hasValue(3);

            Path virgola = folder.resolve("virgola.csv");
            AvailabilityFile.Written none = file.write(incident("virgola", there.plus(HOUR), there.plus(HOUR.multipliedBy(2))),
                    there.plus(HOUR.multipliedBy(3)), virgola, told::set);
            assertThat(Files.readAllLines(virgola).getLast())
                    .startsWith("bruno@virgola.example,").endsWith(",0.0000,0.0000,0.0000,0.0000,0.0000,0.0000");
            assertThat(none.away()).isZero();
            assertThatThrownBy(() -> file.write(incident("posta", there, there.plus(HOUR)), there.plus(HOUR), posta, told::set))
                    .isInstanceOf(FileAlreadyExistsException.class);
            assertThat(Files.readAllLines(posta)).hasSize(3);
        }
    }

    private static Clock at(Instant now) {
        return new Clock() {
            @Override
            public Instant now() {
                return now;
            }

            @Override
            public long nanos() {
                return 0;
            }
        };
    }

    private static void away(Desk desk, String scope, Instant from, Instant until) {
        String cause = scope.equals("everybody") ? "stopped" : "vaults";
        desk.write(s -> s.change("INSERT INTO availability_scopes VALUES (?, ?, ?, ?)", scope, cause, from.toEpochMilli(),
                until.toEpochMilli()));
    }

    @Test
    void hoursAreReadByTables() {
        assertThat(AvailabilityFile.hours(0)).isEqualTo("0.0000");
        assertThat(AvailabilityFile.hours(1)).isEqualTo("0.0000");
        assertThat(AvailabilityFile.hours(360)).isEqualTo("0.0001");
        assertThat(AvailabilityFile.hours(94_500_000)).isEqualTo("26.2500");
        assertThat(AvailabilityFile.hours(3_600_000)).isEqualTo("1.0000");
    }
}
