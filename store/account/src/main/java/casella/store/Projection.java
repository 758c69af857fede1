package casella.store;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.stored.Stored;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Applies the operations of one change to rows. The same operations on the same rows give the same rows:
/// live writes, rebuild and standby all go through here, so a view can be compared with another.
final class Projection {
    private static final byte[] EMPTY = new byte[0];

    private final Workspace rows;
    private final Stored.Counters.Builder counters;
    private final Modseq modseq;
    private final Instant at;
    private final Map<Sha256, byte[]> contents;

    /// @param counters as they stand before; changed by what is applied
    /// @param modseq the change's own
    /// @param at when the change was made
    /// @param contents what the operations name by hash
    Projection(Workspace rows, Stored.Counters.Builder counters, Modseq modseq, Instant at,
            Map<Sha256, byte[]> contents) {
        this.rows = rows;
        this.counters = counters;
        this.modseq = modseq;
        this.at = at;
        this.contents = contents;
    }

    /// Applies one operation.
    ///
    /// @throws Fault.Corrupt if it does not fit the rows: the view is not the journal's
    void apply(Operation operation) {
        switch (operation) {
            case Operation.MailboxCreated o -> mailboxCreated(o);
            case Operation.MailboxRenamed(MailboxId id, Sha256 name) -> mailboxRenamed(id, text(name));
            case Operation.MailboxChanged o -> mailboxChanged(o);
            case Operation.MailboxEnded(MailboxId id) -> mailboxEnded(id);
            case Operation.EmailArrived o -> emailArrived(o);
            case Operation.Placed o -> placed(o);
            case Operation.KeywordsSet(MailboxId mailbox, Uid uid, Keywords keywords) ->
                    keywordsSet(mailbox, uid, keywords);
            case Operation.Unplaced(MailboxId mailbox, Uid uid) -> unplaced(mailbox, uid);
            case Operation.EmailEnded(ArrivalId arrival) -> emailEnded(arrival);
            case Operation.EmailRestored(Operation.EmailArrived email) -> emailRestored(email);
            case Operation.EmailsCondemned(List<ArrivalId> arrivals) -> arrivals.forEach(this::condemned);
            case Operation.EmailsCollected(List<ArrivalId> arrivals) -> arrivals.forEach(this::collected);
            case Operation.DocumentPut(int kind, Sha256 id, Sha256 content) -> documentPut(kind, id, content);
            case Operation.DocumentEnded(int kind, Sha256 id) -> documentEnded(kind, text(id));
            case Operation.KeyMade(Sha256 key) -> keyMade(key);
            case Operation.HoleOpened o -> holeOpened(o);
            case Operation.PossibleDuplicate _ ->
                    counters.setPossibleDuplicates(counters.getPossibleDuplicates() + 1);
        }
    }

    private void holeOpened(Operation.HoleOpened o) {
        counters.setFloor(modseq.value()).setHoleDoubt(o.doubted().toEpochMilli());
        counters.setHoles(counters.getHoles() + 1);
        counters.setMailboxes(counters.getMailboxes() + o.mailboxGap());
        if (Integer.compareUnsigned(o.uidValidity(), counters.getUidValidity()) > 0) {
            counters.setUidValidity(o.uidValidity());
        }
        var all = new ArrayList<Mailbox>();
        rows.scan(new byte[] {0x10}, (key, value) -> {
            all.add(RowCodec.mailbox(new MailboxId(ByteBuffer.wrap(key, 1, 4).getInt()), value));
            return true;
        });
        for (Mailbox mailbox : all) {
            long next = Math.min(mailbox.uidNext() + Integer.toUnsignedLong(o.uidGap()), Uid.LAST.value());
            write(mailbox, numbered(mailbox, Math.max(mailbox.uidNext(), next)));
        }
    }

    private static Mailbox numbered(Mailbox before, long uidNext) {
        return new Mailbox(
                before.id(),
                before.name(),
                before.uidValidity(),
                uidNext,
                before.created(),
                before.modseq(),
                before.properties(),
                before.count(),
                before.unseen(),
                before.deleted(),
                before.bytes(),
                before.role(),
                before.subscribed(),
                before.sortOrder());
    }

    /// Writes the head and the journal entry: the last step of a change.
    void seal(long epoch, Entry entry) {
        rows.put(new Key.Entry(modseq), entry.encode());
        rows.put(new Key.Head(), head(epoch, entry.hash()).bytes());
    }

    /// Returns the head after this change.
    HeadRow head(long epoch, Sha256 hash) {
        return new HeadRow(modseq.value(), epoch, hash, counters.build().toByteArray());
    }

    private void keyMade(Sha256 hash) {
        byte[] key = contents.get(hash);
        if (key == null) throw misfit("The account's key is missing", hash);
        counters.setContentKey(ByteString.copyFrom(key));
    }

    private void mailboxCreated(Operation.MailboxCreated o) {
        String name = text(o.name());
        var mailbox =
                new Mailbox(
                        o.mailbox(),
                        name,
                        Integer.toUnsignedLong(o.uidValidity()),
                        1,
                        modseq,
                        Modseq.NONE,
                        modseq,
                        0,
                        0,
                        0,
                        0,
                        o.role(),
                        o.subscribed(),
                        o.sortOrder());
        rows.put(new Key.MailboxName(name), number(o.mailbox()));
        counters.setMailboxes(Math.max(counters.getMailboxes(), o.mailbox().number()));
        if (Integer.compareUnsigned(o.uidValidity(), counters.getUidValidity()) > 0) {
            counters.setUidValidity(o.uidValidity());
        }
        write(mailbox, mailbox);
    }

    private void mailboxRenamed(MailboxId id, String name) {
        Mailbox before = mailbox(id);
        rows.delete(new Key.MailboxName(before.name()));
        rows.put(new Key.MailboxName(name), number(id));
        write(before, properties(before, name, before.role(), before.subscribed(), before.sortOrder()));
    }

    private void mailboxChanged(Operation.MailboxChanged o) {
        Mailbox before = mailbox(o.mailbox());
        write(before, properties(before, before.name(), o.role(), o.subscribed(), o.sortOrder()));
    }

    private void mailboxEnded(MailboxId id) {
        Mailbox before = mailbox(id);
        if (before.count() != 0) throw misfit("A mailbox with emails ended", id);
        rows.delete(new Key.Mailbox(id));
        rows.delete(new Key.MailboxName(before.name()));
        rows.delete(new Key.MailboxChanged(before.modseq(), id));
        rows.put(new Key.MailboxEnded(modseq, id), number(before.created()));
    }

    private void emailArrived(Operation.EmailArrived o) {
        byte[] summary = contents.get(o.summary());
        if (summary == null) throw misfit("An email's summary is missing", o.arrival());
        var email =
                new Email(o.arrival(), o.blob(), o.size(), o.received(), o.thread(), modseq, modseq,
                        List.of());
        rows.put(new Key.Email(o.arrival()), RowCodec.encode(email, o.messageIds()));
        rows.put(new Key.Summary(o.arrival()), summary);
        rows.put(new Key.EmailChanged(modseq, o.arrival()), EMPTY);
        rows.put(new Key.Content(o.blob(), o.arrival()), EMPTY);
        rows.put(new Key.ThreadEmail(o.thread(), o.arrival()), EMPTY);
        for (long hash : o.messageIds()) rows.put(new Key.MessageIdHash(hash, o.thread(), o.arrival()),
                EMPTY);
        touch(o.thread());
        counters.setEmails(counters.getEmails() + 1);
        counters.setUsedBytes(counters.getUsedBytes() + o.size());
    }

    private void placed(Operation.Placed o) {
        Email email = email(o.arrival());
        Mailbox before = mailbox(o.mailbox());
        var placement =
                new Placement(
                        o.mailbox(),
                        o.uid(),
                        o.arrival(),
                        o.keywords(),
                        modseq,
                        modseq,
                        o.saved(),
                        email.received(),
                        email.size());
        rows.put(new Key.Placement(o.mailbox(), o.uid()), RowCodec.encode(placement));
        rows.put(new Key.PlacementChanged(o.mailbox(), modseq, o.uid()), EMPTY);
        rows.put(received(placement), EMPTY);
        indexDeleted(placement);
        var places = new ArrayList<>(email.places());
        places.add(new Email.Place(o.mailbox(), o.uid()));
        write(email, places);
        write(before, counted(before, placement, 1, Math.max(before.uidNext(), o.uid().value() + 1)));
    }

    private void keywordsSet(MailboxId id, Uid uid, Keywords keywords) {
        Placement before = placement(id, uid);
        var after =
                new Placement(
                        id,
                        uid,
                        before.email(),
                        keywords,
                        modseq,
                        before.created(),
                        before.saved(),
                        before.received(),
                        before.size());
        rows.put(new Key.Placement(id, uid), RowCodec.encode(after));
        rows.delete(new Key.PlacementChanged(id, before.modseq(), uid));
        rows.put(new Key.PlacementChanged(id, modseq, uid), EMPTY);
        indexDeleted(after);
        Email email = email(before.email());
        write(email, email.places());
        Mailbox mailbox = mailbox(id);
        Mailbox without = counted(mailbox, before, -1, mailbox.uidNext());
        write(mailbox, counted(without, after, 1, mailbox.uidNext()));
    }

    private void unplaced(MailboxId id, Uid uid) {
        Placement before = placement(id, uid);
        rows.delete(new Key.Placement(id, uid));
        rows.delete(new Key.PlacementChanged(id, before.modseq(), uid));
        rows.delete(received(before));
        rows.delete(new Key.Deleted(id, uid));
        rows.put(new Key.PlacementEnded(id, modseq, uid), EMPTY);
        Email email = email(before.email());
        var places = new ArrayList<>(email.places());
        places.remove(new Email.Place(id, uid));
        write(email, places);
        Mailbox mailbox = mailbox(id);
        write(mailbox, counted(mailbox, before, -1, mailbox.uidNext()));
    }

    private void indexDeleted(Placement placement) {
        Key key = new Key.Deleted(placement.mailbox(), placement.uid());
        if (placement.keywords().has(Keywords.DELETED)) rows.put(key, EMPTY);
        else rows.delete(key);
    }

    private void emailEnded(ArrivalId arrival) {
        byte[] row = rows.get(new Key.Email(arrival));
        if (row == null) throw misfit("An unknown email ended", arrival);
        Email email = RowCodec.email(arrival, row);
        if (!email.places().isEmpty()) throw misfit("An email with placements ended", arrival);
        rows.delete(new Key.Email(arrival));
        rows.delete(new Key.Summary(arrival));
        rows.delete(new Key.EmailChanged(email.modseq(), arrival));
        rows.put(new Key.EmailEnded(modseq, arrival), number(email.created()));
        // A clock that was behind takes nothing from an email's time: it did not end before it arrived.
        Instant when = Instant.ofEpochMilli(Math.max(at.toEpochMilli(), arrival.unixMillis()));
        var ended = new EndedEmail(arrival, modseq, when, email.blob(), email.size(), Modseq.NONE, when,
                false);
        rows.put(new Key.Ended(arrival), RowCodec.encode(ended));
        rows.put(new Key.Recoverable(modseq, arrival), EMPTY);
        counters.setRecoverableBytes(counters.getRecoverableBytes() + email.size());
        rows.delete(new Key.Content(email.blob(), arrival));
        rows.delete(new Key.ThreadEmail(email.thread(), arrival));
        for (long hash : RowCodec.messageIds(row)) rows.delete(
                new Key.MessageIdHash(hash, email.thread(), arrival));
        touch(email.thread());
        counters.setEmails(counters.getEmails() - 1);
        counters.setUsedBytes(counters.getUsedBytes() - email.size());
    }

    /// The rows that say it ended go: a client that saw the end sees an email created, one that did not sees
    /// nothing ended.
    private void emailRestored(Operation.EmailArrived o) {
        EndedEmail ended = ended(o.arrival());
        if (!ended.recoverable()) throw misfit("A condemned email was restored", o.arrival());
        rows.delete(new Key.Ended(o.arrival()));
        rows.delete(new Key.Recoverable(ended.modseq(), o.arrival()));
        rows.delete(new Key.EmailEnded(ended.modseq(), o.arrival()));
        counters.setRecoverableBytes(counters.getRecoverableBytes() - ended.size());
        emailArrived(o);
    }

    private void condemned(ArrivalId arrival) {
        EndedEmail ended = ended(arrival);
        if (!ended.recoverable()) throw misfit("An email was condemned twice", arrival);
        rows.put(new Key.Ended(arrival), RowCodec.encode(ended.condemnedBy(modseq, at)));
        rows.delete(new Key.Recoverable(ended.modseq(), arrival));
        rows.put(new Key.Condemned(modseq, arrival), EMPTY);
        counters.setRecoverableBytes(counters.getRecoverableBytes() - ended.size());
    }

    private void collected(ArrivalId arrival) {
        EndedEmail ended = ended(arrival);
        if (!ended.pending()) throw misfit("An email that is not condemned was collected", arrival);
        rows.put(new Key.Ended(arrival), RowCodec.encode(ended.gone()));
        rows.delete(new Key.Condemned(ended.condemned(), arrival));
    }

    private EndedEmail ended(ArrivalId arrival) {
        byte[] row = rows.get(new Key.Ended(arrival).bytes());
        if (row == null) throw misfit("An email that did not end is treated as ended", arrival);
        return RowCodec.ended(arrival, row);
    }

    private void documentPut(int kind, Sha256 idHash, Sha256 contentHash) {
        String id = text(idHash);
        byte[] content = contents.get(contentHash);
        if (content == null) throw misfit("A document's content is missing", kind);
        byte[] before = rows.get(new Key.Document(kind, id));
        Modseq created = modseq;
        if (before != null) {
            Stored.DocumentRow row = RowCodec.document(before);
            created = new Modseq(row.getCreated());
            rows.delete(new Key.DocumentChanged(kind, new Modseq(row.getModseq()), id));
        }
        rows.put(
                new Key.Document(kind, id),
                RowCodec.encode(
                        Stored.DocumentRow.newBuilder()
                                .setContent(ByteString.copyFrom(content))
                                .setCreated(created.value())
                                .setModseq(modseq.value())
                                .build()));
        rows.put(new Key.DocumentChanged(kind, modseq, id), number(created));
    }

    private void documentEnded(int kind, String id) {
        byte[] before = rows.get(new Key.Document(kind, id));
        if (before == null) throw misfit("An unknown document ended", kind);
        Stored.DocumentRow row = RowCodec.document(before);
        rows.delete(new Key.Document(kind, id));
        rows.delete(new Key.DocumentChanged(kind, new Modseq(row.getModseq()), id));
        rows.put(new Key.DocumentChanged(kind, modseq, id), number(new Modseq(row.getCreated())));
    }

    /// Writes a mailbox with this change as its last.
    private void write(Mailbox before, Mailbox after) {
        rows.delete(new Key.MailboxChanged(before.modseq(), before.id()));
        rows.put(new Key.MailboxChanged(modseq, before.id()), EMPTY);
        var now =
                new Mailbox(
                        after.id(),
                        after.name(),
                        after.uidValidity(),
                        after.uidNext(),
                        after.created(),
                        modseq,
                        after.properties(),
                        after.count(),
                        after.unseen(),
                        after.deleted(),
                        after.bytes(),
                        after.role(),
                        after.subscribed(),
                        after.sortOrder());
        rows.put(new Key.Mailbox(after.id()), RowCodec.encode(now));
    }

    private Mailbox properties(
            Mailbox before,
            String name,
            @org.jspecify.annotations.Nullable Role role,
            boolean subscribed,
            int sortOrder) {
        return new Mailbox(
                before.id(),
                name,
                before.uidValidity(),
                before.uidNext(),
                before.created(),
                before.modseq(),
                modseq,
                before.count(),
                before.unseen(),
                before.deleted(),
                before.bytes(),
                role,
                subscribed,
                sortOrder);
    }

    /// Returns the mailbox with `placement` counted in (`sign` 1) or out (-1).
    private static Mailbox counted(Mailbox before, Placement placement, int sign, long uidNext) {
        Keywords keywords = placement.keywords();
        return new Mailbox(
                before.id(),
                before.name(),
                before.uidValidity(),
                uidNext,
                before.created(),
                before.modseq(),
                before.properties(),
                before.count() + sign,
                before.unseen() + (keywords.has(Keywords.SEEN) ? 0 : sign),
                before.deleted() + (keywords.has(Keywords.DELETED) ? sign : 0),
                before.bytes() + (long) sign * placement.size(),
                before.role(),
                before.subscribed(),
                before.sortOrder());
    }

    private void write(Email before, List<Email.Place> places) {
        rows.delete(new Key.EmailChanged(before.modseq(), before.id()));
        rows.put(new Key.EmailChanged(modseq, before.id()), EMPTY);
        byte[] row = rows.get(new Key.Email(before.id()));
        if (row == null) throw misfit("An unknown email changed", before.id());
        var after =
                new Email(
                        before.id(),
                        before.blob(),
                        before.size(),
                        before.received(),
                        before.thread(),
                        before.created(),
                        modseq,
                        places);
        rows.put(new Key.Email(before.id()), RowCodec.encode(after, RowCodec.messageIds(row)));
    }

    private void touch(ThreadId thread) {
        byte[] last = rows.get(new Key.ThreadState(thread));
        if (last != null) rows.delete(
                new Key.ThreadChanged(new Modseq(ByteBuffer.wrap(last).getLong()), thread));
        rows.put(new Key.ThreadState(thread), number(modseq));
        rows.put(new Key.ThreadChanged(modseq, thread), EMPTY);
    }

    private static Key received(Placement placement) {
        Instant at = placement.received();
        return new Key.Received(placement.mailbox(), at.toEpochMilli(), placement.email(), placement.uid());
    }

    private Mailbox mailbox(MailboxId id) {
        byte[] row = rows.get(new Key.Mailbox(id));
        if (row == null) throw misfit("An unknown mailbox is named", id);
        return RowCodec.mailbox(id, row);
    }

    private Placement placement(MailboxId mailbox, Uid uid) {
        byte[] row = rows.get(new Key.Placement(mailbox, uid));
        if (row == null) throw misfit("An unknown placement is named", mailbox + "/" + uid);
        return RowCodec.placement(mailbox, uid, row);
    }

    private Email email(ArrivalId id) {
        byte[] row = rows.get(new Key.Email(id));
        if (row == null) throw misfit("An unknown email is named", id);
        return RowCodec.email(id, row);
    }

    private String text(Sha256 hash) {
        byte[] content = contents.get(hash);
        if (content == null) throw misfit("A name is missing", hash);
        return new String(content, StandardCharsets.UTF_8);
    }

    private Fault.Corrupt misfit(String sentence, Object what) {
        return new Fault.Corrupt(sentence, Map.of("modseq", modseq, "what", what));
    }

    private static byte[] number(MailboxId mailbox) {
        return ByteBuffer.allocate(4).putInt(mailbox.number()).array();
    }

    private static byte[] number(Modseq modseq) {
        return ByteBuffer.allocate(8).putLong(modseq.value()).array();
    }
}
