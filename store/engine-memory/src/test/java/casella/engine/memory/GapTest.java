package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Deadline;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Hole;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.View;
import casella.store.archive.Archiver;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import casella.testkit.MemoryJournal;
import casella.testkit.MemoryVault;
import casella.testkit.SteppedClock;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proves that the gap of a hole is a bound: with the vaults away an account gives out no more numbers than a hole leaves
/// out, says so, goes on by itself when one vault is back; and a hole after that gives no UID out twice.
final class GapTest {
    private static final int PAGE = 1_000;

    private final SteppedClock clock = new SteppedClock();
    private static final Archiver.Limits SHORT = new Archiver.Limits(
            Duration.ofSeconds(5), 64 << 10, 256 << 10, Duration.ofMinutes(10),
            Duration.ofMinutes(1), 4, 1_000, 1 << 20);
    private final TestStore store = TestStore.at(
            clock, SHORT, new MemoryEngine(), new MemoryJournal(), new MemoryVault("one"),
                    new MemoryVault("two"));
    private final Account anna = store.account();
    /// Every UID that was ever answered, by mailbox.
    private final Map<MailboxId, Set<Long>> given = new HashMap<>();

    @AfterEach
    void close() {
        store.close();
    }

    private MailboxId mailbox(String name) {
        return Objects.requireNonNull(anna.read(view -> view.mailbox(name))).id();
    }

    private List<Uid> uids(Account account, MailboxId mailbox) {
        return account.read(view -> view.placements(mailbox, Uid.FIRST, View.PAGE_MAX)).stream()
                .map(Placement::uid)
                .toList();
    }

    /// Fills a mailbox with 1,000 placements of few mails.
    private MailboxId thousand() {
        MailboxId inbox = mailbox(Mailbox.INBOX);
        for (int i = 0; i < 20; i++) {
            byte[] mail = ("Subject: " + i + "\r\n\r\n" + i).getBytes(StandardCharsets.US_ASCII);
            anna.add(NewEmail.delivery(mail, Instant.now(), "b@v.example", "a@p.example"));
        }
        List<Uid> twenty = uids(anna, inbox);
        for (int i = 0; i < 49; i++) copied(anna.copy(inbox, twenty, inbox), inbox);
        assertThat(uids(anna, inbox)).hasSize(PAGE);
        return inbox;
    }

    private void copied(Outcome.Copied outcome, MailboxId to) {
        assertThat(outcome).isInstanceOf(Outcome.Placed.class);
        Set<Long> all = given.computeIfAbsent(to, _ -> new HashSet<>());
        for (Uid uid : uids(anna, to)) all.add(uid.value());
    }

    /// Moves all from one mailbox to the other, and back, until it is refused; returns how many were moved into `to`.
    private int moveUntilRefused(MailboxId from, MailboxId to) {
        for (int moved = 0; ; moved += PAGE) {
            List<Uid> all = uids(anna, from);
            assertThat(all).hasSize(PAGE);
            try {
                copied(anna.move(from, all, to), to);
            } catch (Fault.Unavailable e) {
                assertThat(e).hasMessageStartingWith("No vault takes the journal");
                assertThat(uids(anna, from)).hasSize(PAGE);
                return moved;
            }
            copied(anna.move(to, uids(anna, to), from), from);
        }
    }

    private void away(boolean one, boolean two) {
        store.firstVault().all(one ? Trouble.unavailable() : Trouble.none());
        store.secondVault().all(two ? Trouble.unavailable() : Trouble.none());
    }

    @Test
    void noUidIsGivenOutThatAHoleWouldGiveOutAgain() {
        MailboxId inbox = thousand();
        MailboxId sent = mailbox("Sent");
        // What a vault has is no hole: both mailboxes begin far from the first UID.
        for (int i = 0; i < 12; i++) {
            copied(anna.move(inbox, uids(anna, inbox), sent), sent);
            copied(anna.move(sent, uids(anna, sent), inbox), inbox);
            assertThat(store.archiver().archive(anna.id())).isTrue();
        }
        away(true, true);

        assertThat(moveUntilRefused(inbox, sent)).isEqualTo(Hole.UID_GAP);
        assertThatThrownBy(() -> anna.move(inbox, uids(anna, inbox).subList(0, 1), sent))
                .isInstanceOf(Fault.Unavailable.class);

        // What takes no number goes on, and other mailboxes have their own.
        var flagged = new Keywords.Edit.Add(Keywords.of(Keywords.FLAGGED));
        assertThat(anna.setKeywords(inbox, uids(anna, inbox), flagged, null).changed()).hasSize(PAGE);
        MailboxId trash = mailbox("Trash");
        copied(anna.copy(inbox, uids(anna, inbox).subList(0, 10), trash), trash);

        try (var again = TestStore.over(
                new MemoryEngine(), MemoryJournal.afterLoss(), heal(store.firstVault()),
                heal(store.secondVault()))) {
            Account same = again.accounts().open(anna.id());
            same.read(View::mailboxes).forEach(mailbox -> {
                for (long uid : given.getOrDefault(mailbox.id(), Set.of())) {
                    assertThat(mailbox.uidNext()).as("UID %d of %s", uid, mailbox.name()).isGreaterThan(uid);
                }
            });
        }
    }

    private static <T> T heal(T vault) {
        if (vault instanceof casella.testkit.FaultyVault faulty) faulty.heal();
        return vault;
    }

    @Test
    void itGoesOnByItselfWhenOneVaultIsBack() {
        MailboxId inbox = thousand();
        MailboxId sent = mailbox("Sent");
        copied(anna.move(inbox, uids(anna, inbox), sent), sent);
        copied(anna.move(sent, uids(anna, sent), inbox), inbox);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        away(true, true);
        assertThat(moveUntilRefused(inbox, sent)).isEqualTo(Hole.UID_GAP);

        // Nothing was archived meanwhile: the change that needs it presses for it. A vault that has just
        // failed is not enough alone.
        away(true, false);
        clock.step(Duration.ofMinutes(1));
        for (int i = 0; i < 12; i++) {
            copied(anna.move(inbox, uids(anna, inbox), sent), sent);
            copied(anna.move(sent, uids(anna, sent), inbox), inbox);
        }
        away(true, true);
        assertThat(moveUntilRefused(inbox, sent)).as("what that one took is behind")
                .isBetween(8_000, Hole.UID_GAP);
    }

    private static List<ObjectName> segments(Vault vault, Account account) {
        return vault.list(account.id(), ObjectName.Kind.SEGMENT, null, 10_000, Duration.ofSeconds(10))
                .stream()
                .map(Vault.Entry::name)
                .toList();
    }

    @Test
    void anImportGoesOnWhileOneVaultIsAwayAndPutsNothingTwice() {
        MailboxId inbox = thousand();
        MailboxId sent = mailbox("Sent");
        assertThat(store.archiver().archive(anna.id())).isTrue();
        away(false, true);

        // More than a segment full beyond the mark, and more UIDs than the gap.
        for (int i = 0; i < 15; i++) {
            copied(anna.move(inbox, uids(anna, inbox), sent), sent);
            copied(anna.move(sent, uids(anna, sent), inbox), inbox);
        }

        assertThat(store.archiver().archive(anna.id())).as("patience is not over").isFalse();
        List<ObjectName> put = segments(store.firstVault(), anna);
        long end = 0;
        for (ObjectName segment : put) {
            assertThat(segment.high()).as("%s", segment).isEqualTo(end + 1);
            end = segment.low();
        }
        away(false, false);
        assertThat(store.archiver().archive(anna.id())).isTrue();
        assertThat(store.journal().newest(anna.id())).isNull();
        assertThat(segments(store.firstVault(), anna)).isEqualTo(put)
                .isEqualTo(segments(store.secondVault(), anna));
        assertThat(anna.read(View::modseq).value()).isEqualTo(end);
    }

    @Test
    void aSegmentThatTheOnlyVaultLostIsPutAnewBeforeTheJournalLetsGo() {
        MailboxId inbox = thousand();
        MailboxId sent = mailbox("Sent");
        assertThat(store.archiver().archive(anna.id())).isTrue();
        List<ObjectName> whole = segments(store.firstVault(), anna);
        away(false, true);
        copied(anna.move(inbox, uids(anna, inbox), sent), sent);
        assertThat(store.archiver().archive(anna.id())).as("patience is not over").isFalse();
        for (ObjectName segment : segments(store.firstVault(), anna)) {
            if (whole.contains(segment)) continue;
            assertThat(store.firstVault().delete(segment).await(Deadline.in(Duration.ofSeconds(10))))
                    .isNull();
        }
        assertThat(segments(store.firstVault(), anna)).isEqualTo(whole);
        store.clock().step(Duration.ofHours(1));

        assertThat(store.archiver().archive(anna.id())).as("nobody has it").isFalse();
        assertThat(store.archiver().archive(anna.id())).isTrue();

        assertThat(store.journal().newest(anna.id())).isNull();
        ObjectName last = segments(store.firstVault(), anna).getLast();
        assertThat(last.low()).isEqualTo(anna.read(View::modseq).value());
    }
}
