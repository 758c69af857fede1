package casella.incident.breach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.incident.Desk;
import casella.incident.breach.Note.Communicated;
import casella.incident.breach.Note.Decided;
import casella.incident.breach.Note.Decision;
import casella.incident.breach.Note.Drafted;
import casella.incident.breach.Note.Notified;
import casella.incident.breach.Note.Opened;
import casella.testkit.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the register keeps every version, that the 72 hours run from awareness, and what it refuses.
final class BreachesTest {
    private final SteppedClock clock = new SteppedClock();
    private final Instant aware = clock.now();
    private @TempDir Path folder = Path.of("");
    @SuppressWarnings("NullAway.Init") // opened before each test
    private Desk desk;
    @SuppressWarnings("NullAway.Init") // opened before each test
    private Breaches breaches;

    @BeforeEach
    void begin() {
        desk = Desk.open(folder);
        breaches = new Breaches(desk, clock);
    }

    @AfterEach
    void end() {
        desk.close();
    }

    private Breach opened() {
        return breaches.open(new Opened(7L, "Caselle non raggiungibili", aware, "Turno di notte"), "luca");
    }

    private static Draft draft(String nature, String delay) {
        return new Draft(List.of("integrity", "availability"), nature, "", -1, "", -1, "", "", "", delay, null);
    }

    private Notified notified(Instant sent) {
        return new Notified(sent, "Garante", "", 1);
    }

    private void refused(Note.What what, String words) {
        int before = breaches.breach(1).orElseThrow().notes().size();
        assertThatThrownBy(() -> breaches.add(1, List.of(what), "luca"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(words);
        assertThat(breaches.breach(1).orElseThrow().notes()).hasSize(before);
    }

    @Test
    void seventyTwoHoursRunFromWhenSomebodyBecameAware() {
        clock.step(Duration.ofHours(20));
        Breach breach = opened();
        assertThat(breach.clock(clock.now()).left()).isEqualTo(Duration.ofHours(52));
        assertThat(breach.clock(clock.now()).over()).isFalse();
        assertThat(breach.state()).isEqualTo("to-decide");

        clock.step(Duration.ofHours(52));
        assertThat(breach.clock(clock.now()).over()).as("at the last moment").isFalse();
        clock.step(Duration.ofMinutes(61));
        assertThat(breach.clock(clock.now()).over()).isTrue();
        assertThat(breach.clock(clock.now()).late()).isEqualTo(Duration.ofMinutes(61));
        assertThat(breach.clock(clock.now()).left()).isZero();
    }

    @Test
    void aLateNotificationNeedsItsReasons() {
        var _ = opened();
        refused(notified(clock.now()), "nothing is drafted");
        breaches.add(1, List.of(new Drafted(draft("Il vault non risponde.", ""))), "luca");
        clock.step(Duration.ofHours(73));
        refused(notified(clock.now()), "--delay");
        refused(notified(clock.now().plusSeconds(1)), "future");
        refused(notified(aware.minusSeconds(1)), "before somebody became aware");

        Breach late = breaches.add(1, List.of(new Drafted(draft("Il vault non risponde.", "La conta è durata.")),
                notified(clock.now())), "marta");
        assertThat(late.state()).isEqualTo("notified");
        assertThat(late.clock(clock.now()).late()).isEqualTo(Duration.ofHours(1));
        clock.step(Duration.ofDays(9));
        assertThat(late.clock(clock.now()).late()).as("stands still").isEqualTo(Duration.ofHours(1));
    }

    @Test
    void whatWasSentInTimeNeedsNoReasonsAlsoWhenItIsNotedLater() {
        var _ = opened();
        breaches.add(1, List.of(new Drafted(draft("x", ""))), "luca");
        clock.step(Duration.ofHours(80));
        Breach breach = breaches.add(1, List.of(notified(aware.plus(Clock72.TIME))), "luca");
        assertThat(breach.clock(clock.now()).over()).isFalse();
        assertThat(breaches.add(1, List.of(notified(clock.now())), "luca").notified()).as("a further phase").hasSize(2);
    }

    @Test
    void everyVersionIsKeptAndReadAgain() {
        var _ = opened();
        breaches.add(1, List.of(new Drafted(draft("Prima.", ""))), "luca");
        clock.step(Duration.ofHours(1));
        breaches.add(1, List.of(new Drafted(draft("Poi si è visto di più.", "")), notified(clock.now())), "marta");
        breaches.add(1, List.of(new Communicated(clock.now(), "Messaggio firmato")), "marta");
        desk.close();
        begin();

        Breach read = breaches.breach(1).orElseThrow();
        assertThat(read.versions()).extracting(one -> one.number() + " " + one.by() + " " + one.draft().nature())
                .containsExactly("1 luca Prima.", "2 marta Poi si è visto di più.");
        assertThat(read.draft().kinds()).containsExactly("availability", "integrity");
        assertThat(read.draft().missing()).containsExactly("people", "records", "contact", "consequences", "measures");
        assertThat(read.opening()).isEqualTo(new Opened(7L, "Caselle non raggiungibili", aware, "Turno di notte"));
        assertThat(read.communicated()).hasSize(1);
        assertThat(breaches.all()).containsExactly(read);
    }

    @Test
    void theDecisionNotToNotifyIsKeptWithItsReasonsAndMayBeTakenBack() {
        var _ = opened();
        assertThatThrownBy(() -> new Decided(Decision.DO_NOT_NOTIFY, " ")).hasMessageContaining("reasons");
        Breach not = breaches.add(1, List.of(new Decided(Decision.DO_NOT_NOTIFY, "Nessun rischio.")), "luca");
        assertThat(not.state()).isEqualTo("not-notified");
        Breach then = breaches.add(1, List.of(new Decided(Decision.NOTIFY, "Mancano messaggi.")), "marta");
        assertThat(then.state()).isEqualTo("to-notify");
        assertThat(then.notes()).hasSize(3);
        breaches.add(1, List.of(new Drafted(draft("x", "")), notified(clock.now())), "marta");
        refused(new Decided(Decision.DO_NOT_NOTIFY, "Errore."), "notified already");
    }

    @Test
    void anOrderGivenAgainOpensNoSecondOneAndAwarenessIsNeverInTheFuture() {
        assertThat(opened().id()).isEqualTo(1);
        assertThat(opened().id()).isEqualTo(1);
        assertThat(breaches.all()).hasSize(1);
        assertThatThrownBy(() -> breaches.open(new Opened(null, "x", clock.now().plusSeconds(1), "y"), "luca"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("future");
        assertThatThrownBy(() -> breaches.add(2, List.of(), "luca")).hasMessageContaining("there is no 2");
        assertThatThrownBy(() -> new Draft(List.of("theft"), "", "", 0, "", 0, "", "", "", "", null))
                .hasMessageContaining("kind");
    }
}
