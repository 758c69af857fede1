package casella.incident.help;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.HelpDesk.Allowed;
import casella.base.HelpDesk.Help;
import casella.base.HelpDesk.Look;
import casella.base.HelpDesk.Scope;
import casella.incident.Desk;
import casella.incident.voice.Language;
import casella.testkit.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that nobody looks inside a mailbox without its owner's code: once, one person, for a while, as far as the owner said, until the
/// owner ends it; that guessing is hopeless; and that every look is there for the owner.
final class HelpsTest {
    private static final AccountId ANNA = new AccountId(7);
    private static final AccountId BRUNO = new AccountId(8);
    private static final String CARLA = "staff:carla";
    private static final String DARIO = "staff:dario";

    private final SteppedClock clock = new SteppedClock();

    @TempDir
    private Path folder;

    private Desk desk;
    private Helps helps;

    @BeforeEach
    void open() {
        desk = Desk.open(folder);
        helps = new Helps(desk, clock);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private void refused(AccountId account, String code, String person) {
        assertThatThrownBy(() -> helps.begin(account, code, person))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("code: ");
    }

    private void mayNot(String person, Scope what) {
        assertThatThrownBy(() -> helps.looks(ANNA, person, what, "m1")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("account: its owner lets you look");
    }

    @Test
    void aCodeIsUsedOnceByOnePerson() throws Exception {
        mayNot(CARLA, Scope.FOLDERS);
        Allowed allowed = helps.allow(ANNA, Scope.MESSAGES);
        assertThat(allowed.code()).matches("[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}");
        mayNot(CARLA, Scope.FOLDERS);
        refused(BRUNO, allowed.code(), CARLA);

        Help begun = helps.begin(ANNA, allowed.code(), CARLA);

        assertThat(begun.by()).isEqualTo(CARLA);
        assertThat(helps.running(ANNA, CARLA)).contains(begun);
        assertThat(helps.running(ANNA, DARIO)).isEmpty();
        mayNot(DARIO, Scope.FOLDERS);
        refused(ANNA, allowed.code(), DARIO);
        refused(ANNA, allowed.code(), CARLA);
        assertThat(helps.looks(ANNA, CARLA, Scope.FOLDERS, "").id()).isEqualTo(begun.id());
        // What is kept is no code.
        for (String name : List.of("desk.db", "desk.db-wal")) {
            String bytes = Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1);
            assertThat(bytes).doesNotContain(allowed.code().replace("-", ""), allowed.code());
        }
    }

    @Test
    void aCodeMayBeWrittenAsPeopleWriteIt() {
        String code = helps.allow(ANNA, Scope.FOLDERS).code();
        String written = code.toLowerCase(Locale.ROOT).replace("-", " ").replace('0', 'o').replace('1', 'l');

        assertThat(helps.begin(ANNA, written, CARLA).scope()).isEqualTo(Scope.FOLDERS);
    }

    @Test
    void codesAndHelpsEndWithTheirTime() {
        String late = helps.allow(ANNA, Scope.FOLDERS).code();
        clock.step(Helps.CODE_LIFE);
        refused(ANNA, late, CARLA);

        String code = helps.allow(ANNA, Scope.FOLDERS).code();
        clock.step(Helps.CODE_LIFE.minusSeconds(1));
        helps.begin(ANNA, code, CARLA);
        clock.step(Helps.HELP_LIFE.minusSeconds(1));
        helps.looks(ANNA, CARLA, Scope.FOLDERS, "");
        clock.step(Duration.ofSeconds(1));
        mayNot(CARLA, Scope.FOLDERS);
        assertThat(helps.of(ANNA).getFirst().open(clock.now())).isFalse();
        assertThat(helps.running(ANNA, CARLA)).isEmpty();
    }

    @Test
    void nobodyLooksFurtherThanTheOwnerSaid() {
        for (Scope scope : Scope.values()) {
            helps.begin(ANNA, helps.allow(ANNA, scope).code(), CARLA);
            for (Scope what : Scope.values()) {
                if (what.compareTo(scope) <= 0) helps.looks(ANNA, CARLA, what, "m1");
                else mayNot(CARLA, what);
            }
            helps.end(ANNA, helps.of(ANNA).getFirst().id());
        }
    }

    @Test
    void theOwnerEndsItAtOnceAndReadsEveryLookAfterwards() {
        Help begun = helps.begin(ANNA, helps.allow(ANNA, Scope.CONTENTS).code(), CARLA);
        helps.looks(ANNA, CARLA, Scope.FOLDERS, "");
        clock.step(Duration.ofSeconds(5));
        helps.looks(ANNA, CARLA, Scope.CONTENTS, "e1");
        assertThat(helps.end(BRUNO, begun.id())).isEmpty();
        assertThat(helps.end(ANNA, begun.id()).orElseThrow().ended()).isEqualTo(clock.now());

        mayNot(CARLA, Scope.FOLDERS);
        Help over = helps.of(ANNA).getFirst();
        assertThat(over.open(clock.now())).isFalse();
        assertThat(over.looks()).containsExactly(new Look(clock.now().minusSeconds(5), Scope.FOLDERS, ""),
                new Look(clock.now(), Scope.CONTENTS, "e1"));
        assertThat(helps.of(BRUNO)).isEmpty();
    }

    @Test
    void aNewCodeEndsTheOneBeforeAndNotAHelpThatRuns() {
        String first = helps.allow(ANNA, Scope.FOLDERS).code();
        String second = helps.allow(ANNA, Scope.FOLDERS).code();
        refused(ANNA, first, CARLA);
        helps.begin(ANNA, second, CARLA);
        helps.allow(ANNA, Scope.CONTENTS);

        assertThat(helps.looks(ANNA, CARLA, Scope.FOLDERS, "").scope()).isEqualTo(Scope.FOLDERS);
        mayNot(CARLA, Scope.CONTENTS);
    }

    @Test
    void guessingEndsTheCodeAndMakesThePersonWait() {
        String code = helps.allow(ANNA, Scope.FOLDERS).code();
        for (int i = 0; i < Helps.GUESSES_MAX; i++) refused(ANNA, "00000-0000" + i, DARIO);
        refused(ANNA, code, CARLA);
        assertThat(helps.of(ANNA).getFirst().ended()).isNotNull();

        for (int i = Helps.GUESSES_MAX; i < Helps.GUESSES_OF_PERSON_MAX; i++) refused(BRUNO, "00000-00000", DARIO);
        String right = helps.allow(BRUNO, Scope.FOLDERS).code();
        assertThatThrownBy(() -> helps.begin(BRUNO, right, DARIO)).hasMessageContaining("wait a quarter of an hour");
        assertThat(helps.begin(BRUNO, right, CARLA).by()).isEqualTo(CARLA);
        clock.step(Duration.ofMinutes(16));
        String later = helps.allow(ANNA, Scope.FOLDERS).code();
        assertThat(helps.begin(ANNA, later, DARIO).by()).isEqualTo(DARIO);
    }

    @Test
    void thereAreLimitsAndWhatIsOldIsForgotten() {
        Help begun = helps.begin(ANNA, helps.allow(ANNA, Scope.FOLDERS).code(), CARLA);
        for (int i = 0; i < Helps.LOOKS_MAX; i++) helps.looks(ANNA, CARLA, Scope.FOLDERS, "");
        assertThatThrownBy(() -> helps.looks(ANNA, CARLA, Scope.FOLDERS, "")).hasMessageContaining("500 looks");
        assertThat(helps.of(ANNA).getFirst().looks()).hasSize(200);
        assertThat(helps.told(begun.id())).isFalse();
        helps.tell(begun.id());
        assertThat(helps.told(begun.id())).isTrue();

        clock.step(Helps.KEPT.plus(Helps.HELP_LIFE).plusSeconds(1));
        helps.allow(BRUNO, Scope.FOLDERS);
        assertThat(helps.of(ANNA)).isEmpty();
        assertThat(helps.of(BRUNO)).hasSize(1);
        assertThat(helps.erased(BRUNO)).isTrue();
        assertThat(helps.of(BRUNO)).isEmpty();
    }

    @Test
    void whatTheOwnerIsToldHoldsNothingToClick() {
        for (Scope scope : Scope.values()) {
            Help begun = helps.begin(ANNA, helps.allow(ANNA, scope).code(), CARLA);
            for (Language language : Language.values()) {
                var words = new HelpWords(begun, "carla.rossi@casella.example").in(language);
                assertThat(words.paragraphs().getFirst()).startsWith("carla rossi casella example ").contains("30 minut");
            }
        }
    }
}
