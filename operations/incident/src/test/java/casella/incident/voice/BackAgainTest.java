package casella.incident.voice;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Fault;
import casella.incident.Desk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/// Proves that an owner is told once that the mailbox is back, after what lasted alone, and also where the process is killed in
/// between.
final class BackAgainTest {
    private static final Duration AFTER = Duration.ofMinutes(15);

    @TempDir
    private Path folder;

    private Village village;
    private Desk desk;
    private BackAgain back;
    private final Map<AccountId, Instant> folders = new HashMap<>();
    private @Nullable Instant contents;
    private boolean well = true;
    private boolean answers = true;

    private final BackAgain.Reduced reduced = new BackAgain.Reduced() {
        @Override
        public Map<AccountId, Instant> folders() {
            return folders;
        }

        @Override
        public @Nullable Instant contents() {
            return contents;
        }

        @Override
        public List<AccountId> accounts(@Nullable AccountId after, int limit) {
            return Stream.of(village.anna, village.bruno)
                    .sorted((a, b) -> Long.compare(a.value(), b.value()))
                    .filter(id -> after == null || id.value() > after.value())
                    .limit(1).toList();
        }

        @Override
        public boolean well() {
            return well;
        }
    };

    @BeforeEach
    void open() {
        village = new Village(folder);
        begin();
    }

    private void begin() {
        desk = Desk.open(folder.resolve("desk"));
        BackAgain.Meanwhile found = (_, _, _) -> {
            if (!answers) throw new Fault.Unavailable("Account away", Map.of());
            return new BackAgain.Meanwhile.Found(OptionalInt.of(2), true);
        };
        back = new BackAgain(desk, reduced, found, village.voice(), AFTER, village.store.clock());
        back.recall();
    }

    /// A process that was killed and begun again.
    private void restart() {
        back.close();
        desk.close();
        begin();
    }

    @AfterEach
    void close() {
        back.close();
        desk.close();
        village.close();
    }

    private void minutes(int count) {
        for (int i = 0; i < count; i++) {
            village.store.clock().step(Duration.ofMinutes(1));
            while (back.step()) {}
        }
    }

    private void away(AccountId account) {
        folders.put(account, village.store.clock().now());
        var _ = back.step();
    }

    private int told(AccountId account) {
        return village.mails(account).size();
    }

    @Test
    void whatLastedIsToldOnceAndTheTimesAreRight() {
        away(village.anna);
        minutes(20);
        folders.clear();
        minutes(1);
        assertThat(told(village.anna)).isZero();
        minutes(5);

        assertThat(village.mails(village.anna)).singleElement().asString()
                .contains("Dalle ore 13:00 alle ore 13:21 di").contains("sono arrivati 2 messaggi");
        assertThat(told(village.bruno)).isZero();
        minutes(2_000);
        assertThat(told(village.anna)).isEqualTo(1);
        assertThat(desk.<Long>read(s -> s.number("SELECT count(*) FROM voice_absences"))).isZero();
    }

    @Test
    void aShortDrillIsNotTold() {
        away(village.anna);
        minutes(13);
        folders.clear();
        minutes(5);

        assertThat(told(village.anna)).isZero();
    }

    @Test
    void whoComesAndGoesIsToldWhenItIsOver() {
        away(village.anna);
        minutes(10);
        folders.clear();
        var _ = back.step();
        village.store.clock().step(Duration.ofSeconds(30));
        var _ = back.step();
        away(village.anna);
        minutes(20);
        assertThat(told(village.anna)).isZero();
        folders.clear();
        minutes(5);

        assertThat(village.mails(village.anna)).singleElement().asString().contains("Dalle ore 13:00 alle ore 13:31 di");
    }

    @Test
    void aKillForgetsNobodyAndTellsNobodyTwice() {
        away(village.anna);
        minutes(20);
        restart();
        minutes(5);
        folders.clear();
        restart();
        minutes(5);
        assertThat(village.mails(village.anna)).singleElement().asString().contains("Dalle ore 13:00 alle ore 13:2");

        // Told, and killed before that was written down.
        assertThat(desk.<Integer>write(s -> s.change("UPDATE voice_absences SET told = 0"))).isEqualTo(1);
        restart();
        minutes(5);
        assertThat(told(village.anna)).isEqualTo(1);
        assertThat(desk.<Long>read(s -> s.number("SELECT sum(told) FROM voice_absences"))).isEqualTo(1);
    }

    @Test
    void whatTookAllIsToldAllAlsoThroughAKill() {
        contents = village.store.clock().now();
        minutes(16);
        contents = null;
        well = false;
        minutes(3);
        assertThat(told(village.anna) + told(village.bruno)).isZero();

        well = true;
        var _ = back.step();
        assertThat(told(village.anna) + told(village.bruno)).isEqualTo(1);
        restart();
        minutes(3);
        assertThat(told(village.anna)).isEqualTo(1);
        assertThat(village.mails(village.bruno)).singleElement().asString().contains("not open them");
        assertThat(desk.<Long>read(s -> s.number("SELECT count(*) FROM voice_absences"))).isZero();
    }

    @Test
    void whoHadAnAbsenceOfTheirOwnIsNotToldOfAllOnesAsWell() {
        contents = village.store.clock().now();
        minutes(16);
        away(village.anna);
        contents = null;
        minutes(20);
        folders.clear();
        minutes(5);

        assertThat(village.mails(village.anna)).singleElement().asString()
                .contains("Dalle ore 13:00 alle ore 13:37 di").contains("ha tenuto chiuse le cartelle");
        assertThat(told(village.bruno)).isEqualTo(1);
    }

    @Test
    void whoWasToldOfTheirOwnBeforeIsNotToldOfTheSameFaultAgain() {
        away(village.anna);
        contents = village.store.clock().now();
        minutes(20);
        folders.clear();
        minutes(5);
        assertThat(told(village.anna)).isEqualTo(1);
        minutes(5);
        contents = null;
        minutes(5);

        assertThat(told(village.bruno)).isEqualTo(1);
        assertThat(told(village.anna)).isEqualTo(1);
    }

    @Test
    void anAccountThatDoesNotAnswerIsWaitedForAWhileAndThenToldLess() {
        away(village.anna);
        minutes(20);
        folders.clear();
        answers = false;
        minutes(30);
        assertThat(told(village.anna)).isZero();
        minutes(40);

        assertThat(village.mails(village.anna)).singleElement().asString()
                .doesNotContain("sono arrivati").doesNotContain("andato perduto");
    }
}
