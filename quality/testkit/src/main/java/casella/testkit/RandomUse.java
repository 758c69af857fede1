package casella.testkit;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Uid;
import casella.store.Account;
import casella.store.DocumentKind;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Placement;
import casella.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Uses an account as its owner and the world might, by dice: every kind of change comes up. The same seed on the same
/// account does the same.
public final class RandomUse {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final int NAMES = 12;

    private final Random dice;
    private final List<ArrivalId> known = new ArrayList<>();

    public RandomUse(long seed) {
        this.dice = new Random(seed);
    }

    /// Makes `count` changes, or tries: some come to nothing.
    public void use(Account account, int count) {
        for (int i = 0; i < count; i++) one(account);
    }

    /// Returns the emails that were delivered.
    public List<ArrivalId> delivered() {
        return List.copyOf(known);
    }

    private void one(Account account) {
        List<Mailbox> mailboxes = account.read(View::mailboxes);
        Mailbox from = mailboxes.get(dice.nextInt(mailboxes.size()));
        Mailbox to = mailboxes.get(dice.nextInt(mailboxes.size()));
        List<Uid> some = some(account, from.id());
        switch (dice.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> deliver(account);
            case 5 -> account.copy(from.id(), some, to.id());
            case 6 -> account.move(from.id(), some, to.id());
            case 7, 8, 9 -> account.setKeywords(from.id(), some, edit(), null);
            case 10 -> account.expunge(from.id(), null);
            case 11 -> account.createMailbox(name(), null);
            case 12 -> account.renameMailbox(from.id(), name());
            case 13 -> account.deleteMailbox(from.id(), true);
            case 14 -> document(account);
            default -> {
                if (!known.isEmpty()) account.destroyEmail(known.get(dice.nextInt(known.size())));
            }
        }
    }

    private void deliver(Account account) {
        int number = dice.nextInt(1_000);
        String mail =
                "From: bruno@virgola.example\r\nSubject: numero " + number + "\r\nMessage-ID: <" + number
                        + "@test.example>\r\nReferences: <" + dice.nextInt(50) + "@test.example>\r\n\r\n"
                        + "riga\r\n".repeat(dice.nextInt(40));
        var email =
                NewEmail.delivery(
                        mail.getBytes(StandardCharsets.US_ASCII), NOON.plusSeconds(number), "b@v.example", "a@p.example");
        if (account.add(email) instanceof casella.store.Outcome.Kept kept) known.add(kept.email().id());
    }

    private void document(Account account) {
        String id = "d" + dice.nextInt(6);
        DocumentKind kind = DocumentKind.of(1 + dice.nextInt(5));
        if (dice.nextBoolean()) account.putDocument(kind, id, ("contenuto " + dice.nextInt()).getBytes(StandardCharsets.UTF_8));
        else account.endDocument(kind, id);
    }

    private List<Uid> some(Account account, MailboxId mailbox) {
        List<Placement> all = account.read(view -> view.placements(mailbox, Uid.FIRST, View.PAGE_MAX));
        return all.stream().map(Placement::uid).filter(_ -> dice.nextInt(4) == 0).toList();
    }

    private Keywords.Edit edit() {
        return switch (dice.nextInt(3)) {
            case 0 -> new Keywords.Edit.Add(keywords());
            case 1 -> new Keywords.Edit.Remove(keywords());
            default -> new Keywords.Edit.Replace(keywords());
        };
    }

    private Keywords keywords() {
        return Keywords.of(
                Stream.of("\\Seen", "\\Flagged", "\\Deleted", "\\Answered", "$lavoro")
                        .filter(_ -> dice.nextInt(3) == 0)
                        .toList());
    }

    private String name() {
        String name = "Cartella " + dice.nextInt(NAMES);
        return dice.nextInt(3) == 0 ? name + "/Sotto " + dice.nextInt(3) : name;
    }
}
