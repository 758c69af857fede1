package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that happened to an account, as the journal says it. Facts, not commands: nothing is left to decide, so
/// that applying it again gives the same rows.
///
/// Content that may have to be forgotten (names, summaries, documents) is named here by a keyed hash and travels beside
/// the change, so that erasing it needs no surgery on the chain.
public sealed interface Operation {
    /// From here on contents are named by a new key, itself a content: an account whose key is erased leaves nothing to
    /// try names and summaries against.
    record KeyMade(Sha256 key) implements Operation {}

    record MailboxCreated(
            MailboxId mailbox,
            Sha256 name,
            int uidValidity,
            @Nullable Role role,
            boolean subscribed,
            int sortOrder)
            implements Operation {}

    record MailboxRenamed(MailboxId mailbox, Sha256 name) implements Operation {}

    record MailboxChanged(MailboxId mailbox, @Nullable Role role, boolean subscribed, int sortOrder)
            implements Operation {}

    /// The mailbox is empty and gone.
    record MailboxEnded(MailboxId mailbox) implements Operation {}

    /// @param messageIds hashes under which later emails find this one's thread
    /// @param summary keyed hash of the encoded summary
    record EmailArrived(
            ArrivalId arrival,
            Sha256 blob,
            int size,
            Instant received,
            ThreadId thread,
            List<Long> messageIds,
            Sha256 summary)
            implements Operation {
        public EmailArrived {
            messageIds = List.copyOf(messageIds);
        }
    }

    record Placed(ArrivalId arrival, MailboxId mailbox, Uid uid, Keywords keywords, Instant saved)
            implements Operation {}

    record KeywordsSet(MailboxId mailbox, Uid uid, Keywords keywords) implements Operation {}

    record Unplaced(MailboxId mailbox, Uid uid) implements Operation {}

    /// The email has no placement left. It stays recoverable for the plan's retention.
    record EmailEnded(ArrivalId arrival) implements Operation {}

    /// An email that had ended is there again, as it arrived; where it is placed follows. Only one that is not condemned.
    record EmailRestored(EmailArrived email) implements Operation {}

    /// These emails ended long enough ago: they cannot be had back, and their objects go.
    record EmailsCondemned(List<ArrivalId> arrivals) implements Operation {
        public EmailsCondemned {
            arrivals = List.copyOf(arrivals);
        }
    }

    /// The objects of these condemned emails are gone from every vault, or owed as a removal by one that is away.
    record EmailsCollected(List<ArrivalId> arrivals) implements Operation {
        public EmailsCollected {
            arrivals = List.copyOf(arrivals);
        }
    }

    /// @param id keyed hash of the document's id
    record DocumentPut(int kind, Sha256 id, Sha256 content) implements Operation {}

    record DocumentEnded(int kind, Sha256 id) implements Operation {}

    /// Changes between the one before and this one were lost ([Hole]). None of the numbers they may have given out is used
    /// again: all go on beyond a gap. The first operation of its change, and the only one.
    ///
    /// @param modseqGap this change's mod-sequence less that of the change before it
    /// @param uidGap added to each mailbox's next UID
    /// @param mailboxGap added to the highest mailbox number
    /// @param uidValidity counts as given out from here on
    /// @param doubted since when the tail was in doubt: what it was opened for
    /// @param newest when the change before it was made; mails of lost changes arrived around or after it
    record HoleOpened(
            long modseqGap, int uidGap, int mailboxGap, int uidValidity, Instant doubted, Instant newest)
            implements Operation {}

    /// This email was filed over a hole, and arrived before the newest change from before it: a lost change may have brought
    /// it, or none ever, so that its sender tried again. It is counted, nothing else.
    record PossibleDuplicate(ArrivalId arrival) implements Operation {}

    /// Returns the keyed hashes of the contents it names.
    default List<Sha256> contents() {
        return switch (this) {
            case KeyMade(Sha256 key) -> List.of(key);
            case MailboxCreated o -> List.of(o.name());
            case MailboxRenamed(MailboxId _, Sha256 name) -> List.of(name);
            case EmailArrived o -> List.of(o.summary());
            case EmailRestored(EmailArrived o) -> List.of(o.summary());
            case DocumentPut(int _, Sha256 id, Sha256 content) -> List.of(id, content);
            case DocumentEnded(int _, Sha256 id) -> List.of(id);
            case MailboxChanged _, MailboxEnded _, Placed _, KeywordsSet _, Unplaced _,
                    EmailEnded _, EmailsCondemned _, EmailsCollected _, HoleOpened _,
                    PossibleDuplicate _ -> List.of();
        };
    }

    /// Whether it makes, renames, changes or ends a mailbox: what the account's face shows.
    default boolean concernsMailboxes() {
        return switch (this) {
            case MailboxCreated _, MailboxRenamed _, MailboxChanged _, MailboxEnded _ -> true;
            case EmailArrived _, Placed _, KeywordsSet _, Unplaced _, EmailEnded _ -> false;
            case EmailRestored _, EmailsCondemned _, EmailsCollected _, PossibleDuplicate _ -> false;
            case DocumentPut _, DocumentEnded _, KeyMade _, HoleOpened _ -> false;
        };
    }
}
