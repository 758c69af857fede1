package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Metrics;
import casella.base.Sha256;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.store.FaceRows;
import casella.store.Mailbox;
import casella.store.Placement;
import casella.store.View;
import casella.store.continuation.Continuations;
import casella.testkit.SimulatedDisk;
import casella.testkit.SteppedClock;
import casella.testkit.TestStore;
import casella.testkit.WaitingMail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that what continuations show stays within its memory and is made again as it was, that one message
/// which cannot be read hides neither the others nor a folder's name, and that a mail read in stretches is
/// read once.
final class ContinuingTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final long ROOMY = 128L << 20;

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final SteppedClock clock = new SteppedClock();
    private final WaitingMail waiting = new WaitingMail();
    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 64);
    private final TestStore store = TestStore.over(new MemoryEngine());
    private Continuations continuations = open(ROOMY);

    private Continuations open(long bytesMax) {
        return Continuations.open(
                disk, Path.of("/continuation"), waiting, waiting, cpu, clock, Metrics.none(),
                new Continuations.Limits(bytesMax, Duration.ofSeconds(30)));
    }

    private void restart(long bytesMax) {
        continuations.close();
        continuations = open(bytesMax);
        store.accounts().continueWith(continuations);
    }

    @AfterEach
    void close() {
        continuations.close();
        store.close();
        cpu.close();
    }

    private Account goesOn(long id) {
        Account account = store.accounts().create(new AccountId(id), TestStore.MAILBOXES);
        waiting.name(account, "Ricevuti");
        continuations.begin(account.id());
        store.accounts().continueWith(continuations);
        return account;
    }

    private static byte[] mail(String subject) {
        return ("Subject: " + subject + "\r\n\r\n" + subject + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private ArrivalId comes(Account account, String subject) {
        ArrivalId arrival = store.accounts().nextArrival();
        waiting.keep(account.id(), arrival, NOW, mail(subject));
        assertThat(continuations.came(account.id())).isTrue();
        return arrival;
    }

    private static List<String> shown(Account account) {
        return account.read(view -> view.placements(FaceRows.RECEIVED, Uid.FIRST, 1_000)).stream()
                .map(one -> one.uid().value() + " " + one.email())
                .toList();
    }

    private static List<String> shown(ArrivalId... emails) {
        var all = new ArrayList<String>();
        for (int i = 0; i < emails.length; i++) all.add((i + 1) + " " + emails[i]);
        return all;
    }

    private static List<String> names(Account account) {
        return account.read(View::mailboxes).stream().map(Mailbox::name).toList();
    }

    @Test
    void whatManyAccountsAreShownStaysWithinItsMemoryAndIsMadeAgainAsItWas() {
        long bytesMax = 1L << 20;
        restart(bytesMax);
        var accounts = new ArrayList<Account>();
        var before = new ArrayList<List<String>>();
        for (int i = 1; i <= 40; i++) {
            Account account = goesOn(i);
            for (int mail = 0; mail < 30; mail++) comes(account, "mail " + mail);
            accounts.add(account);
            before.add(shown(account));
            assertThat(before.getLast()).hasSize(30);
            assertThat(continuations.bytes()).isLessThanOrEqualTo(bytesMax);
        }
        int read = waiting.read();
        assertThat(shown(accounts.getLast())).isEqualTo(before.getLast());
        assertThat(waiting.read()).as("still there").isEqualTo(read);

        for (int i = 0; i < accounts.size(); i++) {
            assertThat(shown(accounts.get(i))).isEqualTo(before.get(i));
            assertThat(continuations.bytes()).isLessThanOrEqualTo(bytesMax);
        }
        assertThat(waiting.read()).as("made anew").isGreaterThan(read + 500);
    }

    @Test
    void oneAccountTakesHalfOfTheMemoryAndNoMoreOfItsMailIsShown() {
        long bytesMax = 4L << 20;
        restart(bytesMax);
        Account anna = goesOn(1);
        for (int mail = 0; mail < 4_000; mail++) comes(anna, "mail " + mail);
        Mailbox received = anna.read(view -> view.mailbox(FaceRows.RECEIVED));
        assertThat(received).isNotNull();
        assertThat(received.count()).isBetween(500, 2_000);
        assertThat(continuations.bytes()).isLessThanOrEqualTo(bytesMax);
    }

    @Test
    void aMailReadInStretchesIsReadOnce() {
        Account anna = goesOn(1);
        ArrivalId arrival = comes(anna, "x".repeat(100_000));
        Email email = anna.read(view -> view.email(arrival));
        assertThat(email).isNotNull();
        int read = waiting.read();
        byte[] all = mail("x".repeat(100_000));
        for (int from = 0; from < all.length; from += 10_000) {
            int until = Math.min(all.length, from + 10_000);
            byte[] part = Arrays.copyOfRange(all, from, until);
            Body body = anna.body(email, from, from + 10_000);
            assertThat(body).isInstanceOfSatisfying(Body.Present.class, present ->
                    assertThat(present.bytes()).isEqualTo(part));
        }
        assertThat(waiting.read() - read).isEqualTo(1);
    }

    @Test
    void whatTheQueueCheckedIsNotHashedByWhoReads() {
        Account anna = goesOn(1);
        Sha256 told = Sha256.of(new byte[] {1});
        ArrivalId arrival = store.accounts().nextArrival();
        waiting.keep(anna.id(), arrival, NOW, told, mail("una"));
        Email email = anna.read(view -> view.email(arrival));
        assertThat(email).isNotNull();
        assertThat(email.blob()).isEqualTo(told);
        assertThat(anna.body(email)).isInstanceOf(Body.Present.class);
    }

    @Test
    void oneThatCannotBeReadIsLeftOutAndGetsItsNumberWhenItCan() {
        Account anna = goesOn(1);
        ArrivalId first = comes(anna, "una");
        ArrivalId bad = comes(anna, "due");
        ArrivalId third = comes(anna, "tre");
        waiting.unreadable(bad, true);
        assertThat(shown(anna)).isEqualTo(shown(first, third));
        assertThat(names(anna)).contains("INBOX", "Ricevuti");

        waiting.unreadable(bad, false);
        assertThat(shown(anna)).as("not tried at every reading").isEqualTo(shown(first, third));
        clock.step(Duration.ofSeconds(6));
        assertThat(shown(anna)).isEqualTo(shown(first, third, bad));
        restart(ROOMY);
        assertThat(shown(anna)).isEqualTo(shown(first, third, bad));
    }

    @Test
    void oneThatWasShownAndCannotBeReadClosesTheFolderAndHidesNoName() {
        Account anna = goesOn(1);
        ArrivalId first = comes(anna, "una");
        ArrivalId second = comes(anna, "due");
        assertThat(shown(anna)).hasSize(2);
        var state = anna.read(View::modseq);
        waiting.unreadable(second, true);
        restart(ROOMY);

        assertThat(names(anna)).contains("INBOX", "Ricevuti");
        assertThatThrownBy(() -> shown(anna)).isInstanceOf(Fault.Unavailable.class);
        MailboxId received = FaceRows.RECEIVED;
        boolean closed = anna.read(view -> view.closed(received) && view.partial());
        assertThat(closed).isTrue();
        waiting.unreadable(second, false);
        assertThat(shown(anna)).isEqualTo(shown(first, second));
        assertThat(anna.read(View::modseq)).isEqualTo(state);
    }

    /// Has so much be shown of others that nothing of who was read before stays in memory.
    private void pushOut() {
        for (int id = 100; id < 140; id++) {
            Account other = goesOn(id);
            for (int mail = 0; mail < 20; mail++) comes(other, "mail " + mail);
            assertThat(shown(other)).hasSize(20);
        }
    }

    @Test
    void oneThatCannotBeReadWhenItIsMadeAnewClosesTheFolderHoweverOftenItIsRead() {
        restart(256L << 10);
        Account anna = goesOn(1);
        ArrivalId first = comes(anna, "una");
        ArrivalId second = comes(anna, "due");
        ArrivalId third = comes(anna, "tre");
        assertThat(shown(anna)).isEqualTo(shown(first, second, third));
        pushOut();
        waiting.unreadable(third, true);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> shown(anna)).isInstanceOf(Fault.Unavailable.class);
            assertThat(names(anna)).contains("INBOX", "Ricevuti");
        }
        waiting.unreadable(third, false);
        assertThat(shown(anna)).isEqualTo(shown(first, second, third));
    }

    @Test
    void whoReadsWhileAnotherMakesItAnewIsShownAllOfIt() throws Exception {
        restart(256L << 10);
        Account anna = goesOn(1);
        ArrivalId first = comes(anna, "una");
        ArrivalId second = comes(anna, "due");
        List<String> all = shown(first, second);
        assertThat(shown(anna)).isEqualTo(all);
        pushOut();
        WaitingMail.Held held = waiting.hold(second);
        var found = new CopyOnWriteArrayList<List<String>>();
        Thread one = Thread.ofPlatform().start(() -> found.add(shown(anna)));
        assertThat(held.here().await(30, TimeUnit.SECONDS)).isTrue();
        Thread other = Thread.ofPlatform().start(() -> found.add(shown(anna)));
        while (other.isAlive() && other.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
        held.go().countDown();
        assertThat(one.join(Duration.ofSeconds(30)) && other.join(Duration.ofSeconds(30))).isTrue();
        assertThat(found).containsExactly(all, all);
    }

    @Test
    void aQueueThatDoesNotAnswerHidesNoName() {
        Account anna = goesOn(1);
        waiting.away(true);
        assertThat(names(anna)).contains("INBOX", "Ricevuti");
        assertThatThrownBy(() -> shown(anna)).isInstanceOf(Fault.Unavailable.class);
        waiting.away(false);
        ArrivalId first = comes(anna, "una");
        List<Placement> open = anna.read(view -> view.placements(FaceRows.RECEIVED, Uid.FIRST, 10));
        assertThat(open).extracting(Placement::email).containsExactly(first);
        waiting.away(true);
        ArrivalId second = comes(anna, "due");
        assertThat(names(anna)).contains("INBOX", "Ricevuti");
        assertThatThrownBy(() -> shown(anna)).isInstanceOf(Fault.Unavailable.class);
        waiting.away(false);
        assertThat(shown(anna)).isEqualTo(shown(first, second));
    }
}
