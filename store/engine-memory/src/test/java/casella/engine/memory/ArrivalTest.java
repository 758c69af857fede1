package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.store.Keywords;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.View;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves I4: an account takes an arrival once, whatever became of the attempts before.
final class ArrivalTest {
    private final TestStore store = TestStore.over(new MemoryEngine());
    private final Account anna = store.account();
    private final ArrivalId arrival = store.accounts().nextArrival();

    @AfterEach
    void close() {
        store.close();
    }

    private static NewEmail mail(String text, MailboxId... mailboxes) {
        byte[] content = ("Subject: " + text + "\r\n\r\n" + text).getBytes(StandardCharsets.UTF_8);
        return new NewEmail(
                content, Summary.of(content), Instant.EPOCH, "x@y.example", "anna@posta.example",
                        List.of(mailboxes), Keywords.NONE);
    }

    private String body(Email email) {
        if (anna.body(email) instanceof Body.Present(var bytes)) return new String(bytes,
                StandardCharsets.UTF_8);
        throw new AssertionError("no body");
    }

    @Test
    void theSecondAttemptIsTheFirstEmail() {
        var first = (Outcome.Kept) anna.add(arrival, mail("one"));
        var second = (Outcome.Kept) anna.add(arrival, mail("one"));

        assertThat(first.email().id()).isEqualTo(arrival);
        assertThat(second).isEqualTo(first);
        assertThat(anna.read(View::emailCount)).isEqualTo(1);
        assertThat(anna.file(arrival, mail("one"))).isFalse();
        assertThat(body(first.email())).endsWith("one");
    }

    @Test
    void otherBytesUnderItAreNotKeptAndTheFirstStay() {
        var first = (Outcome.Kept) anna.add(arrival, mail("one"));
        anna.add(arrival, mail("other"));

        assertThat(anna.read(View::emailCount)).isEqualTo(1);
        assertThat(body(first.email())).endsWith("one");
    }

    @Test
    void anAttemptOfUnknownOutcomeIsSettledByTheNext() {
        store.engine().writes(Trouble.unknownOutcome(), 1);
        assertThatThrownBy(() -> anna.add(arrival, mail("one"))).isInstanceOf(Fault.Unavailable.class);

        anna.file(arrival, mail("one"));

        assertThat(anna.read(View::emailCount)).isEqualTo(1);
        assertThat(anna.file(arrival, mail("one"))).isFalse();
    }

    @Test
    void whatTheOwnerEndedDoesNotComeBack() {
        anna.add(arrival, mail("one"));
        anna.destroyEmail(arrival);

        assertThat(anna.knows(arrival)).isTrue();
        assertThat(anna.file(arrival, mail("one"))).isFalse();
        assertThat(anna.read(View::emailCount)).isZero();
    }

    @Test
    void whatWasAcceptedIsFiledPastTheQuota() {
        anna.add(arrival, mail("one"));
        store.quota(1);
        ArrivalId other = store.accounts().nextArrival();

        assertThat(anna.add(arrival, mail("one"))).as("known").isInstanceOf(Outcome.Kept.class);
        assertThat(anna.add(other, mail("two"))).isInstanceOf(Outcome.OverQuota.class);
        assertThat(anna.file(other, mail("two"))).isTrue();
        assertThat(anna.read(View::emailCount)).isEqualTo(2);
    }

    @Test
    void itIsFiledInItsMailboxOrInInbox() {
        MailboxId archive = anna.read(view -> view.mailbox("Archive")).id();
        ArrivalId other = store.accounts().nextArrival();

        assertThat(anna.file(arrival, mail("one", archive))).isTrue();
        assertThat(anna.file(other, mail("two", new MailboxId(99)))).isTrue();

        List<Long> counts = List.of(
                (long) anna.read(view -> view.mailbox("Archive")).count(),
                        (long) anna.read(view -> view.mailbox("INBOX")).count());
        assertThat(counts).containsExactly(1L, 1L);
    }
}
