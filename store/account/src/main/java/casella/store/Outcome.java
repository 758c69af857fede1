package casella.store;

import casella.base.ArrivalId;
import casella.base.Modseq;
import casella.base.Uid;
import java.util.List;

/// What a change came to, as values a client may be told. What broke is a [casella.base.Fault] instead.
public sealed interface Outcome {
    /// Answers of [Account#add].
    sealed interface Added extends Outcome {}

    /// Answers of [Account#copy] and [Account#move].
    sealed interface Copied extends Outcome {}

    /// Answers of [Account#createMailbox].
    sealed interface Created extends Outcome {}

    /// Answers of [Account#renameMailbox].
    sealed interface Renamed extends Outcome {}

    /// Answers of [Account#deleteMailbox].
    sealed interface Deleted extends Outcome {}

    /// Answers of [Account#editEmail].
    sealed interface Edited extends Outcome {}

    /// The email is kept, with one placement for each mailbox asked, in that order.
    record Kept(Email email, List<Placement> placements) implements Added {}

    /// It does not fit the account's quota; nothing was kept.
    record OverQuota(long usedBytes, long maxBytes) implements Added {}

    /// A mailbox named in the request is not there.
    record NoMailbox() implements Added, Copied, Renamed, Deleted, Edited {}

    /// One email's new place; `from` and `to` of COPYUID. RFC 9051 §7.1.
    record Moved(Uid from, Uid to) {}

    /// The placements are made, in ascending order of `from`. UIDs that were not there are left out.
    record Placed(long uidValidity, List<Moved> uids) implements Copied {}

    record MailboxMade(Mailbox mailbox) implements Created, Renamed {}

    record NameTaken() implements Created, Renamed {}

    /// @param why a sentence for the client
    record NameRefused(String why) implements Created, Renamed, Deleted {}

    record MailboxGone() implements Deleted {}

    /// RFC 9051 §6.3.5 HASCHILDREN, RFC 8621 §2.5 mailboxHasChild.
    record HasChildren() implements Deleted {}

    /// RFC 8621 §2.5 mailboxHasEmail.
    record HasEmails() implements Deleted {}

    /// The email as it is now; `modseq` is the account's. Nothing changed when it was so already.
    record EmailNow(Email email, Modseq modseq) implements Edited {}

    record NoEmail() implements Edited {}

    /// The edit would leave it in no mailbox, or in too many.
    record PlacesRefused(String why) implements Edited {}

    /// Answer of [Account#setKeywords].
    ///
    /// @param changed placements whose keywords are different now, as they are now
    /// @param unchanged placements that had them already
    /// @param modified UIDs refused by UNCHANGEDSINCE. RFC 7162 §3.1.3
    /// @param missing UIDs that are not there
    record Stored(List<Placement> changed, List<Placement> unchanged, List<Uid> modified, List<Uid> missing)
            implements Outcome {}

    /// Answer of [Account#restore].
    ///
    /// @param placed placements made
    /// @param there emails that are in that folder now
    /// @param gone emails that cannot be had back any more
    /// @param noRoom emails for which there is no room: quota, number of folders or of placements
    record Restored(
            List<Placement> placed, List<ArrivalId> there, List<ArrivalId> gone, List<ArrivalId> noRoom)
            implements Outcome {
        public Restored {
            placed = List.copyOf(placed);
            there = List.copyOf(there);
            gone = List.copyOf(gone);
            noRoom = List.copyOf(noRoom);
        }

        /// Returns both together.
        public Restored and(Restored more) {
            return new Restored(
                    joined(placed, more.placed), joined(there, more.there), joined(gone, more.gone),
                    joined(noRoom, more.noRoom));
        }

        private static <T> List<T> joined(List<T> one, List<T> other) {
            var all = new java.util.ArrayList<T>(one);
            all.addAll(other);
            return all;
        }
    }
}
