package casella.incident.losses;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.incident.Desk;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that mail a count found lost stays known until a count of all time finds none lost, over a restart.
final class LostTest {
    private static final Instant NOW = Instant.parse("2027-01-31T09:30:00Z");
    private static final AccountId ANNA = new AccountId(-7);
    private static final AccountId BRUNO = new AccountId(8);

    @TempDir
    private Path folder;

    @Test
    void whatWasFoundLostIsKnownUntilACountOfAllTimeFindsNothing() {
        try (Desk desk = Desk.open(folder)) {
            var lost = new Lost(desk);
            assertThat(lost.figures()).isEqualTo(new Lost.Figures(0, 0));
            lost.counted(ANNA, 3, true, NOW);
            lost.counted(BRUNO, 2, false, NOW);
            // What was counted of a shorter time may be less, and takes nothing back.
            lost.counted(ANNA, 1, false, NOW);
            lost.counted(ANNA, 0, false, NOW);
            assertThat(lost.figures()).isEqualTo(new Lost.Figures(2, 5));
        }
        try (Desk desk = Desk.open(folder)) {
            var lost = new Lost(desk);
            assertThat(lost.figures()).isEqualTo(new Lost.Figures(2, 5));
            lost.counted(ANNA, 1, true, NOW);
            assertThat(lost.figures()).isEqualTo(new Lost.Figures(2, 3));
            lost.counted(ANNA, 0, true, NOW);
            assertThat(lost.figures()).isEqualTo(new Lost.Figures(1, 2));
            assertThat(desk.<Integer>write(s -> Lost.forget(s, BRUNO))).isEqualTo(1);
            assertThat(lost.figures()).isEqualTo(new Lost.Figures(0, 0));
        }
    }
}
