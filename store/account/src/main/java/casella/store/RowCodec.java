package casella.store;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.store.engine.HeadRow;
import casella.store.stored.Stored;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The values of the engine's rows: one format byte, then a message of `stored.proto`.
final class RowCodec {
    /// First format. Nothing older is readable; nothing newer exists.
    static final byte FORMAT = 1;

    private RowCodec() {}

    static byte[] encode(MessageLite message) {
        byte[] body = message.toByteArray();
        byte[] value = new byte[1 + body.length];
        value[0] = FORMAT;
        System.arraycopy(body, 0, value, 1, body.length);
        return value;
    }

    static <T> T decode(Parser<T> parser, byte[] value) {
        if (value.length == 0 || value[0] != FORMAT) {
            throw new Fault.Corrupt("Row of an unknown format", Map.of("bytes", value.length));
        }
        try {
            return parser.parseFrom(CodedInputStream.newInstance(value, 1, value.length - 1));
        } catch (InvalidProtocolBufferException e) {
            throw new Fault.Corrupt("Row unreadable", Map.of("bytes", value.length), e);
        }
    }

    static Stored.Counters counters(HeadRow head) {
        try {
            return Stored.Counters.parseFrom(head.counters());
        } catch (IOException e) {
            throw new Fault.Corrupt("Counters unreadable", Map.of("version", head.version()), e);
        }
    }

    static Stored.DocumentRow document(byte[] value) {
        return decode(Stored.DocumentRow.parser(), value);
    }

    static Mailbox mailbox(MailboxId id, byte[] value) {
        Stored.MailboxRow row = decode(Stored.MailboxRow.parser(), value);
        return new Mailbox(
                id,
                row.getName(),
                Integer.toUnsignedLong(row.getUidValidity()),
                row.getUidNext() == 0 ? 1L << 32 : Integer.toUnsignedLong(row.getUidNext()),
                new Modseq(row.getCreated()),
                new Modseq(row.getModseq()),
                new Modseq(row.getProperties()),
                row.getCount(),
                row.getUnseen(),
                row.getDeleted(),
                row.getBytes(),
                Role.of(row.getRole()),
                row.getSubscribed(),
                row.getSortOrder());
    }

    static byte[] encode(Mailbox mailbox) {
        Role role = mailbox.role();
        return encode(
                Stored.MailboxRow.newBuilder()
                        .setName(mailbox.name())
                        .setUidValidity((int) mailbox.uidValidity())
                        .setUidNext((int) mailbox.uidNext())
                        .setCreated(mailbox.created().value())
                        .setModseq(mailbox.modseq().value())
                        .setProperties(mailbox.properties().value())
                        .setCount(mailbox.count())
                        .setUnseen(mailbox.unseen())
                        .setDeleted(mailbox.deleted())
                        .setBytes(mailbox.bytes())
                        .setRole(role == null ? "" : role.word())
                        .setSubscribed(mailbox.subscribed())
                        .setSortOrder(mailbox.sortOrder())
                        .build());
    }

    static Placement placement(MailboxId mailbox, Uid uid, byte[] value) {
        Stored.PlacementRow row = decode(Stored.PlacementRow.parser(), value);
        return new Placement(
                mailbox,
                uid,
                ArrivalId.of(row.getArrival().toByteArray()),
                Keywords.of(row.getKeywordsList()),
                new Modseq(row.getModseq()),
                new Modseq(row.getCreated()),
                Instant.ofEpochMilli(row.getSavedMillis()),
                Instant.ofEpochMilli(row.getReceivedMillis()),
                row.getSize());
    }

    static byte[] encode(Placement placement) {
        return encode(
                Stored.PlacementRow.newBuilder()
                        .setArrival(ByteString.copyFrom(placement.email().bytes()))
                        .addAllKeywords(placement.keywords())
                        .setModseq(placement.modseq().value())
                        .setCreated(placement.created().value())
                        .setSavedMillis(placement.saved().toEpochMilli())
                        .setReceivedMillis(placement.received().toEpochMilli())
                        .setSize(placement.size())
                        .build());
    }

    static Email email(ArrivalId id, byte[] value) {
        Stored.EmailRow row = decode(Stored.EmailRow.parser(), value);
        var places = new ArrayList<Email.Place>(row.getPlacesCount());
        for (Stored.Place place : row.getPlacesList()) {
            places.add(new Email.Place(new MailboxId(place.getMailbox()), new Uid(place.getUid())));
        }
        return new Email(
                id,
                Sha256.wrap(row.getSha256().toByteArray()),
                row.getSize(),
                Instant.ofEpochMilli(row.getReceivedMillis()),
                new ThreadId(ArrivalId.of(row.getThread().toByteArray())),
                new Modseq(row.getCreated()),
                new Modseq(row.getModseq()),
                places);
    }

    static EndedEmail ended(ArrivalId arrival, byte[] value) {
        Stored.EndedRow row = decode(Stored.EndedRow.parser(), value);
        return new EndedEmail(
                arrival,
                new Modseq(row.getModseq()),
                Instant.ofEpochMilli(row.getEndedMillis()),
                row.getSha256().isEmpty() ? null : Sha256.wrap(row.getSha256().toByteArray()),
                row.getSize(),
                new Modseq(row.getCondemned()),
                Instant.ofEpochMilli(row.getCondemnedMillis()),
                row.getCollected());
    }

    static byte[] encode(EndedEmail ended) {
        Stored.EndedRow.Builder row =
                Stored.EndedRow.newBuilder()
                        .setModseq(ended.modseq().value())
                        .setEndedMillis(ended.at().toEpochMilli())
                        .setSize(ended.size())
                        .setCollected(ended.collected());
        Sha256 blob = ended.blob();
        if (blob != null) row.setSha256(ByteString.copyFrom(blob.bytes()));
        if (!ended.recoverable()) {
            row.setCondemned(ended.condemned().value())
                    .setCondemnedMillis(ended.condemnedAt().toEpochMilli());
        }
        return encode(row.build());
    }

    static List<Long> messageIds(byte[] emailRow) {
        return decode(Stored.EmailRow.parser(), emailRow).getMessageIdsList();
    }

    static byte[] encode(Email email, List<Long> messageIds) {
        Stored.EmailRow.Builder row =
                Stored.EmailRow.newBuilder()
                        .setSha256(ByteString.copyFrom(email.blob().bytes()))
                        .setSize(email.size())
                        .setReceivedMillis(email.received().toEpochMilli())
                        .setThread(ByteString.copyFrom(email.thread().first().bytes()))
                        .setCreated(email.created().value())
                        .setModseq(email.modseq().value())
                        .addAllMessageIds(messageIds);
        for (Email.Place place : email.places()) {
            row.addPlaces(
                    Stored.Place.newBuilder()
                            .setMailbox(place.mailbox().number())
                            .setUid(place.uid().unsigned()));
        }
        return encode(row.build());
    }

    /// Merges the keywords of an email's placements as JMAP shows them: `$seen` when all have it, others when one has.
    static Keywords merged(List<Keywords> each) {
        if (each.isEmpty()) return Keywords.NONE;
        Keywords any = Keywords.NONE;
        boolean seen = true;
        for (Keywords keywords : each) {
            any = any.with(keywords);
            seen &= keywords.has(Keywords.SEEN);
        }
        return seen ? any : any.without(Keywords.of(Keywords.SEEN));
    }
}
