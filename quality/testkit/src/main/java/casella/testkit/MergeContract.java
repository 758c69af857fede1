package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.DocumentKind;
import casella.store.Email;
import casella.store.Entry;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.View;
import casella.store.archive.Verifier;
import casella.store.engine.Engine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves the table of how changes of a lost branch are merged, row by row: what nobody touched since is made good, what
/// somebody did touch stands, no mail is lost, and merging again changes nothing.
public abstract class MergeContract {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Keywords FLAGGED = Keywords.of(Keywords.FLAGGED);

    /// Returns a new, empty engine.
    protected abstract Engine engine();

    private MemoryJournal journal;
    private TestStore old;
    private TestStore now;
    private Account lost;
    private Account anna;
    private Modseq branchPoint;

    @BeforeEach
    void open() {
        journal = new MemoryJournal();
        old = TestStore.over(engine(), journal);
        lost = old.account();
        for (int i = 1; i <= 4; i++) deliver(lost, "prima " + i);
        lost.createMailbox("Lavoro", null);
        lost.putDocument(DocumentKind.SETTING, "firma", bytes("una"));
        part();
    }

    @AfterEach
    void close() {
        now.close();
        old.close();
    }

    /// From here on both accounts go on without each other.
    private void part() {
        old.archiver().archive(lost.id());
        branchPoint = lost.read(View::modseq);
        now = TestStore.over(engine(), new MemoryJournal(), old.firstVault(), old.secondVault());
        anna = now.accounts().open(lost.id());
        assertThat(anna.read(View::modseq)).isEqualTo(branchPoint);
    }

    private void merge() {
        List<Entry> entries = journal.entries(lost.id(), branchPoint.next(), 10_000, TIME).stream()
                .map(Entry::decode)
                .toList();
        anna.merge(entries, branchPoint);
        Modseq merged = anna.read(View::modseq);
        anna.merge(entries, branchPoint);
        assertThat(anna.read(View::modseq)).as("merged again").isEqualTo(merged);
        assertThat(now.archiver().archive(anna.id())).isTrue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static NewEmail mail(String text) {
        String mail = "Subject: " + text + "\r\nMessage-ID: <" + text.replace(' ', '.') + "@t.example>\r\n\r\n";
        return NewEmail.delivery(bytes(mail), Instant.EPOCH, "b@v.example", "a@p.example");
    }

    private static ArrivalId deliver(Account account, String text) {
        return ((Outcome.Kept) account.add(mail(text))).email().id();
    }

    private static Map<String, String> documents(Account account) {
        Map<String, byte[]> all = account.read(view -> view.documents(DocumentKind.SETTING));
        var texts = new TreeMap<String, String>();
        all.forEach((id, content) -> texts.put(id, new String(content, StandardCharsets.UTF_8)));
        return texts;
    }

    private static MailboxId mailbox(Account account, String name) {
        return Objects.requireNonNull(account.read(view -> view.mailbox(name)), name).id();
    }

    private static MailboxId inbox(Account account) {
        return mailbox(account, Mailbox.INBOX);
    }

    private static List<Placement> placements(Account account, String name) {
        MailboxId id = mailbox(account, name);
        return account.read(view -> view.placements(id, Uid.FIRST, View.PAGE_MAX));
    }

    private static Keywords keywords(Account account, long uid) {
        MailboxId id = inbox(account);
        return Objects.requireNonNull(account.read(view -> view.placement(id, Uid.of(uid)))).keywords();
    }

    private static void flag(Account account, long uid, String... words) {
        var add = new Keywords.Edit.Add(Keywords.of(words));
        account.setKeywords(inbox(account), List.of(Uid.of(uid)), add, null);
    }

    private static void expunge(Account account, long uid) {
        flag(account, uid, Keywords.DELETED);
        account.expunge(inbox(account), List.of(Uid.of(uid)));
    }

    private static List<Long> uids(Account account, String name) {
        return placements(account, name).stream().map(one -> one.uid().value()).toList();
    }

    @Test
    void aMailMovedAwayAndBackStays() {
        ArrivalId mail = placements(lost, Mailbox.INBOX).getFirst().email();
        MailboxId work = mailbox(lost, "Lavoro");
        lost.move(inbox(lost), List.of(Uid.of(1)), work);
        lost.move(work, List.of(placements(lost, "Lavoro").getFirst().uid()), inbox(lost));
        merge();

        Email there = anna.read(view -> view.email(mail));
        assertThat(there).isNotNull();
        assertThat(there.places()).extracting(Email.Place::mailbox).containsExactly(inbox(anna));
    }

    @Test
    void anArrivalIsALateAdditionWithANewUid() {
        ArrivalId late = deliver(lost, "tardi");
        ArrivalId meanwhile = deliver(anna, "intanto");
        merge();
        assertThat(placements(anna, "INBOX")).extracting(Placement::email).endsWith(meanwhile, late);
        assertThat(uids(anna, "INBOX")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void anArrivalIntoAMailboxThatIsGoneGoesToInbox() {
        NewEmail plain = mail("nel lavoro");
        var there = new NewEmail(
                plain.content(), plain.summary(), plain.received(), "", "", List.of(mailbox(lost, "Lavoro")), FLAGGED);
        lost.add(there);
        anna.deleteMailbox(mailbox(anna, "Lavoro"), true);
        merge();
        assertThat(placements(anna, "INBOX")).last().extracting(Placement::keywords).isEqualTo(FLAGGED);
    }

    @Test
    void anArrivalThatEndedThereIsKnownAsEnded() {
        ArrivalId gone = deliver(lost, "subito via");
        lost.destroyEmail(gone);
        merge();
        assertThat(anna.knows(gone)).isTrue();
        Email email = anna.read(view -> view.email(gone));
        assertThat(email).isNull();
        assertThat(uids(anna, "INBOX")).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void keywordsAreSetUnlessSetSince() {
        flag(lost, 1, Keywords.FLAGGED);
        flag(lost, 2, Keywords.FLAGGED);
        flag(anna, 2, Keywords.SEEN);
        merge();
        assertThat(keywords(anna, 1)).isEqualTo(FLAGGED);
        assertThat(keywords(anna, 2)).isEqualTo(Keywords.of(Keywords.SEEN));
    }

    @Test
    void anExpungeHoldsOnlyForWhatNobodyTouched() {
        expunge(lost, 1);
        expunge(lost, 2);
        flag(anna, 2, Keywords.FLAGGED);
        merge();
        assertThat(uids(anna, "INBOX")).containsExactly(2L, 3L, 4L);
    }

    @Test
    void aMoveHoldsOnlyForWhatNobodyTouched() {
        lost.move(inbox(lost), List.of(Uid.of(1), Uid.of(2)), mailbox(lost, "Lavoro"));
        flag(anna, 2, Keywords.FLAGGED);
        merge();
        assertThat(uids(anna, "INBOX")).containsExactly(2L, 3L, 4L);
        assertThat(placements(anna, "Lavoro")).hasSize(1);
    }

    @Test
    void aCopyIsMadeOnce() {
        lost.copy(inbox(lost), List.of(Uid.of(1), Uid.of(2)), mailbox(lost, "Lavoro"));
        anna.copy(inbox(anna), List.of(Uid.of(2)), mailbox(anna, "Lavoro"));
        merge();
        assertThat(placements(anna, "Lavoro")).extracting(Placement::email).doesNotHaveDuplicates().hasSize(2);
        assertThat(uids(anna, "INBOX")).hasSize(4);
    }

    @Test
    void aMailboxMadeThereIsKeptAndSuffixedIfItsNameIsAnothers() {
        lost.createMailbox("Viaggi", null);
        lost.renameMailbox(mailbox(lost, "Lavoro"), "Ufficio");
        lost.createMailbox("Lavoro", null);
        ArrivalId email = placements(lost, "INBOX").getFirst().email();
        lost.copy(inbox(lost), List.of(Uid.of(1)), mailbox(lost, "Lavoro"));
        anna.createMailbox("Viaggi", null);
        anna.renameMailbox(mailbox(anna, "Lavoro"), "Progetti");
        anna.renameMailbox(mailbox(anna, "Progetti"), "Lavoro");
        merge();
        List<Mailbox> all = anna.read(View::mailboxes);
        assertThat(all).extracting(Mailbox::name).contains("Viaggi", "Lavoro", "Lavoro (2)").doesNotContain("Ufficio");
        assertThat(placements(anna, "Lavoro (2)")).extracting(Placement::email).containsExactly(email);
    }

    @Test
    void aMailboxRenamedThereIsRenamedUnlessChangedSince() {
        lost.renameMailbox(mailbox(lost, "Lavoro"), "Ufficio");
        merge();
        assertThat(anna.read(View::mailboxes)).extracting(Mailbox::name).contains("Ufficio").doesNotContain("Lavoro");
    }

    @Test
    void theRemovalOfAMailboxIsDroppedWithWhatItRemoved() {
        anna.copy(inbox(anna), List.of(Uid.of(1)), mailbox(anna, "Lavoro"));
        lost.deleteMailbox(mailbox(lost, "Lavoro"), true);
        merge();
        assertThat(placements(anna, "Lavoro")).hasSize(1);
    }

    @Test
    void aDocumentIsTakenOverOrKeptAsAnOldVersion() {
        lost.putDocument(DocumentKind.SETTING, "firma", bytes("due"));
        lost.putDocument(DocumentKind.SETTING, "lingua", bytes("it"));
        anna.putDocument(DocumentKind.SETTING, "lingua", bytes("en"));
        merge();
        assertThat(documents(anna)).containsEntry("firma", "due").containsEntry("lingua", "en");
        assertThat(documents(anna)).containsValue("it");
    }

    @Test
    void afterBothWereUsedByDiceNoMailIsLostAndTheViewIsTheJournals() {
        for (long seed = 1; seed <= 12; seed++) {
            close();
            journal = new MemoryJournal();
            old = TestStore.over(engine(), journal);
            lost = old.account();
            var use = new RandomUse(seed);
            use.use(lost, 50);
            part();
            use.use(lost, 40);
            var other = new RandomUse(-seed);
            other.use(anna, 40);
            Set<ArrivalId> wanted = new HashSet<>(anna.read(view -> view.emails(null, View.PAGE_MAX)));
            for (ArrivalId one : use.delivered()) {
                Email email = lost.read(view -> view.email(one));
                if (email != null && email.created().after(branchPoint)) wanted.add(one);
            }
            merge();
            for (ArrivalId one : wanted) assertThat(anna.knows(one)).as("seed %d", seed).isTrue();
            var verifier = new Verifier(now.engine(), now.journal(), now.accounts().copies());
            assertThat(verifier.verify(anna.id()).problems()).as("seed %d", seed).isEmpty();
        }
    }
}
