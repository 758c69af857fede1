package casella.testkit.model;

import casella.base.ArrivalId;
import casella.base.Clock;
import casella.base.Fault;
import casella.base.Sha256;
import casella.store.Account;
import casella.store.Body;
import casella.store.DocumentKind;
import casella.store.Email;
import casella.store.Keywords;
import casella.testkit.model.ModelRun.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One client: it knows the account as it last looked, and asks for what is long gone as readily as for what
/// is there.
final class Session {
    private static final int NAMES = 9;
    private static final int RETRIES_MAX = 8;
    private static final int MAILS_MANY = 60;

    private final Random dice;
    private final int number;
    private final List<Subject> all;
    private final Subject subject;
    private AccountModel known;
    /// Deliveries to be tried again, answered or not.
    private final List<Step.Deliver> again = new ArrayList<>();
    private long delivered;

    Session(long seed, int number, List<Subject> all, Subject subject) {
        this.dice = new Random(seed * 101 + number);
        this.number = number;
        this.all = all;
        this.subject = subject;
        this.known = subject.first().copy();
    }

    /// What it wants done; nothing when that could not be found out.
    record Wish(@Nullable Step step) {}

    Subject subject() {
        return subject;
    }

    /// Looks at the account.
    void look() {
        known = subject.possible.get(dice.nextInt(subject.possible.size())).copy();
    }

    Wish next(Clock clock, Node node) {
        boolean many = known.mails.size() > MAILS_MANY;
        return new Wish(switch (dice.nextInt(many ? 24 : 20)) {
            case 0, 1, 2, 3 -> deliver();
            case 4 -> again.isEmpty() ? deliver() : again.get(dice.nextInt(again.size())).onceMore();
            case 5 -> fromAnother(node);
            case 6, 7 -> new Step.Copy(box(), uids(), box(), false);
            case 8, 9 -> new Step.Copy(box(), uids(), box(), true);
            case 10, 11, 12 -> new Step.Flag(box(), uids(), keywordsEdit(), dice.nextInt(4) == 0
                    ? known.modseq : null);
            case 13 -> new Step.Expunge(box(), dice.nextBoolean() ? null : uids());
            case 14 -> new Step.Create(name());
            case 15 -> new Step.Rename(box(), name());
            case 16 -> new Step.Delete(box(), dice.nextInt(3) > 0);
            case 17 -> dice.nextInt(3) == 0 ? new Step.Properties(box(), dice.nextBoolean(), dice.nextInt(5))
                    : document();
            case 18 -> edit();
            default -> new Step.Destroy(mail());
        });
    }

    private int at = 1;

    private int box() {
        var ids = new ArrayList<>(known.boxes.keySet());
        at = dice.nextInt(20) == 0 ? known.lastMailbox + 1 : ids.get(dice.nextInt(ids.size()));
        return at;
    }

    /// Some UIDs of the mailbox last chosen, perhaps one that is not there.
    private List<Long> uids() {
        AccountModel.Box box = known.box(at);
        var some = new ArrayList<Long>();
        if (box != null) {
            int share = 1 + dice.nextInt(4);
            for (long uid : box.places().keySet()) if (dice.nextInt(share) == 0
                    && some.size() < 12) some.add(uid);
            if (dice.nextInt(5) == 0 && !some.contains(box.uidNext())) some.add(box.uidNext());
        }
        return some;
    }

    private ArrivalId mail() {
        var ids = new ArrayList<>(known.mails.keySet());
        return ids.isEmpty() ? new ArrivalId(1, 1) : ids.get(dice.nextInt(ids.size()));
    }

    private Step deliver() {
        int n = dice.nextInt(1_000);
        String mail = "From: bruno@virgola.example\r\nSubject: numero " + n + "\r\nMessage-ID: <" + n
                + "@test.example>\r\n"
                + "References: <" + dice.nextInt(60) + "@test.example>\r\n\r\n"
                        + "riga di prova\r\n".repeat(dice.nextInt(60));
        return deliver(mail.getBytes(StandardCharsets.US_ASCII));
    }

    private Step deliver(byte[] content) {
        delivered++;
        var arrival = new ArrivalId(delivered << 20 | number, Sha256.of(content).bytes()[0] & 0xFF);
        List<Integer> into = dice.nextInt(3) > 0 ? List.of() : dice.nextInt(4) > 0 ? List.of(box()) : two();
        var step = new Step.Deliver(arrival, content, into, keywords(), dice.nextInt(3) == 0, false);
        if (dice.nextInt(3) == 0) {
            again.add(step);
            if (again.size() > RETRIES_MAX) again.removeFirst();
        }
        return step;
    }

    private List<Integer> two() {
        return List.copyOf(new HashSet<>(List.of(box(), box())));
    }

    /// Copies a mail from another account: reads it there, delivers it here.
    private @Nullable Step fromAnother(Node node) {
        Subject other = all.get(dice.nextInt(all.size()));
        if (other.first().mails.isEmpty()) return null;
        var ids = new ArrayList<>(other.first().mails.keySet());
        ArrivalId id = ids.get(dice.nextInt(ids.size()));
        try {
            Account account = node.accounts().open(other.id);
            @Nullable Email email = account.read(view -> view.email(id));
            if (email == null || !(account.body(email) instanceof Body.Present(byte[] bytes))) return null;
            return deliver(bytes);
        } catch (Fault e) {
            return null;
        }
    }

    private Step edit() {
        return new Step.Edit(mail(), dice.nextBoolean() ? List.of() : List.of(box()),
                dice.nextBoolean() ? List.of() : List.of(box()), keywordsEdit());
    }

    private Step document() {
        String id = "d" + dice.nextInt(5);
        DocumentKind kind = DocumentKind.of(1 + dice.nextInt(5));
        byte[] content = new byte[dice.nextInt(200)];
        dice.nextBytes(content);
        return new Step.Document(kind, id, dice.nextInt(3) == 0 ? null : content);
    }

    private Keywords.Edit keywordsEdit() {
        return switch (dice.nextInt(4)) {
            case 0, 1 -> new Keywords.Edit.Add(keywords());
            case 2 -> new Keywords.Edit.Remove(keywords());
            default -> new Keywords.Edit.Replace(keywords());
        };
    }

    private Keywords keywords() {
        return Keywords.of(Stream.of("$seen", "$flagged", "\\deleted", "$answered", "$lavoro")
                .filter(_ -> dice.nextInt(3) == 0)
                .toList());
    }

    private String name() {
        String name = "Cartella " + dice.nextInt(NAMES);
        return dice.nextInt(3) == 0 ? name + "/Sotto " + dice.nextInt(3) : name;
    }
}
