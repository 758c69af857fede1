package casella.store;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.message.Summary;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One account as it stands at one moment. Given to [Account#read]; not valid after it returns.
///
/// Everything here runs on a thread of the engine: ask for one page, return values, write to no client. Page
/// sizes are the caller's duty: at most [#PAGE_MAX] rows of anything that can be long.
public final class View {
    public static final int PAGE_MAX = 1_000;

    /// Rows that [#ended] looks at: 5 ms.
    private static final int ENDED_LOOK_MAX = 10_000;
    /// Where the arrival stands in a key of `EmailEnded`.
    private static final int ENDED_ARRIVAL_AT = 9;

    private final Rows rows;
    private final HeadRow head;
    private final Modseq floor;
    /// Folders of which the name is known and nothing else; null where everything is.
    private final @Nullable Set<MailboxId> closed;

    public View(Rows rows, HeadRow head) {
        this(rows, head, null);
    }

    /// @param closed folders that are only named, of an account that is not known whole; null for one that is
    View(Rows rows, HeadRow head, @Nullable Set<MailboxId> closed) {
        this.rows = rows;
        this.head = head;
        this.floor = new Modseq(RowCodec.counters(head).getFloor());
        this.closed = closed;
    }

    /// Says whether this is less than the account: some folders named and closed, and what came meanwhile. What
    /// is not in it may be in the account, so asking for it is a `Fault.Unavailable`, never "there is none".
    public boolean partial() {
        return closed != null;
    }

    /// Says whether a folder is only named now: whatever asks for more of it gets a `Fault.Unavailable`.
    public boolean closed(MailboxId mailbox) {
        return closed != null && closed.contains(mailbox);
    }

    private void open(MailboxId mailbox) {
        if (closed(mailbox)) throw away("The folder is closed until the account is back");
    }

    /// Only a whole account can say that it has nothing.
    private void whole() {
        if (closed != null) throw away("The account cannot be read now");
    }

    private static Fault.Unavailable away(String why) {
        return new Fault.Unavailable(why, Map.of());
    }

    Rows rows() {
        return rows;
    }

    HeadRow headRow() {
        return head;
    }

    /// Returns the account's mod-sequence: the state of everything below.
    public Modseq modseq() {
        return new Modseq(head.version());
    }

    /// Returns the hash of the newest journal entry.
    public Sha256 headHash() {
        return head.hash();
    }

    public long epoch() {
        return head.epoch();
    }

    /// Returns the mod-sequence below which changes may be unknown, since a hole in the journal;
    /// [Modseq#NONE] for none.
    public Modseq floor() {
        return floor;
    }

    /// Returns sizes of live emails, each counted once.
    public long usedBytes() {
        whole();
        return RowCodec.counters(head).getUsedBytes();
    }

    /// Returns sizes of emails that ended and can be had back; they count towards no quota.
    public long recoverableBytes() {
        whole();
        return RowCodec.counters(head).getRecoverableBytes();
    }

    /// Returns how many live emails there are.
    public long emailCount() {
        whole();
        return RowCodec.counters(head).getEmails();
    }

    /// Returns all mailboxes, in the order of their ids. At most [Mailbox#COUNT_MAX].
    public List<Mailbox> mailboxes() {
        var all = new ArrayList<Mailbox>();
        rows.scan(
                new byte[] {0x10},
                (key, value) -> {
                    all.add(RowCodec.mailbox(new MailboxId(ByteBuffer.wrap(key, 1, 4).getInt()), value));
                    return true;
                });
        return all;
    }

    public @Nullable Mailbox mailbox(MailboxId id) {
        byte[] value = rows.get(new Key.Mailbox(id));
        return value == null ? null : RowCodec.mailbox(id, value);
    }

    /// Returns the mailbox with that full name; `INBOX` in any case is the inbox. RFC 9051 §5.1.
    public @Nullable Mailbox mailbox(String name) {
        byte[] value = rows.get(new Key.MailboxName(MailboxNames.canonical(name)));
        return value == null ? null : mailbox(new MailboxId(ByteBuffer.wrap(value).getInt()));
    }

    public @Nullable Mailbox mailbox(Role role) {
        for (Mailbox mailbox : mailboxes()) if (mailbox.role() == role) return mailbox;
        return null;
    }

    /// Returns placements with a UID of at least `from`, in UID order, at most `limit`.
    public List<Placement> placements(MailboxId mailbox, Uid from, int limit) {
        open(mailbox);
        var page = new ArrayList<Placement>();
        byte[] start = new Key.Placement(mailbox, from).bytes();
        byte[] end = Key.after(prefix(0x20, mailbox));
        rows.scan(
                start,
                end,
                false,
                (key, value) -> {
                    var uid = new Uid(ByteBuffer.wrap(key, 5, 4).getInt());
                    page.add(shown(RowCodec.placement(mailbox, uid, value)));
                    return page.size() < limit;
                });
        return page;
    }

    public @Nullable Placement placement(MailboxId mailbox, Uid uid) {
        open(mailbox);
        byte[] value = rows.get(new Key.Placement(mailbox, uid));
        return value == null ? null : shown(RowCodec.placement(mailbox, uid, value));
    }

    /// Returns the placement with the mod-sequence that clients are told: over a hole every placement may
    /// have changed, so none is told of as older than the floor. Its row keeps what it has.
    private Placement shown(Placement placement) {
        return floor.after(placement.modseq()) ? placement.changedAt(floor) : placement;
    }

    /// Returns when a placement was last changed as far as is known, whatever a hole may have hidden.
    @Nullable Modseq lastKnownChange(MailboxId mailbox, Uid uid) {
        byte[] value = rows.get(new Key.Placement(mailbox, uid));
        return value == null ? null : RowCodec.placement(mailbox, uid, value).modseq();
    }

    /// Returns placements made or changed after `since`, oldest change first, at most `limit`.
    ///
    /// @param since not below [#floor]: from there on alone is it known what changed
    public List<Placement> changedSince(MailboxId mailbox, Modseq since, int limit) {
        open(mailbox);
        var page = new ArrayList<Placement>();
        byte[] start = new Key.PlacementChanged(mailbox, since.next(), Uid.FIRST).bytes();
        rows.scan(
                start,
                Key.after(prefix(0x21, mailbox)),
                false,
                (key, _) -> {
                    Placement placement = placement(mailbox, new Uid(ByteBuffer.wrap(key, 13, 4).getInt()));
                    if (placement != null) page.add(placement);
                    return page.size() < limit;
                });
        return page;
    }

    /// One placement that ended.
    public record Ended(Uid uid, Modseq modseq) {}

    /// Returns placements that ended after `since`, oldest first, at most `limit`: VANISHED. RFC 7162
    /// §3.2.10.
    public List<Ended> endedSince(MailboxId mailbox, Modseq since, int limit) {
        open(mailbox);
        var page = new ArrayList<Ended>();
        byte[] start = new Key.PlacementEnded(mailbox, since.next(), Uid.FIRST).bytes();
        rows.scan(
                start,
                Key.after(prefix(0x22, mailbox)),
                false,
                (key, _) -> {
                    ByteBuffer in = ByteBuffer.wrap(key, 5, 12);
                    var modseq = new Modseq(in.getLong());
                    page.add(new Ended(new Uid(in.getInt()), modseq));
                    return page.size() < limit;
                });
        return page;
    }

    /// Returns UIDs of placements with `\Deleted`, ascending, at most `limit` from `from` on.
    public List<Uid> deleted(MailboxId mailbox, Uid from, int limit) {
        open(mailbox);
        var page = new ArrayList<Uid>();
        rows.scan(
                new Key.Deleted(mailbox, from).bytes(),
                Key.after(prefix(0x24, mailbox)),
                false,
                (key, _) -> {
                    page.add(new Uid(ByteBuffer.wrap(key, 5, 4).getInt()));
                    return page.size() < limit;
                });
        return page;
    }

    /// Returns what is known of an email that ended; null for one that lives or never was.
    public @Nullable EndedEmail endedEmail(ArrivalId id) {
        whole();
        byte[] value = rows.get(new Key.Ended(id).bytes());
        return value == null ? null : RowCodec.ended(id, value);
    }

    /// Returns the change that brought an email that ended, the last one if it was restored before.
    public Modseq created(EndedEmail ended) {
        byte[] value = rows.get(new Key.EmailEnded(ended.modseq(), ended.arrival()).bytes());
        return value == null ? Modseq.NONE : new Modseq(ByteBuffer.wrap(value).getLong());
    }

    /// Returns emails that can be had back, the one that ended first first, at most `limit` after `after`.
    public List<EndedEmail> recoverable(@Nullable EndedEmail after, int limit) {
        whole();
        byte[] from = after == null ? new byte[] {0x3A}
                : Key.after(new Key.Recoverable(after.modseq(), after.arrival()).bytes());
        return ended(from, new byte[] {0x3B}, limit);
    }

    /// Returns emails that are condemned and whose objects may still be there, by when they were condemned,
    /// at most `limit` after `after`.
    public List<EndedEmail> condemned(@Nullable EndedEmail after, int limit) {
        whole();
        byte[] from = after == null ? new byte[] {0x3B}
                : Key.after(new Key.Condemned(after.condemned(), after.arrival()).bytes());
        return ended(from, new byte[] {0x3C}, limit);
    }

    private List<EndedEmail> ended(byte[] from, byte[] until, int limit) {
        var page = new ArrayList<EndedEmail>();
        rows.scan(from, until, false, (key, _) -> {
            EndedEmail ended = endedEmail(arrivalAt(key, 9));
            if (ended != null) page.add(ended);
            return page.size() < limit;
        });
        return page;
    }

    /// Says whether the email of that arrival ended. Of those that ended before format rows of room 39 were
    /// written, the newest [#ENDED_LOOK_MAX] are known.
    public boolean ended(ArrivalId id) {
        if (endedEmail(id) != null) return true;
        byte[] wanted = id.bytes();
        int[] looked = {0};
        boolean[] found = {false};
        byte[] prefix = {0x33};
        rows.scan(
                prefix,
                Key.after(prefix),
                true,
                (key, _) -> {
                    found[0] = Arrays.equals(key, ENDED_ARRIVAL_AT, key.length, wanted, 0, wanted.length);
                    return !found[0] && ++looked[0] < ENDED_LOOK_MAX;
                });
        return found[0];
    }

    public @Nullable Email email(ArrivalId id) {
        byte[] value = rows.get(new Key.Email(id));
        if (value == null) whole();
        return value == null ? null : RowCodec.email(id, value);
    }

    /// Returns the summary of a live email, null when there is no such email.
    public @Nullable Summary summary(ArrivalId id) {
        byte[] value = rows.get(new Key.Summary(id));
        if (value == null) whole();
        return value == null ? null : Summary.decode(value);
    }

    /// Returns the keywords JMAP shows: `$seen` if every placement has it, any other if one has it;
    /// placements with `\Deleted` do not count. RFC 8621 §4.1.1; architecture §5.
    public Keywords keywords(Email email) {
        List<Keywords> each = new ArrayList<>();
        for (Placement placement : shownPlacements(email)) each.add(placement.keywords());
        return RowCodec.merged(each);
    }

    /// Returns the placements without `\Deleted`, those that JMAP shows. Empty: JMAP does not show the email.
    public List<Placement> shownPlacements(Email email) {
        var shown = new ArrayList<Placement>();
        for (Email.Place place : email.places()) {
            Placement placement = placement(place.mailbox(), place.uid());
            if (placement != null && !placement.keywords().has(Keywords.DELETED)) shown.add(placement);
        }
        return shown;
    }

    /// Returns the live emails of a thread, oldest arrival first.
    public List<ArrivalId> thread(ThreadId thread) {
        var all = new ArrayList<ArrivalId>();
        byte[] prefix =
                ByteBuffer.allocate(17)
                        .put((byte) 0x35)
                        .put(thread.first().bytes())
                        .array();
        rows.scan(
                prefix,
                (key, _) -> {
                    all.add(arrivalAt(key, 17));
                    return all.size() < PAGE_MAX;
                });
        if (all.isEmpty()) whole();
        return all;
    }

    /// Returns live emails with these exact bytes.
    public List<ArrivalId> withContent(Sha256 blob) {
        var all = new ArrayList<ArrivalId>();
        byte[] prefix = ByteBuffer.allocate(33).put((byte) 0x34).put(blob.bytes()).array();
        rows.scan(
                prefix,
                (key, _) -> {
                    all.add(arrivalAt(key, 33));
                    return all.size() < PAGE_MAX;
                });
        if (all.isEmpty()) whole();
        return all;
    }

    /// A row of a mailbox in the order of receipt.
    public record ByReceived(long unixMillis, ArrivalId email, Uid uid) {}

    /// Returns one page of a mailbox in the order of receipt; an email placed twice in it comes twice.
    ///
    /// @param after exclusive start: the last row of the page before; null for the first page
    public List<ByReceived> byReceived(
            MailboxId mailbox, boolean newestFirst, @Nullable ByReceived after, int limit) {
        open(mailbox);
        byte[] prefix = prefix(0x23, mailbox);
        byte[] start = prefix;
        byte[] end = Key.after(prefix);
        if (after != null) {
            byte[] key = new Key.Received(mailbox, after.unixMillis(), after.email(), after.uid()).bytes();
            if (newestFirst) end = key;
            else start = Key.after(key);
        }
        var page = new ArrayList<ByReceived>();
        rows.scan(
                start,
                end,
                newestFirst,
                (key, _) -> {
                    var uid = new Uid(ByteBuffer.wrap(key, 29, 4).getInt());
                    page.add(new ByReceived(ByteBuffer.wrap(key, 5, 8).getLong(), arrivalAt(key, 13), uid));
                    return page.size() < limit;
                });
        return page;
    }

    /// Returns live emails in arrival order, at most `limit` after `after`.
    public List<ArrivalId> emails(@Nullable ArrivalId after, int limit) {
        whole();
        var page = new ArrayList<ArrivalId>();
        byte[] start = after == null ? new byte[] {0x30} : Key.after(new Key.Email(after).bytes());
        rows.scan(
                start,
                new byte[] {0x31},
                false,
                (key, _) -> {
                    page.add(arrivalAt(key, 1));
                    return page.size() < limit;
                });
        return page;
    }

    /// Returns what happened to emails after `since`. RFC 8620 §5.2.
    ///
    /// @param limit most ids in all three lists together, 1 to [#PAGE_MAX]
    public Changes<ArrivalId> emailChanges(Modseq since, int limit) {
        return new ChangeLog(this).emails(since, limit);
    }

    public Changes<ThreadId> threadChanges(Modseq since, int limit) {
        return new ChangeLog(this).threads(since, limit);
    }

    /// Returns what happened to mailboxes after `since`; `updated` includes those of which only counts
    /// changed.
    public Changes<MailboxId> mailboxChanges(Modseq since, int limit) {
        return new ChangeLog(this).mailboxes(since, limit);
    }

    public Changes<String> documentChanges(DocumentKind kind, Modseq since, int limit) {
        whole();
        return new ChangeLog(this).documents(kind, since, limit);
    }

    /// Returns the content of a document, null when there is none.
    public byte @Nullable [] document(DocumentKind kind, String id) {
        whole();
        byte[] value = rows.get(new Key.Document(kind.number(), id));
        return value == null ? null : RowCodec.document(value).getContent().toByteArray();
    }

    /// Returns all documents of a kind by id, at most [DocumentKind#COUNT_MAX].
    public Map<String, byte[]> documents(DocumentKind kind) {
        whole();
        var all = new LinkedHashMap<String, byte[]>();
        rows.scan(
                new byte[] {0x40, (byte) kind.number()},
                (key, value) -> {
                    String id = new String(key, 2, key.length - 2, java.nio.charset.StandardCharsets.UTF_8);
                    all.put(id, RowCodec.document(value).getContent().toByteArray());
                    return all.size() < DocumentKind.COUNT_MAX;
                });
        return Collections.unmodifiableMap(all);
    }

    private static ArrivalId arrivalAt(byte[] key, int offset) {
        ByteBuffer in = ByteBuffer.wrap(key, offset, ArrivalId.BYTES);
        return new ArrivalId(in.getLong(), in.getLong());
    }

    private static byte[] prefix(int room, MailboxId mailbox) {
        return ByteBuffer.allocate(5).put((byte) room).putInt(mailbox.number()).array();
    }
}
