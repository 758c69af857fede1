package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Body;
import casella.store.Changes;
import casella.store.Email;
import casella.store.EndedEmail;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.View;
import casella.store.archive.Verifier;
import casella.store.deletion.Restore;
import casella.store.engine.Engine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves over every engine that what ended can be had back: emails, a folder, an account as of a moment,
/// byte for byte, by ordinary new changes.
public abstract class RestoreContract {
    /// Returns a new, empty engine.
    protected abstract Engine engine();

    private final SteppedClock clock = new SteppedClock();
    private TestStore store;
    private Account anna;
    private MailboxId inbox;
    private Restore restore;

    @BeforeEach
    void open() {
        store = TestStore.at(clock, engine(), new MemoryJournal(), new MemoryVault("one"),
                new MemoryVault("two"));
        anna = store.account();
        inbox = mailbox("INBOX").id();
        restore = new Restore(store.accounts(), store.journal());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Mailbox mailbox(String name) {
        return Objects.requireNonNull(anna.read(view -> view.mailbox(name)));
    }

    private Email deliver(String text, String... keywords) {
        clock.step(Duration.ofSeconds(1));
        byte[] content = ("Subject: " + text + "\r\n\r\n" + text
                + "\r\n").getBytes(StandardCharsets.US_ASCII);
        var kept = (Outcome.Kept) anna.add(NewEmail.delivery(content, clock.now(), "b@v.example",
                "a@p.example"));
        if (keywords.length > 0) {
            anna.setKeywords(inbox, List.of(kept.placements().getFirst().uid()),
                    new Keywords.Edit.Add(Keywords.of(keywords)), null);
        }
        return kept.email();
    }

    private Instant later(Duration time) {
        clock.step(time);
        Instant now = clock.now();
        clock.step(Duration.ofSeconds(1));
        return now;
    }

    private List<Placement> placements(String folder) {
        return anna.read(view -> view.placements(
                Objects.requireNonNull(view.mailbox(folder)).id(), Uid.FIRST, View.PAGE_MAX));
    }

    private void archive() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
    }

    private void theAccountIsRight() {
        archive();
        var verifier = new Verifier(store.engine(), store.journal(), store.accounts().copies());
        assertThat(verifier.verify(anna.id()).problems()).isEmpty();
    }

    @Test
    void anExpungedEmailComesBackUnderItsIdWithItsKeywordsAndANewUid() {
        Email email = deliver("uno", "$flagged");
        Uid before = placements("INBOX").getFirst().uid();
        Modseq known = anna.read(View::modseq);
        anna.setKeywords(inbox, List.of(before), new Keywords.Edit.Add(Keywords.of("\\Deleted")), null);
        anna.expunge(inbox, null);
        Modseq ended = anna.read(View::modseq);
        assertThat(anna.read(View::recoverableBytes)).isEqualTo(email.size());
        assertThat(anna.read(View::usedBytes)).isZero();
        assertThat(restore.list(anna.id(), 10))
                .extracting(one -> Objects.requireNonNull(one.summary()).envelope().subject())
                .containsExactly("uno");

        Restore.Report report = restore.restore(anna.id(), new Restore.What.Emails(List.of(email.id()),
                null));

        assertThat(report).isEqualTo(new Restore.Report(1, 1, 0, 0, List.of()));
        Placement again = placements("INBOX").getFirst();
        assertThat(again.email()).isEqualTo(email.id());
        assertThat(again.uid()).isGreaterThan(before);
        assertThat(again.keywords()).isEqualTo(Keywords.of("$flagged"));
        assertThat(anna.body(email)).isInstanceOf(Body.Present.class);
        assertThat(anna.read(View::recoverableBytes)).isZero();
        assertThat(anna.read(View::usedBytes)).isEqualTo(email.size());
        List<ArrivalId> thread = anna.read(view -> view.thread(email.thread()));
        assertThat(thread).containsExactly(email.id());
        // Who saw it end sees it made; who did not sees nothing ended.
        Changes<ArrivalId> since = anna.read(view -> view.emailChanges(ended, 100));
        assertThat(since.created()).containsExactly(email.id());
        Changes<ArrivalId> all = anna.read(view -> view.emailChanges(known, 100));
        assertThat(all.ended()).isEmpty();
        // A second time there is nothing to do.
        assertThat(restore.restore(anna.id(), new Restore.What.Emails(List.of(email.id()), null)))
                .isEqualTo(new Restore.Report(0, 0, 0, 1, List.of()));
        theAccountIsRight();
    }

    @Test
    void aFolderThatWasDeletedComesBackAsANewFolderWithWhatWasInIt() {
        anna.createMailbox("Lavoro/Progetti", null);
        Mailbox old = mailbox("Lavoro/Progetti");
        for (int i = 0; i < 5; i++) deliver("mail " + i, "$seen");
        List<Uid> uids = placements("INBOX").stream().map(Placement::uid).toList();
        anna.move(inbox, uids, old.id());
        archive();
        Instant then = later(Duration.ofHours(1));
        anna.deleteMailbox(old.id(), true);
        clock.step(Duration.ofHours(1));

        Restore.Report report = restore.restore(anna.id(), new Restore.What.Folder("Lavoro/Progetti", then));

        assertThat(report).isEqualTo(new Restore.Report(5, 5, 1, 0, List.of()));
        Mailbox again = mailbox("Lavoro/Progetti");
        assertThat(again.id()).isNotEqualTo(old.id());
        assertThat(again.uidValidity()).isGreaterThan(old.uidValidity());
        assertThat(again.count()).isEqualTo(5);
        assertThat(again.unseen()).isZero();
        theAccountIsRight();
    }

    @Test
    void aFolderThatWasRenamedIsTheSameFolder() {
        anna.createMailbox("Vecchio", null);
        Mailbox old = mailbox("Vecchio");
        deliver("uno");
        anna.move(inbox, List.of(placements("INBOX").getFirst().uid()), old.id());
        Instant then = later(Duration.ofMinutes(5));
        anna.renameMailbox(old.id(), "Nuovo");
        anna.destroyEmail(placements("Nuovo").getFirst().email());

        restore.restore(anna.id(), new Restore.What.Folder("Vecchio", then));

        assertThat(mailbox("Nuovo").id()).isEqualTo(old.id());
        assertThat(placements("Nuovo")).hasSize(1);
        assertThat(anna.<Object>read(view -> view.mailbox("Vecchio"))).isNull();
    }

    @Test
    void anAccountComesBackAsOfAMomentAndWhatCameSinceStays() {
        for (int i = 0; i < 20; i++) deliver("prima " + i);
        anna.createMailbox("Vuota", null);
        archive();
        store.archiver().checkpoint(anna.id());
        deliver("tra i due");
        Instant then = later(Duration.ofDays(1));
        for (Placement placement : placements("INBOX")) anna.destroyEmail(placement.email());
        anna.deleteMailbox(mailbox("Vuota").id(), true);
        archive();
        store.archiver().checkpoint(anna.id());
        Email since = deliver("dopo");

        Restore.Report report = restore.restore(anna.id(), new Restore.What.Everything(then));

        assertThat(report).isEqualTo(new Restore.Report(21, 21, 1, 0, List.of()));
        assertThat(placements("INBOX")).hasSize(22).extracting(Placement::email).contains(since.id());
        assertThat(mailbox("Vuota").count()).isZero();
        assertThat(restore.restore(anna.id(), new Restore.What.Everything(then)))
                .isEqualTo(new Restore.Report(0, 0, 0, 21, List.of()));
        theAccountIsRight();
    }

    @Test
    void whatNoVaultHasIsNamedAndNotShown() {
        Email email = deliver("perso");
        anna.destroyEmail(email.id());
        var name = casella.store.vault.ObjectName.mail(anna.id(), email.id(), email.blob());
        store.accounts().copies().discard(name);

        Restore.Report report = restore.restore(anna.id(), new Restore.What.Emails(List.of(email.id()),
                null));

        assertThat(report.emails()).isZero();
        assertThat(report.missing()).extracting(Restore.Missing::email).containsExactly(email.id());
        assertThat(placements("INBOX")).isEmpty();
    }

    @Test
    void whatDoesNotFitTheQuotaIsNamed() {
        Email email = deliver("grande");
        anna.destroyEmail(email.id());
        store.quota(email.size() - 1);

        Restore.Report report = restore.restore(anna.id(), new Restore.What.Emails(List.of(email.id()),
                null));

        assertThat(report.missing()).hasSize(1);
        assertThat(anna.read(View::recoverableBytes)).isEqualTo(email.size());
    }

    @Test
    void aMomentBeforeTheAccountHasNothingAndAFolderNotThereThenIsRefused() {
        Instant before = clock.now().minus(Duration.ofDays(400));
        assertThat(restore.restore(anna.id(), new Restore.What.Everything(before)))
                .isEqualTo(new Restore.Report(0, 0, 0, 0, List.of()));
        assertThatThrownBy(() -> restore.restore(anna.id(), new Restore.What.Folder("Mai", clock.now())))
                .isInstanceOf(Fault.Unavailable.class);
    }

    /// Where each email was at a moment, and what its bytes were.
    private record Remembered(Instant at, Map<String, List<ArrivalId>> folders, Map<ArrivalId,
            byte[]> bytes) {}

    private Remembered remembered(Map<ArrivalId, byte[]> bytes) {
        Instant at = later(Duration.ofMinutes(1));
        var folders = new HashMap<String, List<ArrivalId>>();
        for (Mailbox mailbox : anna.read(View::mailboxes)) {
            var emails = new ArrayList<ArrivalId>();
            for (Placement placement : placements(mailbox.name())) {
                emails.add(placement.email());
                Email email = Objects.requireNonNull(anna.read(view -> view.email(placement.email())));
                bytes.computeIfAbsent(email.id(), _ -> ((Body.Present) anna.body(email)).bytes());
            }
            folders.put(mailbox.name(), emails);
        }
        return new Remembered(at, folders, bytes);
    }

    @Test
    void whateverWasIsHadBackAfterAnyUse() {
        for (long seed = 1; seed <= 6; seed++) {
            anna = store.account();
            inbox = mailbox("INBOX").id();
            var use = new RandomUse(seed);
            var dice = new Random(seed);
            var bytes = new HashMap<ArrivalId, byte[]>();
            var moments = new ArrayList<Remembered>();
            for (int i = 0; i < 6; i++) {
                use.use(anna, 25);
                moments.add(remembered(bytes));
                if (dice.nextBoolean()) archive();
                if (dice.nextInt(3) == 0) store.archiver().checkpoint(anna.id());
            }
            Remembered wanted = moments.get(dice.nextInt(moments.size()));

            Restore.Report report = restore.restore(anna.id(), new Restore.What.Everything(wanted.at()));

            assertThat(report.missing()).as("seed %d", seed).isEmpty();
            wanted.folders().forEach((_, emails) -> {
                for (ArrivalId id : emails) {
                    Email email = anna.read(view -> view.email(id));
                    assertThat(email).as("email %s", id).isNotNull();
                    assertThat(((Body.Present) anna.body(Objects.requireNonNull(email))).bytes())
                            .isEqualTo(bytes.get(id));
                }
            });
            List<EndedEmail> left = anna.read(view -> view.recoverable(null, View.PAGE_MAX));
            assertThat(left).extracting(EndedEmail::arrival)
                    .doesNotContainAnyElementsOf(wanted.folders().values().stream().flatMap(List::stream)
                            .toList());
            theAccountIsRight();
        }
    }
}
