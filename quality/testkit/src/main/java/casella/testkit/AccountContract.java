package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Deadline;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Account.EmailEdit;
import casella.store.Accounts;
import casella.store.Body;
import casella.store.Change;
import casella.store.Debt;
import casella.store.DocumentKind;
import casella.store.Email;
import casella.store.Entry;
import casella.store.Journal;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.Role;
import casella.store.View;
import casella.store.engine.Engine;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an account does over every engine: accept, place, flag, move, end, tell what changed, and survive trouble.
public abstract class AccountContract {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    /// Returns a new, empty engine.
    protected abstract Engine engine();

    /// Returns a new, empty journal.
    protected Journal journal() {
        return new MemoryJournal();
    }

    /// Returns a new, empty vault.
    ///
    /// @param first whether it is the one that is read first
    protected Vault vault(boolean first) {
        return new MemoryVault(first ? "one" : "two");
    }

    private FaultyJournal journal;
    private TestStore store;
    private Account anna;

    @BeforeEach
    void open() {
        journal = new FaultyJournal(journal());
        store = TestStore.over(engine(), journal, vault(true), vault(false));
        anna = store.account();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static byte[] mail(String subject, String... more) {
        String headers = String.join("\r\n", more);
        String text =
                "From: bruno@virgola.example\r\nTo: anna@posta.example\r\nSubject: "
                        + subject
                        + "\r\n"
                        + (headers.isEmpty() ? "" : headers + "\r\n")
                        + "\r\nCiao Anna.\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Outcome.Kept keep(byte[] mail) {
        return (Outcome.Kept) anna.add(NewEmail.delivery(mail, NOON, "bruno@virgola.example", "anna@posta.example"));
    }

    private Mailbox inbox() {
        return mailbox("INBOX");
    }

    private Mailbox mailbox(String name) {
        return anna.read(view -> view.mailbox(name));
    }

    private <T> List<T> list(Function<View, List<T>> reading) {
        return anna.read(reading);
    }

    private boolean known(Email email) {
        return anna.read(view -> view.email(email.id()) != null);
    }

    private List<Placement> placements(MailboxId id) {
        return anna.read(view -> view.placements(id, Uid.FIRST, View.PAGE_MAX));
    }

    @Test
    void aNewAccountHasItsMailboxesWithRoles() {
        assertThat(anna.read(View::mailboxes))
                .extracting(Mailbox::name)
                .containsExactlyInAnyOrder("INBOX", "Drafts", "Sent", "Archive", "Junk", "Trash");
        assertThat(inbox().role()).isEqualTo(Role.INBOX);
        assertThat(mailbox("iNbOx")).isEqualTo(inbox());
    }

    @Test
    void creatingAnAccountTwiceChangesNothing() {
        Modseq before = anna.read(View::modseq);
        store.accounts().create(anna.id(), TestStore.MAILBOXES);
        assertThat(anna.read(View::modseq)).isEqualTo(before);
    }

    @Test
    void aDeliveredMailIsReadBackByteForByte() {
        byte[] mail = mail("Pranzo");
        Outcome.Kept kept = keep(mail);
        assertThat(anna.body(kept.email())).isInstanceOf(Body.Present.class);
        assertThat(((Body.Present) anna.body(kept.email())).bytes()).isEqualTo(mail);
        assertThat(((Body.Present) anna.body(kept.email(), 5, 12)).bytes())
                .isEqualTo(java.util.Arrays.copyOfRange(mail, 5, 12));
        assertThat(kept.placements()).hasSize(1);
        assertThat(kept.placements().getFirst().uid()).isEqualTo(Uid.FIRST);
        assertThat(kept.placements().getFirst().received()).isEqualTo(NOON);
        assertThat(inbox().count()).isEqualTo(1);
        assertThat(inbox().unseen()).isEqualTo(1);
        assertThat(inbox().bytes()).isEqualTo(mail.length);
        assertThat(anna.read(View::usedBytes)).isEqualTo(mail.length);
    }

    @Test
    void aLargeMailIsReadInRangesAcrossChunks() {
        var random = new java.util.Random(7);
        byte[] mail = new byte[1_500_000];
        random.nextBytes(mail);
        Email email = keep(mail).email();
        assertThat(((Body.Present) anna.body(email)).bytes()).isEqualTo(mail);
        for (int i = 0; i < 50; i++) {
            int from = random.nextInt(mail.length);
            int until = from + random.nextInt(mail.length - from + 100);
            assertThat(((Body.Present) anna.body(email, from, until)).bytes())
                    .isEqualTo(java.util.Arrays.copyOfRange(mail, from, Math.min(until, mail.length)));
        }
    }

    @Test
    void theSameBytesTwiceAreTwoEmails() {
        Outcome.Kept first = keep(mail("Uno"));
        Outcome.Kept second = keep(mail("Uno"));
        assertThat(first.email().id()).isLessThan(second.email().id());
        assertThat(first.email().blob()).isEqualTo(second.email().blob());
        assertThat(list(view -> view.withContent(first.email().blob())))
                .containsExactly(first.email().id(), second.email().id());
    }

    @Test
    void overQuotaIsAnAnswerAndKeepsNothing() {
        store.quota(10);
        assertThat(anna.add(NewEmail.delivery(mail("Troppo"), NOON, "", ""))).isInstanceOf(Outcome.OverQuota.class);
        assertThat(inbox().count()).isZero();
        for (Vault vault : store.accounts().copies().vaults()) {
            assertThat(vault.list(anna.id(), ObjectName.Kind.MAIL, null, 10, TIME)).isEmpty();
        }
    }

    @Test
    void answersJoinTheirThreadAndOtherSubjectsDoNot() {
        Email first = keep(mail("Gita", "Message-ID: <a@x.example>")).email();
        Email answer = keep(mail("Re: Gita", "Message-ID: <b@x.example>", "In-Reply-To: <a@x.example>")).email();
        Email later = keep(mail("R: Gita", "Message-ID: <c@x.example>", "References: <a@x.example> <b@x.example>")).email();
        Email other = keep(mail("Altro", "Message-ID: <d@x.example>", "In-Reply-To: <a@x.example>")).email();
        assertThat(answer.thread()).isEqualTo(first.thread());
        assertThat(other.thread()).isNotEqualTo(first.thread());
        assertThat(list(view -> view.thread(first.thread()))).contains(first.id(), answer.id());
        assertThat(later.thread()).isIn(first.thread(), later.thread());
    }

    @Test
    void copyMakesPlacementsAndMoveEndsTheOld() {
        Email email = keep(mail("Uno")).email();
        MailboxId archive = mailbox("Archive").id();
        MailboxId trash = mailbox("Trash").id();
        var copied = (Outcome.Placed) anna.copy(inbox().id(), List.of(Uid.FIRST, Uid.of(9)), archive);
        assertThat(copied.uids()).containsExactly(new Outcome.Moved(Uid.FIRST, Uid.FIRST));
        assertThat(anna.move(archive, List.of(Uid.FIRST), trash)).isInstanceOf(Outcome.Placed.class);
        assertThat(placements(archive)).isEmpty();
        assertThat(anna.read(view -> view.email(email.id())).places())
                .containsExactlyInAnyOrder(
                        new Email.Place(inbox().id(), Uid.FIRST), new Email.Place(trash, Uid.FIRST));
        assertThat(list(view -> view.endedSince(archive, Modseq.NONE, 10)))
                .extracting(View.Ended::uid)
                .containsExactly(Uid.FIRST);
        assertThat(anna.copy(inbox().id(), List.of(Uid.FIRST), new MailboxId(99)))
                .isInstanceOf(Outcome.NoMailbox.class);
    }

    @Test
    void keywordsChangeUnlessSomebodyWasFirst() {
        keep(mail("Uno"));
        keep(mail("Due"));
        MailboxId inbox = inbox().id();
        Modseq before = anna.read(View::modseq);
        anna.setKeywords(inbox, List.of(Uid.of(2)), new Keywords.Edit.Add(Keywords.of(Keywords.SEEN)), null);
        Outcome.Stored stored =
                anna.setKeywords(
                        inbox,
                        List.of(Uid.of(1), Uid.of(2), Uid.of(3)),
                        new Keywords.Edit.Add(Keywords.of(Keywords.FLAGGED)),
                        before);
        assertThat(stored.changed()).extracting(Placement::uid).containsExactly(Uid.of(1));
        assertThat(stored.modified()).containsExactly(Uid.of(2));
        assertThat(stored.missing()).containsExactly(Uid.of(3));
        assertThat(inbox().unseen()).isEqualTo(1);
        assertThat(list(view -> view.changedSince(inbox, before, 10)))
                .extracting(Placement::uid)
                .containsExactly(Uid.of(2), Uid.of(1));
    }

    @Test
    void expungeEndsOnlyWhatIsMarked() {
        for (int i = 0; i < 5; i++) keep(mail("Numero " + i));
        MailboxId inbox = inbox().id();
        var deleted = new Keywords.Edit.Add(Keywords.of(Keywords.DELETED));
        anna.setKeywords(inbox, List.of(Uid.of(2), Uid.of(4), Uid.of(5)), deleted, null);
        assertThat(inbox().deleted()).isEqualTo(3);
        assertThat(anna.expunge(inbox, List.of(Uid.of(1), Uid.of(2)))).containsExactly(Uid.of(2));
        assertThat(anna.expunge(inbox, null)).containsExactly(Uid.of(4), Uid.of(5));
        assertThat(anna.expunge(inbox, null)).isEmpty();
        assertThat(placements(inbox)).extracting(Placement::uid).containsExactly(Uid.of(1), Uid.of(3));
        assertThat(anna.read(View::emailCount)).isEqualTo(2);
        keep(mail("Dopo"));
        assertThat(placements(inbox)).extracting(Placement::uid)
                .containsExactly(Uid.of(1), Uid.of(3), Uid.of(6));
    }

    @Test
    void aCommandOnMoreEmailsThanOneChangeHoldsIsSeveralChanges() {
        for (int i = 0; i < 30; i++) keep(mail("Numero " + i));
        MailboxId inbox = inbox().id();
        var uids = new ArrayList<Uid>();
        for (int copy = 0; copy < 6; copy++) anna.copy(inbox, uids(inbox), inbox);
        uids.addAll(uids(inbox));
        assertThat(uids).hasSizeGreaterThan(Change.EMAILS_MAX);
        String[] words = new String[60];
        for (int i = 0; i < words.length; i++) words[i] = "una-parola-lunga-come-piace-ai-programmi-" + i;
        Outcome.Stored stored =
                anna.setKeywords(inbox, uids, new Keywords.Edit.Add(Keywords.of(words)), null);
        assertThat(stored.changed()).hasSize(uids.size());
        assertThat(anna.read(view -> view.placement(inbox, uids.getLast())).keywords().list()).hasSize(60);
    }

    private List<Uid> uids(MailboxId mailbox) {
        var all = new ArrayList<Uid>();
        Uid from = Uid.FIRST;
        while (true) {
            Uid start = from;
            List<Placement> page = anna.read(view -> view.placements(mailbox, start, 500));
            for (Placement placement : page) all.add(placement.uid());
            if (page.size() < 500) return all;
            from = Uid.of(page.getLast().uid().value() + 1);
        }
    }

    @Test
    void mailboxesAreMadeWithTheirParentsAndRenamedWithTheirChildren() {
        var made = (Outcome.MailboxMade) anna.createMailbox("Lavoro/Clienti/Rossi", null);
        assertThat(mailbox("Lavoro/Clienti")).isNotNull();
        assertThat(anna.createMailbox("Lavoro/Clienti/Rossi", null)).isInstanceOf(Outcome.NameTaken.class);
        assertThat(anna.createMailbox("a//b", null)).isInstanceOf(Outcome.NameRefused.class);
        MailboxId lavoro = mailbox("Lavoro").id();
        assertThat(anna.deleteMailbox(lavoro, true)).isInstanceOf(Outcome.HasChildren.class);
        assertThat(anna.renameMailbox(lavoro, "Lavoro/Sotto")).isInstanceOf(Outcome.NameRefused.class);
        anna.renameMailbox(lavoro, "Vecchi/Lavori");
        Mailbox rossi = anna.read(view -> view.mailbox(made.mailbox().id()));
        assertThat(rossi.name()).isEqualTo("Vecchi/Lavori/Clienti/Rossi");
        assertThat(rossi.uidValidity()).isEqualTo(made.mailbox().uidValidity());
        assertThat(mailbox("Lavoro")).isNull();
    }

    @Test
    void aMailboxMadeAgainHasAHigherUidValidity() {
        var first = (Outcome.MailboxMade) anna.createMailbox("Temp", null);
        assertThat(anna.deleteMailbox(first.mailbox().id(), false)).isInstanceOf(Outcome.MailboxGone.class);
        var second = (Outcome.MailboxMade) anna.createMailbox("Temp", null);
        assertThat(second.mailbox().uidValidity()).isGreaterThan(first.mailbox().uidValidity());
        assertThat(second.mailbox().id()).isNotEqualTo(first.mailbox().id());
    }

    @Test
    void aMailboxWithEmailsGoesOnlyWhenAskedTo() {
        MailboxId temp = ((Outcome.MailboxMade) anna.createMailbox("Temp", null)).mailbox().id();
        Email email = keep(mail("Uno")).email();
        anna.move(inbox().id(), List.of(Uid.FIRST), temp);
        assertThat(anna.deleteMailbox(temp, false)).isInstanceOf(Outcome.HasEmails.class);
        assertThat(anna.deleteMailbox(temp, true)).isInstanceOf(Outcome.MailboxGone.class);
        assertThat(known(email)).isFalse();
        assertThat(anna.deleteMailbox(inbox().id(), true)).isInstanceOf(Outcome.NameRefused.class);
    }

    @Test
    void renamingInboxMovesItsEmailsAndLeavesItEmpty() {
        keep(mail("Uno"));
        keep(mail("Due"));
        var renamed = (Outcome.MailboxMade) anna.renameMailbox(inbox().id(), "Prima");
        assertThat(renamed.mailbox().count()).isEqualTo(2);
        assertThat(inbox().count()).isZero();
    }

    @Test
    void anEmailIsEditedInAllItsMailboxesAtOnce() {
        Email email = keep(mail("Uno")).email();
        MailboxId archive = mailbox("Archive").id();
        MailboxId inbox = inbox().id();
        var seen = new Keywords.Edit.Add(Keywords.of(Keywords.SEEN));
        anna.editEmail(email.id(), new EmailEdit(List.of(archive), List.of(), seen));
        assertThat(placements(archive).getFirst().keywords().has(Keywords.SEEN)).isTrue();
        assertThat(placements(inbox).getFirst().keywords().has(Keywords.SEEN)).isTrue();
        assertThat(anna.editEmail(email.id(), new EmailEdit(List.of(), List.of(archive, inbox), seen)))
                .isInstanceOf(Outcome.PlacesRefused.class);
        anna.editEmail(email.id(), new EmailEdit(List.of(), List.of(inbox), seen));
        assertThat(inbox().count()).isZero();
        assertThat(anna.destroyEmail(email.id())).isTrue();
        assertThat(anna.destroyEmail(email.id())).isFalse();
        assertThat(anna.read(View::usedBytes)).isZero();
    }

    @Test
    void changesSayWhatWasCreatedUpdatedAndEndedSince() {
        Email before = keep(mail("Prima", "Message-ID: <p@x.example>")).email();
        Email ended = keep(mail("Finita")).email();
        Modseq since = anna.read(View::modseq);
        Email created = keep(mail("Dopo")).email();
        Email brief = keep(mail("Breve")).email();
        anna.editEmail(
                before.id(),
                new EmailEdit(List.of(), List.of(), new Keywords.Edit.Add(Keywords.of(Keywords.FLAGGED))));
        anna.destroyEmail(ended.id());
        anna.destroyEmail(brief.id());
        var changes = anna.read(view -> view.emailChanges(since, 100));
        assertThat(changes.created()).containsExactly(created.id());
        assertThat(changes.updated()).containsExactly(before.id());
        assertThat(changes.ended()).containsExactly(ended.id());
        assertThat(changes.until()).isEqualTo(anna.read(View::modseq));
        assertThat(anna.read(view -> view.mailboxChanges(since, 100)).updated()).contains(inbox().id());
        assertThat(anna.read(view -> view.threadChanges(since, 100)).created())
                .containsExactly(created.thread());
    }

    @Test
    void changesComeInPagesThatLeadToTheSameEnd() {
        var expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) expected.add(keep(mail("Numero " + i)).email().id());
        var seen = new ArrayList<>();
        Modseq since = Modseq.NONE;
        while (true) {
            Modseq from = since;
            var page = anna.read(view -> view.emailChanges(from, 4));
            seen.addAll(page.created());
            since = page.until();
            if (!page.more()) break;
        }
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void newestFirstPagesByReceiptMissNothing() {
        for (int i = 0; i < 23; i++) {
            anna.add(NewEmail.delivery(mail("Numero " + i), NOON.plusSeconds(i % 7), "", ""));
        }
        MailboxId inbox = inbox().id();
        var seen = new ArrayList<View.ByReceived>();
        View.ByReceived last = null;
        while (true) {
            View.ByReceived after = last;
            var page = anna.read(view -> view.byReceived(inbox, true, after, 5));
            seen.addAll(page);
            if (page.size() < 5) break;
            last = page.getLast();
        }
        assertThat(seen).hasSize(23).doesNotHaveDuplicates();
        assertThat(seen)
                .isSortedAccordingTo((a, b) -> Long.compare(b.unixMillis(), a.unixMillis()));
    }

    @Test
    void documentsAreKeptReplacedAndRemoved() {
        anna.putDocument(DocumentKind.IDENTITY, "1", new byte[] {1});
        Modseq since = anna.read(View::modseq);
        anna.putDocument(DocumentKind.IDENTITY, "1", new byte[] {2});
        anna.putDocument(DocumentKind.IDENTITY, "2", new byte[] {3});
        byte[] content = anna.read(view -> view.document(DocumentKind.IDENTITY, "1"));
        assertThat(content).containsExactly(2);
        Map<String, byte[]> documents = anna.read(view -> view.documents(DocumentKind.IDENTITY));
        assertThat(documents).hasSize(2);
        assertThat(anna.endDocument(DocumentKind.IDENTITY, "1")).isTrue();
        assertThat(anna.endDocument(DocumentKind.IDENTITY, "1")).isFalse();
        var changes = anna.read(view -> view.documentChanges(DocumentKind.IDENTITY, since, 10));
        assertThat(changes.ended()).containsExactly("1");
        assertThat(changes.created()).containsExactly("2");
    }

    @Test
    void theJournalIsAChain() {
        for (int i = 0; i < 5; i++) keep(mail("Numero " + i));
        var previous = Change.NO_PREVIOUS;
        long modseq = 0;
        for (byte[] encoded : journal.entries(anna.id(), new Modseq(1), 100, TIME)) {
            Entry entry = Entry.decode(encoded);
            assertThat(entry.change().previous()).isEqualTo(previous);
            assertThat(entry.change().modseq().value()).isEqualTo(++modseq);
            previous = entry.hash();
        }
        assertThat(anna.read(View::headHash)).isEqualTo(previous);
        assertThat(modseq).isEqualTo(anna.read(View::modseq).value());
    }

    @Test
    void aVaultThatIsAwayCostsDebtAndNothingElse() {
        store.firstVault().all(Trouble.unavailable());
        byte[] mail = mail("Senza il primo");
        Email email = keep(mail).email();
        assertThat(((Body.Present) anna.body(email)).bytes()).isEqualTo(mail);
        assertThat(store.accounts().copies().debt().figures().objects()).isEqualTo(1);
        assertThat(store.accounts().copies().debt().figures().accounts()).isEqualTo(1);
    }

    @Test
    void aCopyFoundMissingIsOwedWithItsLength() {
        Email email = keep(mail("Una copia")).email();
        store.firstVault().reads(Trouble.missing());

        anna.body(email);
        anna.body(email);

        Debt.Figures debt = store.accounts().copies().debt().figures();
        assertThat(debt.objects()).isEqualTo(1);
        assertThat(debt.bytes()).isPositive();
    }

    @Test
    void aVaultThatDidNotAnswerIsReadLastForAWhile() {
        byte[] mail = mail("Due volte");
        Email email = keep(mail).email();
        store.firstVault().reads(Trouble.unavailable(), 1);
        assertThat(((Body.Present) anna.body(email)).bytes()).isEqualTo(mail);
        // Asked now, it would be caught lying, which is debt.
        store.firstVault().reads(Trouble.missing());
        assertThat(((Body.Present) anna.body(email)).bytes()).isEqualTo(mail);
        assertThat(store.accounts().copies().debt().figures().objects()).isZero();
    }

    @Test
    void withEveryVaultAwayNothingIsAcceptedAndListsGoOn() {
        keep(mail("Prima"));
        store.firstVault().all(Trouble.unavailable());
        store.secondVault().all(Trouble.unavailable());
        assertThatThrownBy(() -> keep(mail("Dopo"))).isInstanceOf(Fault.Unavailable.class);
        assertThat(placements(inbox().id())).hasSize(1);
        assertThat(anna.body(anna.read(view -> view.email(placements(inbox().id()).getFirst().email()))))
                .isInstanceOf(Body.Unavailable.class);
    }

    @Test
    void aChangeOfUnknownOutcomeIsSettledBeforeTheNext() {
        journal.failing(true);
        assertThatThrownBy(() -> keep(mail("Incerta"))).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> keep(mail("Anche"))).isInstanceOf(Fault.Unavailable.class);
        journal.failing(false);
        keep(mail("Certa"));
        theJournalIsWhole();
    }

    private void theJournalIsWhole() {
        var newest = Objects.requireNonNull(journal.newest().get(anna.id()));
        assertThat(newest.modseq()).isEqualTo(anna.read(View::modseq));
        assertThat(newest.hash()).isEqualTo(anna.read(View::headHash));
    }

    @Test
    void manyWritersToOneAccountLoseNothing() throws Exception {
        long writers = 8;
        int each = 15;
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ArrayList<Future<?>>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                done.add(
                        pool.submit(
                                () -> {
                                    for (int i = 0; i < each; i++) keep(mail("Da " + writer + " numero " + i));
                                }));
            }
            for (Future<?> future : done) future.get();
        }
        assertThat(uids(inbox().id())).hasSize((int) (writers * each)).doesNotHaveDuplicates();
        assertThat(inbox().uidNext()).isEqualTo(1L + writers * each);
        theJournalIsWhole();
    }

    @Test
    void anEngineThatLostItsNewestChangesGetsThemFromTheJournal() {
        keep(mail("Prima"));
        keep(mail("Dopo"));
        Modseq modseq = anna.read(View::modseq);
        var placements = placements(inbox().id());
        try (TestStore fresh = TestStore.over(engine(), journal)) {
            assertThat(fresh.accounts().recover()).isEmpty();
            Account again = fresh.accounts().open(anna.id());
            assertThat(again.read(View::modseq)).isEqualTo(modseq);
            List<Placement> found =
                    again.read(view -> view.placements(placements.getFirst().mailbox(), Uid.FIRST, 10));
            assertThat(found).isEqualTo(placements);
        }
    }

    @Test
    void aJournalThatLostItsNewestChangesGetsThemFromTheEngine() {
        keep(mail("Prima"));
        Journal shorter = journal();
        for (byte[] entry : journal.entries(anna.id(), new Modseq(1), 1, TIME)) {
            shorter.append(anna.id(), new Modseq(1), entry).await(Deadline.in(TIME));
        }
        try (TestStore again = TestStore.over(store.engine(), shorter)) {
            assertThat(again.accounts().recover()).isEmpty();
            var newest = Objects.requireNonNull(shorter.newest().get(anna.id()));
            assertThat(newest.modseq()).isEqualTo(anna.read(View::modseq));
        }
    }

    @Test
    void anEngineWithAnotherHistoryIsNamedAndStaysAsItIs() {
        keep(mail("Prima"));
        Journal other = journal();
        try (TestStore elsewhere = TestStore.over(engine(), other)) {
            elsewhere.accounts().create(anna.id(), TestStore.MAILBOXES);
            elsewhere.accounts().open(anna.id()).createMailbox("Altrove", null);
        }
        try (TestStore mixed = TestStore.over(store.engine(), other)) {
            assertThat(mixed.accounts().recover()).containsExactly(anna.id());
        }
    }

    @Test
    void anUnknownAccountIsUnavailableAndNeverMadeInPassing() {
        Accounts accounts = store.accounts();
        Account nobody = accounts.open(casella.base.AccountId.random());
        assertThatThrownBy(() -> nobody.read(View::modseq)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> nobody.createMailbox("X", null)).isInstanceOf(Fault.Unavailable.class);
        assertThat(accounts.exists(nobody.id())).isFalse();
    }
}
