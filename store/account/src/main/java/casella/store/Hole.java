package casella.store;

import casella.base.Clock;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.store.engine.HeadRow;
import casella.store.engine.Rows;
import casella.store.engine.SortedRows;
import casella.store.stored.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// A hole in an account's journal: engine and tail were lost together, and with them changes that no vault has.
///
/// The account goes on in a new epoch. Its first change says so and jumps: no UID, mod-sequence, mailbox number or
/// UIDVALIDITY that a lost change gave out is given out again. Mails of lost changes are in the vaults with their receipts
/// and are filed anew, in the changes that follow; what else was lost is lost, and clients are told all that is
/// ([View#floor]).
public final class Hole {
    /// Mod-sequences left out.
    public static final long MODSEQ_GAP = 1_000_000;
    /// UIDs left out in each mailbox.
    public static final int UID_GAP = 10_000;
    /// Mailbox numbers and UIDVALIDITYs left out.
    public static final int MAILBOX_GAP = 10_000;
    /// Mails that arrived longer than this before the last change that is known are not looked for.
    public static final Duration HORIZON = Duration.ofHours(24);

    private Hole() {}

    /// Returns the change that opens an account over a hole after what `rows` have.
    ///
    /// @param head of `rows`, which has at least one change
    /// @param epoch higher than any in which the account was written
    /// @param doubted what [Journal#doubtedSince] answered
    /// @param newest when the last change was made
    public static Entry opening(
            Rows rows, HeadRow head, long epoch, Instant doubted, Instant newest, Clock clock) {
        var draft = new Draft(rows, head, clock, MODSEQ_GAP, epoch);
        int given = draft.highestUidValidity();
        long now = Math.max(Integer.toUnsignedLong(given), draft.at().getEpochSecond());
        long beyond = Math.min(now + MAILBOX_GAP, 0xFFFF_FFFFL);
        draft.add(new Operation.HoleOpened(MODSEQ_GAP, UID_GAP, MAILBOX_GAP, (int) beyond, doubted, newest));
        return entry(draft);
    }

    /// Returns the first change of an account that is founded anew: nothing of its journal is anywhere, and only its folders
    /// are known.
    ///
    /// Nobody knows which UIDs it gave out, so every folder has another UIDVALIDITY, beyond all that may have been given
    /// out since `folders` were written down: no UID can mean another mail than before. RFC 9051 §2.3.1.1.
    ///
    /// It counts as made at [Instant#EPOCH]: it says nothing of when the account was last changed, and one that goes on
    /// after it broke off looks for every mail again, however old.
    ///
    /// @param folders with INBOX
    /// @throws Fault.Exhausted if they are more than a change may hold
    public static Entry founding(List<FaceRows.Folder> folders, Clock clock) {
        HeadRow blank = Account.blank(1);
        var draft = new Draft(SortedRows.EMPTY, blank, Instant.EPOCH, 1, blank.epoch());
        long given = clock.now().getEpochSecond();
        for (FaceRows.Folder folder : folders) given = Math.max(given, folder.uidValidity());
        long next = given + MAILBOX_GAP;
        var names = new HashSet<String>();
        var ids = new HashSet<MailboxId>();
        try {
            for (FaceRows.Folder folder : folders) {
                if (!names.add(folder.name()) || !ids.add(folder.id())) continue;
                long uidValidity = Math.min(next++, 0xFFFF_FFFFL);
                draft.add(new Operation.MailboxCreated(
                        folder.id(), draft.content(folder.name()), (int) uidValidity, folder.role(),
                                folder.subscribed(), folder.sortOrder()));
            }
        } catch (Draft.TooLarge e) {
            throw e.fault();
        }
        return entry(draft);
    }

    /// Returns folders for an account of which not even these are known: numbered beyond all it may have had, so that no
    /// mail is taken to have been meant for one of them.
    ///
    /// @param names what to call the mailboxes with a role, INBOX excepted
    public static List<FaceRows.Folder> standard(Map<Role, String> names) {
        var folders = new ArrayList<FaceRows.Folder>();
        int number = MAILBOX_GAP;
        folders.add(new FaceRows.Folder(
                new MailboxId(++number), Mailbox.INBOX, 0, Role.INBOX, true, Role.INBOX.sortOrder()));
        for (Map.Entry<Role, String> name : names.entrySet()) {
            if (name.getKey() == Role.INBOX) continue;
            folders.add(new FaceRows.Folder(
                    new MailboxId(++number), name.getValue(), 0, name.getKey(), true,
                    name.getKey().sortOrder()));
        }
        return folders;
    }

    /// Says whether the newest hole of an account was opened for that doubt: then nothing that it is about is unsettled.
    public static boolean opened(HeadRow head, Instant doubted) {
        return RowCodec.counters(head).getHoleDoubt() == doubted.toEpochMilli();
    }

    /// What an account's holes came to, ever.
    ///
    /// @param opened holes over which it went on
    /// @param possibleDuplicates mails that were filed over one and may be there twice
    public record Counts(long opened, long possibleDuplicates) {
        public static final Counts NONE = new Counts(0, 0);
    }

    /// Returns what an account's holes came to, as its rows count them.
    public static Counts counts(HeadRow head) {
        Stored.Counters counters = RowCodec.counters(head);
        return new Counts(counters.getHoles(), counters.getPossibleDuplicates());
    }

    private static Entry entry(Draft draft) {
        return Entry.decode(draft.seal().entry());
    }
}
