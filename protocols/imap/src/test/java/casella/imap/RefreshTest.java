package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Fault;
import casella.base.Uid;
import casella.engine.memory.MemoryEngine;
import casella.store.Account;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that a session's list follows the store: by changes, by comparing after a switch of storage, and after faults.
class RefreshTest {
    private static final byte[] MAIL = "Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Keywords FLAGGED = Keywords.of(Keywords.FLAGGED);

    private final TestStore store = TestStore.over(new MemoryEngine());
    private final Account account = store.account();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    @BeforeEach
    void deliver() {
        for (int i = 0; i < 20; i++) add();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void add() {
        account.add(NewEmail.delivery(MAIL, Instant.EPOCH, "", ""));
    }

    private Mailbox inbox() {
        return Objects.requireNonNull(account.<Mailbox>read(view -> view.mailbox("INBOX")));
    }

    private Selection open() {
        return Objects.requireNonNull(Selection.open(account, "INBOX", false)).selection();
    }

    private List<String> refresh(Selection selection) throws Exception {
        told.reset();
        new Refresh(selection, account, false, new Output(told, Dialect.REV1)).run();
        return told.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    private void change() {
        var inbox = inbox().id();
        account.setKeywords(inbox, List.of(Uid.of(2), Uid.of(20)), new Keywords.Edit.Add(FLAGGED), null);
        List<Uid> ending = List.of(Uid.of(1), Uid.of(7), Uid.of(8), Uid.of(19));
        account.setKeywords(inbox, ending, new Keywords.Edit.Add(Keywords.of(Keywords.DELETED)), null);
        account.expunge(inbox, ending);
        add();
        add();
    }

    private static List<Integer> gone(Selection selection) {
        return IntStream.range(0, selection.count()).filter(selection::gone).boxed().toList();
    }

    private static void assertFollows(Selection selection, List<String> lines) {
        assertThat(lines).containsExactlyInAnyOrder("* 2 FETCH (UID 2 FLAGS (\\Flagged))", "* 20 FETCH (UID 20 FLAGS (\\Flagged))");
        assertThat(gone(selection)).containsExactly(0, 6, 7, 18);
        assertThat(selection.count()).isEqualTo(22);
        assertThat(selection.highestUid()).isEqualTo(22);
    }

    @Test
    void changesAreFollowed() throws Exception {
        Selection selection = open();

        change();

        assertFollows(selection, refresh(selection));
        assertThat(refresh(selection)).isEmpty();
    }

    @Test
    void afterASwitchOfStorageTheWholeListIsCompared() throws Exception {
        Selection selection = open();
        change();
        // As if the list had been read in another epoch, whose changes nobody can name any more.
        selection.seen(inbox().modseq(), selection.epoch() + 1);

        assertFollows(selection, refresh(selection));
        assertThat(refresh(selection)).isEmpty();
    }

    @Test
    void aSwitchThatChangedNothingTellsNothing() throws Exception {
        Selection selection = open();
        selection.seen(selection.seen(), selection.epoch() + 1);

        assertThat(refresh(selection)).isEmpty();
        assertThat(gone(selection)).isEmpty();
        assertThat(selection.count()).isEqualTo(20);
    }

    @Test
    void aMailboxEmptiedByASwitchIsAllGone() throws Exception {
        Selection selection = open();
        var all = new ArrayList<Uid>();
        for (int uid = 1; uid <= 20; uid++) all.add(Uid.of(uid));
        var trash = Objects.requireNonNull(account.<Mailbox>read(view -> view.mailbox("Trash")));
        account.move(inbox().id(), all, trash.id());
        selection.seen(inbox().modseq(), selection.epoch() + 1);

        assertThat(refresh(selection)).isEmpty();
        assertThat(gone(selection)).hasSize(20);
    }

    @Test
    void aLookThatFailsIsRepeatedWhole() throws Exception {
        Selection selection = open();
        change();
        store.engine().reads(Trouble.unavailable());
        assertThatThrownBy(() -> refresh(selection)).isInstanceOf(Fault.Unavailable.class);

        store.engine().heal();

        assertFollows(selection, refresh(selection));
    }

    @Test
    void aMailboxThatIsGoneIsSaidToBe() {
        account.createMailbox("Work", null);
        Selection selection = Objects.requireNonNull(Selection.open(account, "Work", false)).selection();
        account.deleteMailbox(selection.mailbox(), true);

        assertThatThrownBy(() -> refresh(selection)).isInstanceOf(Session.MailboxGone.class);
    }

    @Test
    void aMessageThatCameAndWentUnseenIsNeverTold() throws Exception {
        Selection selection = open();
        add();
        refresh(selection);
        var inbox = inbox().id();
        account.setKeywords(inbox, List.of(Uid.of(21)), new Keywords.Edit.Add(Keywords.of(Keywords.DELETED)), null);
        account.expunge(inbox, null);

        refresh(selection);

        assertThat(gone(selection)).containsExactly(20);
    }
}
