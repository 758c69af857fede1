package casella.incident.apps;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Admission.Door;
import casella.base.Fault;
import casella.incident.Desk;
import casella.incident.apps.Sample.Program;
import casella.testkit.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what owners use is known for 90 days, within its limits, and that a client cannot make it larger than that.
final class AppsTest {
    private static final AccountId ANNA = new AccountId(-7);
    private static final AccountId BRUNO = new AccountId(9);

    private final SteppedClock clock = new SteppedClock();
    private @TempDir Path folder = Path.of("");
    private boolean away;
    @SuppressWarnings("NullAway.Init") // opened before each test
    private Desk desk;
    private final Apps apps = new Apps(() -> {
        if (away) throw new Fault.Unavailable("away", Map.of());
        return desk;
    }, clock);

    @BeforeEach
    void begin() {
        desk = Desk.open(folder.resolve("desk"));
    }

    @AfterEach
    void end() {
        desk.close();
    }

    private List<Program> programs() {
        apps.step();
        return Sample.of(desk, _ -> true, new Random(1)).programs();
    }

    private long rows() {
        return desk.read(s -> s.number("SELECT count(*) FROM apps_used"));
    }

    @Test
    void ownersAreCountedByProgramAndByProtocolWhereTheyNameNone() {
        apps.used(ANNA, Door.IMAP, "");
        apps.used(ANNA, Door.IMAP, "Thunderbird");
        apps.used(ANNA, Door.JMAP, "webmail");
        apps.used(BRUNO, Door.IMAP, "");
        apps.used(BRUNO, Door.JMAP, "webmail");
        assertThat(programs()).containsExactly(
                new Program("webmail", 2), new Program("Thunderbird", 1), new Program("imap", 1));
        assertThat(Sample.of(desk, ANNA::equals, new Random(1)))
                .isEqualTo(new Sample(1, List.of(new Program("Thunderbird", 1), new Program("webmail", 1))));
    }

    @Test
    void whatIsNotUsedForNinetyDaysGoesAndWhatIsUsedStays() {
        apps.used(ANNA, Door.IMAP, "Thunderbird");
        apps.used(BRUNO, Door.IMAP, "K-9 Mail");
        for (int day = 0; day < 100; day++) {
            apps.step();
            clock.step(Duration.ofDays(1));
            apps.step();
            apps.used(BRUNO, Door.IMAP, "K-9 Mail");
        }
        assertThat(programs()).containsExactly(new Program("K-9 Mail", 1));
        // Written anew once a week.
        long today = clock.now().toEpochMilli() / Duration.ofDays(1).toMillis();
        assertThat(desk.<Long>read(s -> s.number("SELECT day FROM apps_used"))).isBetween(today - 7, today);
        assertThat(desk.<Long>read(s -> s.number("SELECT count(*) FROM apps_names"))).isEqualTo(1);
    }

    @Test
    void aClientThatInventsNamesFillsItsOwnRowsAlone() {
        for (int i = 0; i < 100; i++) apps.used(BRUNO, Door.IMAP, "my " + i);
        for (int i = 0; i < Apps.NAMES_MAX + 100; i++) {
            apps.used(new AccountId(100 + i / 10), Door.IMAP, "name " + i);
        }
        apps.used(ANNA, Door.IMAP, "x\u0000\ny".repeat(100));
        apps.step();
        assertThat(desk.<Long>read(s -> s.number("SELECT count(*) FROM apps_names")))
                .isLessThanOrEqualTo(Apps.NAMES_MAX + 2);
        assertThat(desk.<Long>read(s -> s.number("SELECT count(*) FROM apps_used WHERE account = 9")))
                .isLessThanOrEqualTo(Apps.OF_ACCOUNT_MAX);
        assertThat(Apps.name("x\u0000\ny".repeat(100))).isEqualTo("xy".repeat(Apps.NAME_CHARACTERS_MAX / 2));
    }

    @Test
    void whatADeskThatIsAwayDidNotTakeIsTakenWhenItIsBack() {
        apps.step();
        away = true;
        apps.used(ANNA, Door.POP3, "");
        apps.step();
        away = false;
        assertThat(programs()).containsExactly(new Program("pop3", 1));
    }

    @Test
    void anErasedAccountIsForgotten() {
        apps.used(ANNA, Door.POP3, "");
        apps.step();
        apps.used(ANNA, Door.IMAP, "Thunderbird");
        apps.forget(ANNA);
        apps.step();
        assertThat(rows()).isZero();
    }

    /// A sample says the shares of a large house about as they are.
    @Test
    void aFewThousandSayWhatAllUse() {
        desk.write(s -> {
            s.change("INSERT INTO apps_names (id, name) VALUES (1, 'webmail'), (2, 'Thunderbird')");
            for (long id = 0; id < 50_000; id++) {
                s.change("INSERT INTO apps_used (account, door, app, day) VALUES (?, 'jmap', ?, 1)",
                        id * 1_000_003L, id % 4 == 0 ? 2 : 1);
            }
            return true;
        });
        Sample sample = Sample.of(desk, _ -> true, new Random(1));
        assertThat(sample.accounts()).isBetween(Sample.ROWS_MAX / 2, Sample.ROWS_MAX);
        assertThat(sample.programs().get(1).accounts() * 100.0 / sample.accounts()).isBetween(23.0, 27.0);
    }
}
