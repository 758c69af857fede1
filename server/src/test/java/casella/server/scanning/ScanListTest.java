package casella.server.scanning;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.delivery.Scanning.Unscanned;
import casella.server.scanning.ScanList.Row;
import casella.testkit.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what is to be scanned is remembered over a restart, and that no mail is refused where it cannot be.
final class ScanListTest {
    private static final AccountId ANNA = new AccountId(7);
    private static final AccountId BRUNO = new AccountId(-8);

    @TempDir
    private Path folder;

    private final SteppedClock clock = new SteppedClock();

    private static Unscanned mail(AccountId account, int number) {
        return new Unscanned(account, new ArrivalId(number, -number));
    }

    private ScanList list() {
        return ScanList.open(folder.resolve("scans"), clock);
    }

    private static List<ArrivalId> arrivals(ScanList list) {
        return list.due(10).stream().map(Row::arrival).toList();
    }

    @Test
    void whatIsOnItIsThereAfterARestart() {
        try (var list = list()) {
            list.keep(List.of(mail(ANNA, 1), mail(BRUNO, 1)));
            clock.step(Duration.ofSeconds(5));
            list.keep(List.of(mail(ANNA, 2)));
            list.keep(List.of(mail(ANNA, 2)));
        }
        try (var list = list()) {
            assertThat(list.count()).isEqualTo(3);
            assertThat(list.oldest()).isEqualTo(Duration.ofSeconds(5));
            assertThat(arrivals(list)).as("the newest first").startsWith(new ArrivalId(2, -2)).hasSize(3);
            list.done(list.due(1).getFirst());
            assertThat(list.forget(BRUNO)).isTrue();
            assertThat(list.due(10)).singleElement().satisfies(row -> {
                assertThat(row.account()).isEqualTo(ANNA);
                assertThat(row.arrival()).isEqualTo(new ArrivalId(1, -1));
            });
            assertThat(list.count()).isEqualTo(1);
        }
    }

    @Test
    void whatIsPutOffComesWhenItsTimeHasCome() {
        try (var list = list()) {
            list.keep(List.of(mail(ANNA, 1)));
            list.putOff(list.due(1).getFirst(), Duration.ofMinutes(1), true);
            assertThat(list.due(1)).isEmpty();
            clock.step(Duration.ofMinutes(1));
            Row row = list.due(1).getFirst();
            assertThat(row.tries()).isEqualTo(1);
            assertThat(row.silences()).isEqualTo(1);
        }
    }

    @Test
    void whereItCannotBeWrittenItIsRememberedUntilItCan() throws IOException {
        Path file = Files.writeString(folder.resolve("scans"), "in the way");
        try (var list = list()) {
            list.keep(List.of(mail(ANNA, 1)));
            assertThat(list.count()).isEqualTo(1);
            assertThat(list.due(10)).isEmpty();
            assertThat(list.forget(BRUNO)).as("nobody knows").isFalse();
            Files.delete(file);
            clock.step(Duration.ofMinutes(1));
            list.renew();
            assertThat(arrivals(list)).containsExactly(new ArrivalId(1, -1));
        }
        try (var list = list()) {
            assertThat(arrivals(list)).containsExactly(new ArrivalId(1, -1));
        }
    }

    @Test
    void aDamagedOneIsSetAside() throws IOException {
        Files.createDirectories(folder.resolve("scans"));
        Files.writeString(folder.resolve("scans/scans.db"), "no database ".repeat(1_000));
        try (var list = list()) {
            list.keep(List.of(mail(ANNA, 1)));
            assertThat(arrivals(list)).hasSize(1);
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(one -> one.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("scans.damaged-"));
        }
    }
}
