package casella.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.Metrics;
import casella.continuity.cohort.Cohort;
import casella.delivery.DeliveryOutcome;
import casella.delivery.Envelope;
import casella.delivery.Recipient;
import casella.delivery.Trace;
import casella.directory.Answer;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Password;
import casella.directory.Registrar.NewAccount;
import casella.directory.SqliteDirectory;
import casella.engine.memory.MemoryEngine;
import casella.incident.Desk;
import casella.incident.availability.Capability;
import casella.incident.availability.Cause;
import casella.incident.availability.Conditions;
import casella.incident.availability.Member;
import casella.incident.availability.Span;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Rescue;
import casella.testkit.SteppedClock;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what every protocol passes is measured: reads, contents, log-ins, and what delivery tells its sender.
final class MeasuringTest {
    private static final Member ANY = new Member("a", "free", false, new Cohort.Staff());

    private final SteppedClock clock = new SteppedClock();
    private final TestStore store = TestStore.over(new MemoryEngine());

    @SuppressWarnings("NullAway.Init") // opened before each test
    private Desk desk;

    @SuppressWarnings("NullAway.Init")
    private SqliteDirectory directory;

    @SuppressWarnings("NullAway.Init")
    private Measuring measuring;

    private AccountId anna = new AccountId(0);

    @BeforeEach
    void open(@TempDir Path folder) {
        desk = Desk.open(folder.resolve("desk"));
        directory = SqliteDirectory.open(folder.resolve("directory"), DirectorySettings.cheap(),
                Metrics.none());
        var _ = directory.registrar().putBrand(new Brand("a", "A", List.of(), "#000000", List.of("it")));
        var _ = directory.registrar().addDomain("a", "a.example");
        var made = directory.registrar().add(NewAccount.of("anna@a.example", Password.either("casella")));
        if (!(made instanceof Answer.Done<casella.directory.Account>(var account))) throw new AssertionError(made);
        anna = account.id();
        measuring = new Measuring(desk, directory, clock, Metrics.none()).reading(store.accounts());
        measuring.doorsOpen(_ -> new Conditions.Now(Map.of(), false));
    }

    @AfterEach
    void close() {
        desk.close();
        directory.close();
        store.close();
    }

    /// Ends the measuring and returns why a capability does not work.
    private Set<Cause> causes(Capability capability) {
        measuring.close();
        clock.step(Duration.ofSeconds(1));
        var causes = new HashSet<Cause>();
        measuring.availability().of(anna, ANY, new Span(0, Long.MAX_VALUE)).away(capability)
                .forEach(away -> causes.addAll(away.causes()));
        return causes;
    }

    private Account account() {
        return store.accounts().create(anna, TestStore.MAILBOXES);
    }

    private static long used(Account account) {
        return account.read(view -> view.usedBytes());
    }

    @Test
    void aReadThatFailsIsMeasuredUntilOneWorks() {
        Account account = account();
        assertThat(used(account)).isZero();
        store.engine().all(Trouble.unavailable());
        assertThatThrownBy(() -> used(account)).isInstanceOf(Fault.Unavailable.class);
        assertThat(causes(Capability.READ)).containsExactly(Cause.CALL);
    }

    @Test
    void aReadThatNobodyWaitsForSaysNothing() {
        Account account = account();
        store.engine().all(Trouble.unavailable());
        ScopedValue.where(Rescue.UNATTENDED, true).run(() ->
                assertThatThrownBy(() -> used(account)).isInstanceOf(Fault.Unavailable.class));
        assertThat(causes(Capability.READ)).isEmpty();
    }

    @Test
    void aReadThatWorksAgainEndsIt() {
        Account account = account();
        store.engine().all(Trouble.unavailable());
        assertThatThrownBy(() -> used(account)).isInstanceOf(Fault.Unavailable.class);
        clock.step(Duration.ofSeconds(3));
        store.engine().heal();
        assertThat(used(account)).isZero();
        clock.step(Duration.ofSeconds(10));
        assertThat(causes(Capability.READ)).containsExactly(Cause.CALL);
        assertThat(measuring.availability().of(anna, ANY, new Span(0, Long.MAX_VALUE))
                .millis(Capability.READ))
                .isEqualTo(3_000);
    }

    @Test
    void aMailThatCannotBeOpenedIsMeasured() {
        Account account = account();
        byte[] mail = "Subject: a\r\n\r\nb\r\n".getBytes(UTF_8);
        var email = new NewEmail(mail, () -> Summary.of(mail), clock.now(), "", "", List.of(), Keywords.NONE);
        if (!(account.add(email) instanceof Outcome.Kept(Email kept, _))) throw new AssertionError();
        assertThat(account.body(kept)).isInstanceOf(Body.Present.class);
        store.firstVault().all(Trouble.unavailable());
        store.secondVault().all(Trouble.unavailable());
        assertThat(account.body(kept, 0, 3)).isInstanceOf(Body.Unavailable.class);
        assertThat(used(account)).as("lists go on").isPositive();
        assertThat(causes(Capability.READ)).containsExactly(Cause.CONTENT);
    }

    @Test
    void whatAdmissionAnswersIsMeasuredAndPassedOn() {
        var notYet = new Admission.Answer.NotYet(7, Duration.ofSeconds(9), Duration.ofSeconds(11));
        Admission doors = measuring.admission(new Admission() {
            @Override
            public Answer ask(AccountId account, Door door) {
                return door == Door.IMAP ? notYet : IN;
            }

            @Override
            public boolean holds(AccountId account) {
                return account.equals(anna);
            }
        });
        assertThat(doors.holds(anna)).isTrue();
        assertThat(doors.holds(new AccountId(1))).isFalse();
        assertThat(doors.ask(anna, Admission.Door.IMAP)).isEqualTo(notYet);
        clock.step(Duration.ofSeconds(5));
        assertThat(doors.ask(anna, Admission.Door.JMAP)).isEqualTo(Admission.IN);
        clock.step(Duration.ofSeconds(5));
        assertThat(causes(Capability.LOG_IN)).containsExactly(Cause.HELD);
        assertThat(measuring.availability().of(anna, ANY, new Span(0, Long.MAX_VALUE))
                .millis(Capability.LOG_IN))
                .isEqualTo(5_000);
    }

    private void delivered(DeliveryOutcome outcome, boolean ours) {
        var trace = new Trace("x", InetAddress.getLoopbackAddress(), "y", "ESMTP", "1", clock.now(), ours);
        var recipient = new Recipient.Local("anna@a.example", anna, "", 1);
        measuring.delivered(new Envelope("anna@a.example", List.of(recipient), trace), List.of(outcome), () ->
                "");
    }

    private static DeliveryOutcome later() {
        return new DeliveryOutcome.TryLater(new Fault.Unavailable("Away by command of a test", Map.of()));
    }

    @Test
    void mailThatIsRefusedForNowIsMeasuredForWhomItIsFor() {
        delivered(new DeliveryOutcome.OverQuota(), false);
        delivered(later(), false);
        assertThat(causes(Capability.RECEIVE)).containsExactly(Cause.REFUSED);
        assertThat(causes(Capability.SEND)).as("a stranger used her address").isEmpty();
    }

    @Test
    void andForHerWhoSentIt() {
        delivered(later(), true);
        assertThat(causes(Capability.SEND)).containsExactly(Cause.NOT_SENT);
    }

    @Test
    void mailThatWaitsInTheQueueWasTaken() {
        delivered(later(), true);
        clock.step(Duration.ofSeconds(2));
        delivered(new DeliveryOutcome.Queued(new ArrivalId(1, 2)), true);
        clock.step(Duration.ofSeconds(9));
        assertThat(causes(Capability.RECEIVE)).containsExactly(Cause.REFUSED);
        var record = measuring.availability().of(anna, ANY, new Span(0, Long.MAX_VALUE));
        assertThat(record.millis(Capability.RECEIVE)).isEqualTo(2_000);
        assertThat(record.millis(Capability.SEND)).isEqualTo(2_000);
    }

    @Test
    void anErasedAccountsRecordIsGone() {
        delivered(later(), false);
        assertThat(measuring.erased(anna)).isTrue();
        assertThat(causes(Capability.RECEIVE)).isEmpty();
    }
}
