package casella.directory;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Admission;
import casella.directory.Authenticator.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that whoever is not let in is told so before the password costs anything, that the answer says nothing of who has
/// an account, and that a storm that the cores cannot serve ends in an honest answer.
final class AdmissionTest {
    private static final String ANNA = "anna@posta.example";

    /// Lets in whom it is told to, and remembers who asked.
    private static final class Doorman implements Admission {
        final Set<AccountId> in = ConcurrentHashMap.newKeySet();
        final List<AccountId> asked = new ArrayList<>();

        @Override
        public synchronized Admission.Answer ask(AccountId account, Admission.Door door) {
            asked.add(account);
            return in.contains(account) ? IN : new Admission.Answer.NotYet(7, Duration.ofMinutes(3), Duration.ofMinutes(1));
        }

        @Override
        public boolean holds(AccountId account) {
            return !in.contains(account);
        }
    }

    @Test
    void whoIsNotInHearsItAndWhoIsInLogsIn(@TempDir Path folder) {
        try (SqliteDirectory directory = Sample.filled(folder)) {
            var door = new Doorman();
            directory.admission(door);
            var told = new Verdict.NotYet(7, Duration.ofMinutes(3), Duration.ofMinutes(1));

            assertThat(Sample.logIn(directory, ANNA, "casella")).isEqualTo(told);
            assertThat(Sample.logIn(directory, ANNA, "wrong")).isEqualTo(told);

            door.in.add(directory.registrar().find(ANNA).orElseThrow().id());
            assertThat(Sample.logIn(directory, ANNA, "casella")).isInstanceOf(Verdict.Granted.class);
            assertThat(Sample.logIn(directory, "bruno@virgola.example", "casella")).isEqualTo(told);
            directory.admission(Admission.OPEN);
            assertThat(Sample.logIn(directory, "bruno@virgola.example", "casella")).isInstanceOf(Verdict.Granted.class);
        }
    }

    @Test
    void nobodyLearnsFromItWhoHasAnAccount(@TempDir Path folder) {
        try (SqliteDirectory directory = Sample.filled(folder)) {
            var door = new Doorman();
            directory.admission(door);

            Verdict unknown = Sample.logIn(directory, "nobody@posta.example", "x");

            assertThat(unknown).isEqualTo(Sample.logIn(directory, ANNA, "x"));
            Sample.logIn(directory, "Nobody@POSTA.example", "y");
            Sample.logIn(directory, "nobody2@posta.example", "y");
            assertThat(door.asked.get(0)).as("the same somebody each time").isEqualTo(door.asked.get(2));
            assertThat(door.asked.get(3)).isNotEqualTo(door.asked.get(0));
            door.in.add(door.asked.get(0));
            assertThat(Sample.logIn(directory, "nobody@posta.example", "x")).isEqualTo(new Verdict.Denied());
        }
    }

    @Test
    void moreThanTheCoresCanServeWaitAndTheRestHearsWhenToComeBack(@TempDir Path folder) throws Exception {
        var usual = DirectorySettings.DEFAULT;
        var settings = new DirectorySettings(
                usual.readTimeout(), usual.writeTimeout(), usual.hashTimeout(), 4, usual.rememberedMax(),
                usual.snapshotInterval(), 0, usual.failureWindow(), false, usual.argon2(), 4_096);
        try (SqliteDirectory directory = Sample.filled(folder, settings)) {
            // Looked up once, so that all of them wait for the cores and none for the file.
            assertThat(Sample.logIn(directory, ANNA, "guess")).isEqualTo(new Verdict.Denied());
            var verdicts = new ConcurrentHashMap<Integer, Verdict>();
            var go = new CountDownLatch(1);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 60; i++) {
                int number = i;
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        return;
                    }
                    verdicts.put(number, Sample.logIn(directory, ANNA, "guess" + number));
                }));
            }
            go.countDown();
            for (Thread thread : threads) assertThat(thread.join(Duration.ofSeconds(60))).isTrue();

            List<Verdict.NotYet> later = verdicts.values().stream().filter(Verdict.NotYet.class::isInstance)
                    .map(Verdict.NotYet.class::cast).toList();
            assertThat(later.size()).as("told to come back").isBetween(20, 58);
            assertThat(verdicts.values().stream().filter(Verdict.Denied.class::isInstance).count())
                    .as("served after a short wait").isEqualTo(60 - later.size());
            assertThat(later).allSatisfy(one -> {
                assertThat(one.place()).isEqualTo(5);
                assertThat(one.retry()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(40));
            });
            assertThat(later.stream().map(Verdict.NotYet::retry).distinct().count()).isGreaterThan(later.size() / 2);
        }
    }

    @Test
    void theLongestAnswerFitsALineOfPop3() {
        var told = new Verdict.NotYet(Long.MAX_VALUE, Duration.ofDays(36_500), Duration.ofDays(36_500));
        assertThat(NotYetWords.both(told)).hasSizeLessThan(480).matches("\\p{ASCII}+");
        assertThat(NotYetWords.english(new Verdict.NotYet(0, Duration.ofMillis(1), Duration.ofSeconds(119))))
                .isEqualTo("We let everyone in a few at a time: your turn is in about 2 seconds. Try again in 119 seconds;"
                        + " your mail is safe.");
        assertThat(NotYetWords.italian(new Verdict.NotYet(0, Duration.ofSeconds(121), Duration.ofHours(3))))
                .isEqualTo("Facciamo entrare tutti un po' alla volta: tocca a te fra circa 3 minuti. Riprova fra 3 ore; la tua posta"
                        + " e' al sicuro.");
    }
}
