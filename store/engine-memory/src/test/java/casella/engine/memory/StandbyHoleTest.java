package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Uid;
import casella.store.Account;
import casella.store.Email;
import casella.store.Hole;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Outcome;
import casella.store.Placement;
import casella.store.View;
import casella.store.archive.Holdings;
import casella.store.archive.Proving;
import casella.store.archive.Verifier;
import casella.store.standby.Claim;
import casella.store.standby.Standby;
import casella.testkit.FaultyVault;
import casella.testkit.MemoryJournal;
import casella.testkit.StandbyStore;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves that an account whose engine is away and whose tail is lost goes on over a hole: with every mail, beyond a gap in
/// every number, once; and that it comes back to its engine with what that one alone had.
final class StandbyHoleTest {
    private StandbyStore.World world;
    private StandbyStore store;
    private Account anna;

    @BeforeEach
    void open() {
        world = StandbyStore.World.over(new MemoryEngine());
        store = StandbyStore.open(world, Duration.ofSeconds(2)).merging();
        anna = store.account();
    }

    @AfterEach
    void close() {
        store.close();
        world.close();
    }

    private void restart() {
        store.close();
        store = StandbyStore.open(world, Duration.ofSeconds(2)).merging();
        anna = store.accounts().open(anna.id());
    }

    /// The process dies, its tail with it, and the engine hangs.
    private void loseTail() {
        store.live().all(Trouble.hung());
        world = world.with(MemoryJournal.afterLoss());
        restart();
    }

    private FaultyVault second() {
        return (FaultyVault) world.second();
    }

    private Standby.Switched toStandby() {
        return store.standby().open(anna.id(), Claim.Reason.OPERATOR);
    }

    private static NewEmail mail(String text) {
        String mail = "Subject: " + text + "\r\nMessage-ID: <" + text + "@test.example>\r\n\r\n" + text;
        return NewEmail.delivery(mail.getBytes(StandardCharsets.US_ASCII), Instant.now(), "b@v.example",
                "a@p.example");
    }

    private ArrivalId deliver(String text) {
        return ((Outcome.Kept) anna.add(mail(text))).email().id();
    }

    private Mailbox inbox() {
        return Objects.requireNonNull(anna.read(view -> view.mailbox(Mailbox.INBOX)));
    }

    private List<Placement> placements(MailboxId mailbox) {
        return anna.read(view -> view.placements(mailbox, Uid.FIRST, View.PAGE_MAX));
    }

    private List<ArrivalId> emails() {
        return anna.read(view -> view.emails(null, View.PAGE_MAX));
    }

    private Modseq modseq() {
        return anna.read(View::modseq);
    }

    private void wellVerified() {
        assertThat(store.archiver().archive(anna.id())).isTrue();
        var verifier = new Verifier(store.engine(), world.journal(), store.copies());
        assertThat(verifier.verify(anna.id()).problems()).isEmpty();
    }

    @Test
    void anAccountGoesOnOverAHoleAndComesBack() {
        ArrivalId kept = deliver("archiviata");
        store.archiver().archive(anna.id());
        Mailbox before = inbox();
        Modseq modseq = modseq();
        long epoch = anna.read(View::epoch);
        ArrivalId late = deliver("tardi");
        anna.setKeywords(before.id(), List.of(Uid.FIRST), new Keywords.Edit.Add(Keywords.of("$segno")), null);
        loseTail();

        Standby.Switched opened = toStandby();

        assertThat(opened.ended()).isEqualTo(Standby.Ended.OPENED);
        assertThat(emails()).containsExactly(kept, late);
        assertThat(inbox().uidValidity()).isEqualTo(before.uidValidity());
        assertThat(placements(before.id())).extracting(placement -> placement.uid().value())
                .containsExactly(1L, before.uidNext() + Hole.UID_GAP);
        assertThat(anna.read(View::floor).value()).isEqualTo(modseq.value() + Hole.MODSEQ_GAP);
        assertThat(anna.read(View::epoch)).isGreaterThan(epoch).isEqualTo(opened.epoch());
        ArrivalId more = deliver("dopo");
        wellVerified();
        store.live().heal();
        Standby.Switched back = store.standby().giveBack(anna.id());

        assertThat(back.ended()).isEqualTo(Standby.Ended.RETURNED);
        assertThat(back.merged()).isEqualTo(new Standby.Merged(2, 0));
        assertThat(emails()).containsExactly(kept, late, more);
        assertThat(placements(before.id()).getFirst().keywords().has("$segno")).isTrue();
        Email again = Objects.requireNonNull(anna.read(view -> view.email(late)));
        assertThat(again.places()).hasSize(1);
        wellVerified();
    }

    @Test
    void aHoleIsOpenedOnceAndNoNumberIsGivenTwice() {
        deliver("archiviata");
        store.archiver().archive(anna.id());
        loseTail();
        toStandby();
        Modseq after = modseq();
        assertThat(toStandby().ended()).isEqualTo(Standby.Ended.ALREADY);
        restart();

        assertThat(modseq()).isEqualTo(after);
        deliver("dopo");
        Modseq now = modseq();
        Mailbox inbox = inbox();
        restart();
        assertThat(modseq()).isEqualTo(now);
        assertThat(inbox()).isEqualTo(inbox);

        // And lost once more while it is on standby.
        loseTail();
        assertThat(emails()).hasSize(2);
        assertThat(modseq().value()).isGreaterThan(now.value() + Hole.MODSEQ_GAP / 2);
        assertThat(inbox().uidNext()).isGreaterThan(inbox.uidNext() + Hole.UID_GAP / 2);
        wellVerified();
    }

    @Test
    void aVaultThatDoesNotSayWhatItHasLeavesTheAccountAsItWas() {
        deliver("archiviata");
        store.archiver().archive(anna.id());
        deliver("tardi");
        loseTail();
        second().reads(Trouble.unavailable());
        // The first says how far the journal goes; which mails there are is another question.
        store.copies().debt().known(true);

        assertThatThrownBy(this::toStandby).isInstanceOf(Fault.Unavailable.class);

        assertThat(store.standby().list()).isEmpty();
        second().heal();
        store.live().heal();
        assertThat(emails()).hasSize(2);
        assertThat(anna.read(View::floor)).isEqualTo(Modseq.NONE);
    }

    @Test
    void anOpeningThatBreaksOffAfterTheClaimIsEndedByTheNextOrder() {
        deliver("archiviata");
        store.archiver().archive(anna.id());
        ArrivalId late = deliver("tardi");
        Modseq modseq = modseq();
        loseTail();
        ((FaultyVault) world.first()).writes(Trouble.unavailable());
        second().writes(Trouble.unavailable());

        assertThatThrownBy(this::toStandby).isInstanceOf(Fault.Unavailable.class);

        // Who served it before must not go on: parts of the hole may be in a vault.
        assertThat(store.standby().list()).hasSize(1);
        assertThatThrownBy(this::emails).isInstanceOf(Fault.Unavailable.class);
        ((FaultyVault) world.first()).heal();
        second().heal();
        assertThat(toStandby().ended()).isEqualTo(Standby.Ended.ALREADY);
        assertThat(emails()).hasSize(2).contains(late);
        assertThat(modseq().value()).isLessThan(modseq.value() + 2 * Hole.MODSEQ_GAP);
        wellVerified();
    }

    @Test
    void anAccountComparedWithTheNewTailHasNoHole() {
        deliver("archiviata");
        store.archiver().archive(anna.id());
        deliver("tardi");
        Modseq modseq = modseq();
        world = world.with(MemoryJournal.afterLoss());
        restart();
        assertThat(modseq()).isEqualTo(modseq); // compared: the tail has now what the engine had
        store.live().all(Trouble.hung());

        toStandby();

        assertThat(modseq()).isEqualTo(modseq);
        assertThat(anna.read(View::floor)).isEqualTo(Modseq.NONE);
    }

    @Test
    void accountsOnStandbyAreProvenAfterALoss() throws Exception {
        deliver("archiviata");
        store.archiver().archive(anna.id());
        toStandby();
        deliver("tardi");
        loseTail();
        store.live().heal();

        try (var _ = Proving.start(store.accounts(), Holdings.of(store.copies(), Duration.ofSeconds(2)),
                world.journal())) {
            var never = new CountDownLatch(1);
            for (int i = 0; i < 3_000 && world.journal().doubtedSince() != null; i++) never.await(10,
                    TimeUnit.MILLISECONDS);
        }

        assertThat(world.journal().doubtedSince()).isNull();
        assertThat(emails()).hasSize(2);
        assertThat(anna.read(View::floor)).isGreaterThan(Modseq.NONE);
    }
}
