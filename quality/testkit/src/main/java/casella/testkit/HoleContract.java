package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.Uid;
import casella.message.Summary;
import casella.store.Account;
import casella.store.FaceRows;
import casella.store.Hole;
import casella.store.Holes;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.View;
import casella.store.archive.Verifier;
import casella.store.engine.Engine;
import casella.store.vault.ObjectName;
import casella.store.vault.Receipt;
import casella.store.vault.StoredObject;
import casella.store.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that engine and tail lost together cost no mail and no identifier, over every engine: what the archive does not
/// have is filed from the vaults once, numbers go on beyond a gap, and clients from before it are told everything.
public abstract class HoleContract {
    /// Returns a new, empty engine.
    protected abstract Engine engine();

    private static final Duration TIME = Duration.ofSeconds(10);

    private TestStore store;
    private Account anna;

    @BeforeEach
    void open() {
        store = TestStore.over(engine());
        anna = store.account();
    }

    @AfterEach
    void close() {
        store.close();
    }

    /// Everything but the vaults is lost.
    private TestStore lose() {
        return lose(store.firstVault(), store.secondVault());
    }

    private TestStore lose(Vault first, Vault second) {
        return TestStore.over(engine(), MemoryJournal.afterLoss(), first, second);
    }

    private static NewEmail mail(String text) {
        String mail = "Subject: " + text + "\r\nMessage-ID: <" + text.replace(' ', '.')
                + "@test.example>\r\n\r\n" + text;
        return NewEmail.delivery(mail.getBytes(StandardCharsets.US_ASCII), Instant.now(), "b@v.example",
                "a@p.example");
    }

    private static ArrivalId deliver(Account account, String text) {
        return ((Outcome.Kept) account.add(mail(text))).email().id();
    }

    private static Mailbox inbox(Account account) {
        return Objects.requireNonNull(account.read(view -> view.mailbox(Mailbox.INBOX)));
    }

    private static List<Placement> placements(Account account, MailboxId mailbox) {
        return account.read(view -> view.placements(mailbox, Uid.FIRST, View.PAGE_MAX));
    }

    private static List<ArrivalId> emails(Account account) {
        return account.read(view -> view.emails(null, View.PAGE_MAX));
    }

    private void wellVerified(TestStore opened) {
        assertThat(opened.archiver().archive(anna.id())).isTrue();
        var verifier = new Verifier(opened.engine(), opened.journal(), opened.accounts().copies());
        assertThat(verifier.verify(anna.id()).problems()).isEmpty();
    }

    private List<FaceRows.Folder> face() {
        return anna.read(View::mailboxes).stream()
                .map(mailbox -> new FaceRows.Folder(
                        mailbox.id(), mailbox.name(), mailbox.uidValidity(), mailbox.role(),
                        mailbox.subscribed(), mailbox.sortOrder()))
                .toList();
    }

    @Test
    void anAccountYoungerThanItsFirstSegmentIsFoundedAgainFromItsFace() {
        MailboxId work = ((Outcome.MailboxMade) anna.createMailbox("Lavoro", null)).mailbox().id();
        List<FaceRows.Folder> face = face();
        ArrivalId one = deliver(anna, "prima");
        byte[] content = "Subject: filed\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var filed = new NewEmail(
                content, () -> Summary.of(content), Instant.parse("2020-02-02T02:02:02Z"), "", "",
                        List.of(work),
                Keywords.of(List.of("$progetto")));
        ArrivalId two = ((Outcome.Kept) anna.add(filed)).email().id();
        Mailbox before = inbox(anna);

        try (TestStore again = lose().face(anna.id(), face)) {
            Account same = again.accounts().open(anna.id());
            assertThat(same.read(View::mailboxes)).extracting(Mailbox::name)
                    .containsExactlyInAnyOrderElementsOf(face.stream().map(FaceRows.Folder::name).toList());
            assertThat(emails(same)).containsExactly(one, two);
            Mailbox after = inbox(same);
            assertThat(after.uidValidity()).isGreaterThan(before.uidValidity() + Hole.MAILBOX_GAP - 1);
            assertThat(after.id()).isEqualTo(before.id());
            assertThat(after.uidNext()).isGreaterThan(Hole.UID_GAP);
            assertThat(placements(same, work)).singleElement().satisfies(placement -> {
                assertThat(placement.email()).isEqualTo(two);
                assertThat(placement.keywords().list()).containsExactly("$progetto");
            });
            assertThat(Objects.requireNonNull(same.read(view -> view.email(two))).received())
                    .isEqualTo(Instant.parse("2020-02-02T02:02:02Z"));
            assertThat(same.read(View::floor).value()).isGreaterThan(Hole.MODSEQ_GAP);
            wellVerified(again);
            deliver(same, "dopo");
            Modseq now = same.read(View::modseq);
            again.archiver().archive(anna.id());
            try (TestStore later = TestStore.over(
                    engine(), new MemoryJournal(), store.firstVault(), store.secondVault())) {
                assertThat(later.accounts().open(anna.id()).read(View::modseq)).isEqualTo(now);
            }
        }
    }

    @Test
    void aFoundingThatBreaksOffStillFilesMailsOfDaysBefore() {
        var clock = new SteppedClock();
        clock.jump(Duration.between(clock.now(), Instant.now()).minus(Hole.HORIZON.multipliedBy(2)));
        TestStore old = TestStore.at(
                clock, engine(), new MemoryJournal(), new MemoryVault("one"), new MemoryVault("two"));
        anna = old.account();
        ArrivalId one = deliver(anna, "di due giorni fa");
        List<FaceRows.Folder> face = face();
        var first = new NoMail(old.firstVault());
        var second = new NoMail(old.secondVault());

        try (TestStore again = lose(first, second).face(anna.id(), face)) {
            Account same = again.accounts().open(anna.id());
            assertThatThrownBy(() -> emails(same)).isInstanceOf(Fault.Unavailable.class);
            assertThat(old.firstVault().list(anna.id(), ObjectName.Kind.SEGMENT, null, 10, TIME))
                    .as("the founding is durable").isNotEmpty();
            first.mute = false;
            second.mute = false;
            assertThat(emails(same)).containsExactly(one);
            wellVerified(again);
        } finally {
            old.close();
        }
    }

    /// A vault that lists its mails and does not hand them out.
    private static final class NoMail extends LentVault {
        volatile boolean mute = true;

        NoMail(Vault inner) {
            super(inner);
        }

        @Override
        public byte @Nullable [] get(ObjectName name, long from, int length, Duration time) {
            if (mute && name.kind() == ObjectName.Kind.MAIL) {
                throw new Fault.Unavailable("Away by command of a test", Map.of());
            }
            return super.get(name, from, length, time);
        }
    }

    @Test
    void aYoungAccountWaitsForAVaultThatIsAway() {
        ArrivalId one = deliver(anna, "prima");
        List<FaceRows.Folder> face = face();

        try (TestStore again = lose().face(anna.id(), face)) {
            again.secondVault().all(Trouble.unavailable());
            Account same = again.accounts().open(anna.id());
            assertThatThrownBy(() -> emails(same)).isInstanceOf(Fault.Unavailable.class);
            again.secondVault().heal();
            assertThat(emails(same)).containsExactly(one);
        }
    }

    @Test
    void mailOfAYoungAccountWithoutAFaceIsThere() {
        ArrivalId one = deliver(anna, "prima");

        try (TestStore again = lose().unused(anna.id())) {
            Account same = again.accounts().open(anna.id());
            ArrivalId two = deliver(same, "seconda");
            assertThat(emails(same)).containsExactly(one, two);
            wellVerified(again);
        }
    }

    @Test
    void noAccountIsFoundedOverAJournalThatNobodyDoubtsOrOverEmptyVaults() {
        deliver(anna, "prima");
        List<FaceRows.Folder> face = face();

        try (TestStore again = TestStore.over(
                engine(), new MemoryJournal(), store.firstVault(), store.secondVault())
                .face(anna.id(), face)) {
            assertThatThrownBy(() -> emails(again.accounts().open(anna.id())))
                    .isInstanceOf(Fault.Unavailable.class);
        }
        try (TestStore again = TestStore.over(engine(), MemoryJournal.afterLoss()).face(anna.id(), face)) {
            assertThatThrownBy(() -> emails(again.accounts().open(anna.id())))
                    .isInstanceOf(Fault.Unavailable.class);
        }
    }

    @Test
    void whatTheArchiveLacksIsFiledFromTheVaultsOnce() {
        ArrivalId kept = deliver(anna, "archiviata");
        store.archiver().archive(anna.id());
        Mailbox before = inbox(anna);
        Modseq modseq = anna.read(View::modseq);
        ArrivalId one = deliver(anna, "prima");
        ArrivalId two = deliver(anna, "seconda");

        try (TestStore again = lose()) {
            Account same = again.accounts().open(anna.id());
            assertThat(emails(same)).containsExactly(kept, one, two);
            Mailbox after = inbox(same);
            assertThat(after.uidValidity()).isEqualTo(before.uidValidity());
            assertThat(placements(same, after.id())).extracting(placement -> placement.uid().value())
                    .containsExactly(
                            1L, before.uidNext() + Hole.UID_GAP, before.uidNext() + Hole.UID_GAP + 1);
            assertThat(same.read(View::floor).value()).isEqualTo(modseq.value() + Hole.MODSEQ_GAP);
            assertThat(same.read(View::epoch)).isGreaterThan(anna.read(View::epoch));
            wellVerified(again);
        }
    }

    @Test
    void aMailIsFiledWhereItsReceiptSaysWithItsFlags() {
        store.archiver().archive(anna.id());
        Mailbox sent = Objects.requireNonNull(anna.read(view -> view.mailbox("Sent")));
        NewEmail plain = mail("bozza");
        var flagged = new NewEmail(
                plain.content(), plain.summary(), plain.received(), "", "", List.of(sent.id()),
                        Keywords.of(List.of("\\Seen", "$lavoro")));
        assertThat(anna.add(flagged)).isInstanceOf(Outcome.Kept.class);
        // Of a mailbox that is itself lost: INBOX takes it.
        var made = (Outcome.MailboxMade) anna.createMailbox("Nuova", null);
        NewEmail other = mail("altrove");
        anna.add(new NewEmail(other.content(), other.summary(), other.received(), "", "",
                List.of(made.mailbox().id()), Keywords.NONE));

        try (TestStore again = lose()) {
            Account same = again.accounts().open(anna.id());
            List<Placement> there = placements(same, sent.id());
            assertThat(there).singleElement().satisfies(one ->
                    assertThat(one.keywords()).isEqualTo(flagged.keywords()));
            assertThat(placements(same, inbox(same).id())).hasSize(1);
            // and the lost mailbox's number names no other
            var next = (Outcome.MailboxMade) same.createMailbox("Altra", null);
            assertThat(next.mailbox().id().number()).isGreaterThan(made.mailbox().id().number());
            assertThat(next.mailbox().uidValidity()).isGreaterThan(made.mailbox().uidValidity());
            wellVerified(again);
        }
    }

    @Test
    void whatEndedInTheArchiveNeverComesBackAndWhatEndedAfterItMay() {
        ArrivalId ended = deliver(anna, "finita");
        ArrivalId stays = deliver(anna, "resta");
        assertThat(anna.destroyEmail(ended)).isTrue();
        store.archiver().archive(anna.id());
        ArrivalId late = deliver(anna, "tardi");
        assertThat(anna.destroyEmail(late)).isTrue();
        assertThat(anna.destroyEmail(stays)).isTrue();

        try (TestStore again = lose()) {
            Account same = again.accounts().open(anna.id());
            assertThat(emails(same)).containsExactly(stays, late);
            assertThat(same.knows(ended)).isTrue();
            wellVerified(again);
        }
    }

    /// What §6 of the design calls a possible duplicate: no lost change need have brought it.
    @Test
    void anAccountCountsItsHolesAndItsPossibleDuplicates() {
        ArrivalId early = store.accounts().nextArrival();
        deliver(anna, "archiviata");
        store.archiver().archive(anna.id());
        byte[] content = mail("incerta").content();
        ObjectName name = ObjectName.mail(anna.id(), early, Sha256.of(content));
        var receipt = new Receipt(early, Instant.now(), "b@v.example", "a@p.example", null, List.of());
        store.accounts().copies().put(name, StoredObject.encode(name, receipt.encode(), content));
        // In the millisecond of the newest change nobody knows which of the two was first: that counts as doubtful, too.
        long newest = System.currentTimeMillis();
        while (System.currentTimeMillis() == newest) Thread.onSpinWait();
        deliver(anna, "sicura");

        TestStore last = store;
        for (int holes = 1; holes <= 2; holes++) {
            last = lose(last.firstVault(), last.secondVault());
            assertThat(emails(last.accounts().open(anna.id()))).hasSize(3).contains(early);
            counted(last, holes);
            assertThat(last.accounts().copies().holes().figures().opened()).isEqualTo(1);
            assertThat(last.accounts().copies().holes().figures().possibleDuplicates()).isEqualTo(2 - holes);
        }
        // and where the engine alone is lost they are read in the journal
        Vault one = last.firstVault();
        try (TestStore again = TestStore.over(engine(), last.journal(), one, last.secondVault())) {
            assertThat(emails(again.accounts().open(anna.id()))).hasSize(3);
            counted(again, 2);
            assertThat(again.accounts().copies().holes().figures()).isEqualTo(Holes.Figures.NONE);
        }
    }

    private void counted(TestStore opened, int holes) {
        assertThat(opened.archiver().archive(anna.id())).isTrue();
        var verifier = new Verifier(opened.engine(), opened.journal(), opened.accounts().copies());
        Verifier.Verdict verdict = verifier.verify(anna.id());
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.holes()).isEqualTo(new Hole.Counts(holes, 1));
    }

    @Test
    void aSecondLossAtOnceGivesNoNumberTwice() {
        deliver(anna, "archiviata");
        store.archiver().archive(anna.id());
        var given = new TreeMap<Long, ArrivalId>();
        TestStore last = store;
        Account account = anna;
        long modseq = 0;
        for (int round = 0; round < 4; round++) {
            deliver(account, "giro " + round);
            for (Placement one : placements(account, inbox(account).id())) {
                ArrivalId before = given.putIfAbsent(one.uid().value(), one.email());
                if (before != null) assertThat(one.email()).isEqualTo(before);
            }
            long now = account.read(View::modseq).value();
            assertThat(now).isGreaterThan(modseq);
            modseq = now;
            TestStore next = lose(last.firstVault(), last.secondVault());
            account = next.accounts().open(anna.id());
            assertThat(emails(account)).hasSize(round + 2);
            last = next;
        }
        wellVerified(last);
    }

    @Test
    void withoutDoubtThereIsNoGap() {
        deliver(anna, "archiviata");
        store.archiver().archive(anna.id());
        Mailbox before = inbox(anna);
        Vault one = store.firstVault();
        Vault two = store.secondVault();
        try (TestStore again = TestStore.over(engine(), new MemoryJournal(), one, two)) {
            assertThat(inbox(again.accounts().open(anna.id()))).isEqualTo(before);
        }
        // and a view that is there is completed into a new tail, not doubted
        try (TestStore again = TestStore.over(store.engine(), MemoryJournal.afterLoss(), one, two)) {
            assertThat(inbox(again.accounts().open(anna.id()))).isEqualTo(before);
        }
    }

    @Test
    void aVaultThatDoesNotSayWhatItHasHoldsTheOpeningUp() {
        store.archiver().archive(anna.id());
        deliver(anna, "sola");
        try (TestStore again = lose()) {
            again.secondVault().reads(Trouble.unavailable());
            Account same = again.accounts().open(anna.id());
            assertThatThrownBy(() -> same.read(View::modseq)).isInstanceOf(Fault.Unavailable.class);
            again.secondVault().heal();
            assertThat(emails(same)).hasSize(1);
        }
    }

    @Test
    void anOpeningThatBreaksOffIsBegunAgainAndJumpsOnce() {
        store.archiver().archive(anna.id());
        deliver(anna, "prima");
        Modseq modseq = anna.read(View::modseq);
        for (int fail = 1; fail <= 4; fail++) {
            try (TestStore again = lose()) {
                Account same = again.accounts().open(anna.id());
                again.engine().writes(fail % 2 == 0 ? Trouble.unavailable() : Trouble.unknownOutcome(), 1);
                for (int i = 0; i < fail; i++) {
                    try {
                        var _ = same.read(View::modseq);
                    } catch (Fault.Unavailable e) {
                        assertThat(e).isNotNull();
                    }
                }
                assertThat(emails(same)).hasSize(1);
                long expected = modseq.value() + fail * Hole.MODSEQ_GAP;
                assertThat(same.read(View::modseq).value()).isEqualTo(expected);
            }
        }
    }

    @Test
    void afterAHoleEveryPlacementCountsAsChangedByIt() {
        deliver(anna, "archiviata");
        store.archiver().archive(anna.id());
        Modseq seen = anna.read(View::modseq);
        try (TestStore again = lose()) {
            Account same = again.accounts().open(anna.id());
            Mailbox inbox = inbox(same);
            assertThat(placements(same, inbox.id())).allSatisfy(one ->
                    assertThat(one.modseq()).isEqualTo(same.read(View::floor)));
            var stored = same.setKeywords(
                    inbox.id(), List.of(Uid.FIRST), new Keywords.Edit.Add(Keywords.of(List.of("\\Seen"))),
                            seen);
            assertThat(stored.modified()).containsExactly(Uid.FIRST);
            assertThat(inbox.modseq()).isEqualTo(same.read(View::floor));
        }
    }

    /// A model that knows of each mail only whether it was acknowledged and what the archive must know.
    @Test
    void engineAndTailLostAtRandomPointsLoseNoMail() {
        for (long seed = 1; seed <= 10; seed++) {
            var dice = new Random(seed);
            var use = new RandomUse(seed);
            TestStore now = TestStore.over(engine());
            var stores = new ArrayList<TestStore>(List.of(now));
            Account account = now.account();
            Set<ArrivalId> archivedAsEnded = new HashSet<>();
            var uids = new TreeMap<String, ArrivalId>();
            for (int round = 0; round < 5; round++) {
                use.use(account, 20 + dice.nextInt(20));
                now.archiver().archive(account.id());
                if (dice.nextInt(3) == 0) now.archiver().checkpoint(account.id());
                for (ArrivalId one : use.delivered()) {
                    if (account.read(view -> view.email(one)) == null) archivedAsEnded.add(one);
                }
                use.use(account, dice.nextInt(30));
                Set<ArrivalId> live = new HashSet<>(emails(account));
                remember(account, uids, seed);
                Modseq modseq = account.read(View::modseq);
                Map<MailboxId, Long> validities = validities(account);

                now = lose(now.firstVault(), now.secondVault());
                stores.add(now);
                account = now.accounts().open(account.id());
                Set<ArrivalId> after = new HashSet<>(emails(account));
                assertThat(after).as("seed %d: every mail is there", seed).containsAll(live);
                assertThat(archivedAsEnded).as("seed %d: what ended stays so", seed)
                        .noneMatch(after::contains);
                assertThat(account.read(View::modseq).value()).isGreaterThan(modseq.value());
                validities(account).forEach((id, validity) -> {
                    if (validities.containsKey(id)) assertThat(validity).isEqualTo(validities.get(id));
                });
                remember(account, uids, seed);
                var verifier = new Verifier(now.engine(), now.journal(), now.accounts().copies());
                assertThat(verifier.verify(account.id()).problems()).as("seed %d", seed).isEmpty();
            }
            stores.forEach(TestStore::close);
        }
    }

    private static Map<MailboxId, Long> validities(Account account) {
        var all = new HashMap<MailboxId, Long>();
        for (Mailbox mailbox : account.read(View::mailboxes)) all.put(mailbox.id(), mailbox.uidValidity());
        return all;
    }

    /// A UID of a mailbox names one email for ever.
    private static void remember(Account account, Map<String, ArrivalId> uids, long seed) {
        for (Mailbox mailbox : account.read(View::mailboxes)) {
            for (Placement one : placements(account, mailbox.id())) {
                String name = mailbox.id() + "/" + mailbox.uidValidity() + "/" + one.uid();
                ArrivalId before = uids.putIfAbsent(name, one.email());
                if (before != null) assertThat(one.email()).as("seed %d %s", seed, name).isEqualTo(before);
            }
        }
    }
}
