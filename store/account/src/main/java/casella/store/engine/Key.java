package casella.store.engine;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Addresses of rows in the engine.
///
/// All integers are big-endian and unsigned, so byte order is number order. Keys are relative to their account; an
/// engine puts the account (u64) before them, so one account is one range. Values start with a format byte, then are
/// the message of `stored.proto` named here ([HeadRow] begins with fixed fields that engines read).
///
/// ```text
/// key                                        value            read by
/// 00                                         HeadRow          every change; engines: version, epoch
/// 01 modseq:u64                              journal Entry    start-up comparison, segments; until archived
/// 02                                         ArchivedRow      archiver, start-up comparison: what is in segments
/// 03                                         CollectedRow     collector: what has left the first vault
/// 10 mailbox:u32                             MailboxRow       LIST, SELECT, Mailbox/get
/// 11 name:utf8                               mailbox:u32      SELECT, CREATE
/// 12 modseq:u64 mailbox:u32                  empty            Mailbox/changes (last change of each mailbox)
/// 13 modseq:u64 mailbox:u32                  created:u64      Mailbox/changes (ended)
/// 20 mailbox:u32 uid:u32                     PlacementRow     FETCH, STORE, Email/query by UID order
/// 21 mailbox:u32 modseq:u64 uid:u32          empty            CHANGEDSINCE (last change of each placement)
/// 22 mailbox:u32 modseq:u64 uid:u32          empty            VANISHED (ended placements, kept for ever)
/// 23 mailbox:u32 received:u64 arrival:u128 uid:u32  empty     Email/query by receivedAt (Unix milliseconds)
/// 24 mailbox:u32 uid:u32                     empty            EXPUNGE: placements with \Deleted
/// 30 arrival:u128                            EmailRow         Email/get, body reads
/// 31 arrival:u128                            summary bytes    ENVELOPE, BODYSTRUCTURE, Email/get, PREVIEW
/// 32 modseq:u64 arrival:u128                 empty            Email/changes (last change of each email)
/// 33 modseq:u64 arrival:u128                 created:u64      Email/changes (ended)
/// 34 sha256:32 arrival:u128                  empty            blobId look-up
/// 35 thread:u128 arrival:u128                empty            Thread/get
/// 36 hash:u64 thread:u128 arrival:u128       empty            threading: an email's Message-IDs, hashed
/// 37 modseq:u64 thread:u128                  empty            Thread/changes (last change of each thread)
/// 38 thread:u128                             modseq:u64       which row of 37 is the thread's
/// 39 arrival:u128                            EndedRow         restore, collector: every email that ended, for ever
/// 3a modseq:u64 arrival:u128                 empty            collector: ended and recoverable, by when it ended
/// 3b modseq:u64 arrival:u128                 empty            collector: condemned, its object not gone yet
/// 40 kind:u8 id:utf8                         DocumentRow      scripts, settings, identities, submissions
/// 41 kind:u8 modseq:u64 id:utf8              created:u64      changes of documents (last change of each)
/// ```
///
/// Rooms 01 to 0F say what this engine has done with the journal; they are no part of the account's state.
public sealed interface Key {
    /// The account itself: version, epoch, head hash, counters.
    record Head() implements Key {}

    /// A change as it was journalled, until it is archived in segments.
    record Entry(Modseq modseq) implements Key {}

    /// Up to where entries are in segments.
    record Archived() implements Key {}

    /// Up to which change the condemned have left the first vault.
    record Collected() implements Key {}

    record Mailbox(MailboxId mailbox) implements Key {}

    record MailboxName(String name) implements Key {}

    record MailboxChanged(Modseq modseq, MailboxId mailbox) implements Key {}

    record MailboxEnded(Modseq modseq, MailboxId mailbox) implements Key {}

    /// An email in a mailbox, in UID order.
    record Placement(MailboxId mailbox, Uid uid) implements Key {}

    record PlacementChanged(MailboxId mailbox, Modseq modseq, Uid uid) implements Key {}

    record PlacementEnded(MailboxId mailbox, Modseq modseq, Uid uid) implements Key {}

    /// In the order of receipt; an email placed twice in a mailbox has two.
    record Received(MailboxId mailbox, long unixMillis, ArrivalId arrival, Uid uid) implements Key {}

    /// A placement with `\Deleted`.
    record Deleted(MailboxId mailbox, Uid uid) implements Key {}

    record Email(ArrivalId arrival) implements Key {}

    record Summary(ArrivalId arrival) implements Key {}

    record EmailChanged(Modseq modseq, ArrivalId arrival) implements Key {}

    record EmailEnded(Modseq modseq, ArrivalId arrival) implements Key {}

    record Content(Sha256 hash, ArrivalId arrival) implements Key {}

    record ThreadEmail(ThreadId thread, ArrivalId arrival) implements Key {}

    record MessageIdHash(long hash, ThreadId thread, ArrivalId arrival) implements Key {}

    record ThreadChanged(Modseq modseq, ThreadId thread) implements Key {}

    record ThreadState(ThreadId thread) implements Key {}

    /// An email that ended; not one that was restored.
    record Ended(ArrivalId arrival) implements Key {}

    /// @param modseq of the change that ended it
    record Recoverable(Modseq modseq, ArrivalId arrival) implements Key {}

    /// @param modseq of the change that condemned it
    record Condemned(Modseq modseq, ArrivalId arrival) implements Key {}

    record Document(int kind, String id) implements Key {}

    record DocumentChanged(int kind, Modseq modseq, String id) implements Key {}

    /// Returns the account-relative bytes.
    default byte[] bytes() {
        return switch (this) {
            case Head() -> room(0x00, 0).array();
            case Entry(Modseq m) -> room(0x01, 8).putLong(m.value()).array();
            case Archived() -> room(0x02, 0).array();
            case Collected() -> room(0x03, 0).array();
            case Mailbox(MailboxId b) -> room(0x10, 4).putInt(b.number()).array();
            case MailboxName(String n) -> text(0x11, n);
            case MailboxChanged(Modseq m, MailboxId b) -> pair(0x12, m, b);
            case MailboxEnded(Modseq m, MailboxId b) -> pair(0x13, m, b);
            case Placement(MailboxId b, Uid u) -> room(0x20, 8).putInt(b.number()).putInt(u.unsigned()).array();
            case PlacementChanged(MailboxId b, Modseq m, Uid u) -> triple(0x21, b, m, u);
            case PlacementEnded(MailboxId b, Modseq m, Uid u) -> triple(0x22, b, m, u);
            case Received(MailboxId b, long t, ArrivalId a, Uid u) ->
                    room(0x23, 32).putInt(b.number()).putLong(t).put(a.bytes()).putInt(u.unsigned()).array();
            case Deleted(MailboxId b, Uid u) -> room(0x24, 8).putInt(b.number()).putInt(u.unsigned()).array();
            case Email(ArrivalId a) -> room(0x30, 16).put(a.bytes()).array();
            case Summary(ArrivalId a) -> room(0x31, 16).put(a.bytes()).array();
            case EmailChanged(Modseq m, ArrivalId a) -> timed(0x32, m, a);
            case EmailEnded(Modseq m, ArrivalId a) -> timed(0x33, m, a);
            case Content(Sha256 h, ArrivalId a) -> room(0x34, 48).put(h.bytes()).put(a.bytes()).array();
            case ThreadEmail(ThreadId t, ArrivalId a) -> room(0x35, 32).put(t.first().bytes()).put(a.bytes()).array();
            case MessageIdHash(long h, ThreadId t, ArrivalId a) ->
                    room(0x36, 40).putLong(h).put(t.first().bytes()).put(a.bytes()).array();
            case ThreadChanged(Modseq m, ThreadId t) -> timed(0x37, m, t.first());
            case ThreadState(ThreadId t) -> room(0x38, 16).put(t.first().bytes()).array();
            case Ended(ArrivalId a) -> room(0x39, 16).put(a.bytes()).array();
            case Recoverable(Modseq m, ArrivalId a) -> timed(0x3A, m, a);
            case Condemned(Modseq m, ArrivalId a) -> timed(0x3B, m, a);
            case Document(int k, String id) -> {
                byte[] name = id.getBytes(StandardCharsets.UTF_8);
                yield room(0x40, 1 + name.length).put((byte) k).put(name).array();
            }
            case DocumentChanged(int k, Modseq m, String id) -> {
                byte[] name = id.getBytes(StandardCharsets.UTF_8);
                yield room(0x41, 9 + name.length).put((byte) k).putLong(m.value()).put(name).array();
            }
        };
    }

    /// Returns the first key that no longer starts with `prefix`.
    static byte[] after(byte[] prefix) {
        byte[] next = prefix.clone();
        for (int i = next.length - 1; i >= 0; i--) {
            if (++next[i] != 0) return Arrays.copyOf(next, i + 1);
        }
        throw new IllegalArgumentException("key: nothing sorts after it");
    }

    private static ByteBuffer room(int number, int rest) {
        return ByteBuffer.allocate(1 + rest).put((byte) number);
    }

    private static byte[] text(int number, String text) {
        byte[] name = text.getBytes(StandardCharsets.UTF_8);
        return room(number, name.length).put(name).array();
    }

    private static byte[] pair(int number, Modseq modseq, MailboxId mailbox) {
        return room(number, 12).putLong(modseq.value()).putInt(mailbox.number()).array();
    }

    private static byte[] triple(int number, MailboxId mailbox, Modseq modseq, Uid uid) {
        return room(number, 16).putInt(mailbox.number()).putLong(modseq.value()).putInt(uid.unsigned()).array();
    }

    private static byte[] timed(int number, Modseq modseq, ArrivalId arrival) {
        return room(number, 24).putLong(modseq.value()).put(arrival.bytes()).array();
    }
}
