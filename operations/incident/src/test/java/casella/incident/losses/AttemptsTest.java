package casella.incident.losses;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Metric;
import casella.base.Metrics;
import casella.incident.Desk;
import casella.incident.availability.Span;
import casella.testkit.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that who was turned away is written down within its limits, is marked when it comes after all, and is gone after 90 days.
final class AttemptsTest {
    private static final Span ALWAYS = new Span(0, Long.MAX_VALUE);
    private static final AccountId ANNA = new AccountId(-7);
    private static final AccountId BRUNO = new AccountId(9);
    private static final String SENDER = "carlo@altrove.example";

    private final SteppedClock clock = new SteppedClock();
    private final Map<String, Long> counted = new ConcurrentHashMap<>();
    private @TempDir Path folder = Path.of("");
    @SuppressWarnings("NullAway.Init") // opened before each test
    private Desk desk;
    private Attempts attempts = new Attempts(() -> desk, clock, Attempts.Limits.USUAL, Metrics.none());
    private boolean directoryAway;

    private final Attempts.Owners owners = address -> {
        if (directoryAway) throw new Fault.Unavailable("away", Map.of());
        return address.equals("anna@posta.example") ? Optional.of(ANNA) : Optional.empty();
    };

    @BeforeEach
    void begin() {
        desk = Desk.open(folder.resolve("desk"));
        attempts = over(Attempts.Limits.USUAL);
    }

    @AfterEach
    void end() {
        desk.close();
    }

    private Attempts over(Attempts.Limits limits) {
        return new Attempts(() -> desk, clock, limits, new Metrics() {
            @Override
            public void add(Metric metric, long amount, String... labels) {
                counted.merge(String.join(" ", labels), amount, Long::sum);
            }

            @Override
            public void time(Metric metric, Duration taken, String... labels) {}

            @Override
            public void gauge(Metric metric, DoubleSupplier value, String... labels) {}
        });
    }

    private Attempt refused(AccountId account, String sender, String message) {
        return new Attempt(clock.now().toEpochMilli(), sender, "", account, "192.0.2.7", 451, "Try again later", message);
    }

    private void refuse(String sender, String message) {
        attempts.notTaken(refused(ANNA, sender, message));
        clock.step(Duration.ofMinutes(15));
    }

    private void comes(String sender, String message) {
        attempts.taken(ANNA, sender, () -> message);
        clock.step(Duration.ofMinutes(1));
    }

    /// Returns who tried, newest first: `sender tries`, with `came` where it came after all.
    private List<String> tried(AccountId account) {
        attempts.step(owners);
        return new Tried.Kept(desk).of(account, ALWAYS).stream()
                .map(one -> one.sender() + " " + one.tries() + (one.later() == null ? "" : " came")).toList();
    }

    @Test
    void whoTriesAgainIsOneSenderAndWhoNeverCameIsKnown() {
        refuse(SENDER, "m1@altrove.example");
        refuse(SENDER, "m1@altrove.example");
        refuse(SENDER, "m2@altrove.example");
        attempts.notTaken(refused(BRUNO, SENDER, "m1@altrove.example"));

        assertThat(tried(ANNA)).containsExactly(SENDER + " 1", SENDER + " 2");
        comes(SENDER, "m1@altrove.example");
        assertThat(tried(ANNA)).containsExactly(SENDER + " 1", SENDER + " 2 came");
        assertThat(tried(BRUNO)).as("another account's").containsExactly(SENDER + " 1");
        assertThat(new Tried.Kept(desk).count(ALWAYS)).isEqualTo(new Tried.Count(3, 2));
        assertThat(new Tried.Kept(desk).count(ANNA, ALWAYS)).isEqualTo(new Tried.Count(2, 1));
    }

    @Test
    void whatWasRefusedBeforeItWasSeenIsKnownByItsEnvelope() {
        refuse(SENDER, "");
        refuse("dora@altrove.example", "");
        comes(SENDER, "whatever@altrove.example");

        assertThat(tried(ANNA)).containsExactly("dora@altrove.example 1", SENDER + " 1 came");
        refuse(SENDER, "");
        assertThat(tried(ANNA)).as("turned away once more, afterwards")
                .containsExactly(SENDER + " 1", "dora@altrove.example 1", SENDER + " 1 came");
    }

    @Test
    void aMessageThatNobodyAwaitsIsNotLookedInto() {
        attempts.taken(ANNA, SENDER, () -> {
            throw new AssertionError("looked for the Message-ID");
        });
        refuse(SENDER, "m1@altrove.example");
        attempts.taken(BRUNO, SENDER, () -> {
            throw new AssertionError("looked for the Message-ID");
        });
        assertThat(tried(ANNA)).hasSize(1);
    }

    @Test
    void aRestartStillKnowsWhoIsAwaited() {
        refuse(SENDER, "m1@altrove.example");
        assertThat(tried(ANNA)).hasSize(1);
        attempts = over(Attempts.Limits.USUAL);
        attempts.step(owners);

        comes(SENDER, "m1@altrove.example");
        assertThat(tried(ANNA)).containsExactly(SENDER + " 1 came");
    }

    @Test
    void whoseAddressItIsIsAskedWhenTheDirectoryAnswers() {
        directoryAway = true;
        attempts.notTaken(new Attempt(clock.now().toEpochMilli(), SENDER, "anna@posta.example", null,
                "192.0.2.7", 451, "Try again later", ""));
        attempts.notTaken(new Attempt(clock.now().toEpochMilli(), SENDER, "nobody@posta.example", null,
                "192.0.2.7", 451, "Try again later", ""));
        refuse("dora@altrove.example", "");
        assertThat(tried(ANNA)).as("what is known is not held up").containsExactly("dora@altrove.example 1");

        directoryAway = false;
        assertThat(tried(ANNA)).containsExactlyInAnyOrder(SENDER + " 1", "dora@altrove.example 1");
        assertThat(new Tried.Kept(desk).count(ALWAYS).senders()).as("nobody's is not kept").isEqualTo(2);
    }

    @Test
    void itGoesAfterNinetyDaysALittleAtATime() {
        for (int i = 0; i < Attempts.BATCH + 10; i++) attempts.notTaken(refused(new AccountId(i), "s" + i, ""));
        attempts.step(owners);
        clock.step(Duration.ofDays(89));
        refuse(SENDER, "");
        assertThat(new Tried.Kept(desk).count(ALWAYS).senders()).isEqualTo(Attempts.BATCH + 10L);
        assertThat(tried(ANNA)).hasSize(1);

        clock.step(Duration.ofDays(2));
        attempts.step(owners);
        assertThat(new Tried.Kept(desk).count(ALWAYS).senders()).as("paced").isEqualTo(11);
        attempts.step(owners);
        assertThat(tried(ANNA)).containsExactly(SENDER + " 1");
        assertThat(new Tried.Kept(desk).count(ALWAYS).senders()).isEqualTo(1);
    }

    @Test
    void whatHasNoRoomIsCountedAndLeftOut() {
        attempts = over(new Attempts.Limits(3, 1 << 20));
        for (int i = 0; i < 5; i++) refuse("s" + i, "");
        assertThat(tried(ANNA)).containsExactly("s2 1", "s1 1", "s0 1");
        refuse("s1", "");
        assertThat(tried(ANNA)).as("a row there is takes more").containsExactly("s1 2", "s2 1", "s0 1");
        assertThat(counted).isEqualTo(new HashMap<>(Map.of("kept", 4L, "no-room", 2L)));

        attempts = over(new Attempts.Limits(100, 1));
        refuse("s9", "");
        assertThat(tried(ANNA)).as("by bytes").hasSize(3);
    }

    @Test
    void oneAccountsFloodFillsItsOwnRecordAlone() {
        for (int i = 0; i < TriedTables.OF_ACCOUNT_MAX + 5; i++) attempts.notTaken(refused(ANNA, "s" + i, ""));
        attempts.notTaken(refused(BRUNO, SENDER, ""));
        attempts.step(owners);

        assertThat(tried(ANNA)).hasSize(TriedTables.OF_ACCOUNT_MAX);
        assertThat(tried(BRUNO)).hasSize(1);
        assertThat(counted).containsEntry("no-room", 5L);
    }

    @Test
    void whoTellsNeverWaitsAlsoWhenTheDeskDoesNotAnswer() {
        desk.close();
        for (int i = 0; i < Attempts.QUEUE_MAX + 7; i++) attempts.notTaken(refused(ANNA, "s", ""));
        assertThat(counted).isEqualTo(Map.of("full", 7L));
        attempts.step(owners);

        desk = Desk.open(folder.resolve("desk"));
        for (int i = 0; i < 3; i++) attempts.step(owners);
        assertThat(tried(ANNA)).containsExactly("s " + Attempts.QUEUE_MAX);
    }

    @Test
    void anErasedAccountIsForgotten() {
        refuse(SENDER, "");
        assertThat(tried(ANNA)).hasSize(1);
        attempts.notTaken(refused(BRUNO, SENDER, ""));
        refuse(SENDER, "");
        attempts.forget(ANNA);

        assertThat(tried(ANNA)).isEmpty();
        assertThat(tried(BRUNO)).hasSize(1);
    }
}
