package casella.store;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.store.stored.Stored;
import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operations as the `Operation` message of `stored.proto`, and back. Its bytes are part of the hash chain: what is
/// written for an operation never changes.
final class OperationCodec {
    private OperationCodec() {}

    static Stored.Operation encode(Operation operation) {
        Stored.Operation.Builder out = Stored.Operation.newBuilder();
        switch (operation) {
            case Operation.MailboxCreated o -> out.setMailboxCreated(created(o));
            case Operation.MailboxRenamed o -> out.setMailboxRenamed(renamed(o));
            case Operation.MailboxChanged o -> out.setMailboxChanged(changed(o));
            case Operation.MailboxEnded(MailboxId mailbox) ->
                    out.setMailboxEnded(Stored.MailboxEnded.newBuilder().setMailbox(mailbox.number()));
            case Operation.EmailArrived o -> out.setEmailArrived(arrived(o));
            case Operation.Placed o -> out.setPlaced(placed(o));
            case Operation.KeywordsSet o -> out.setKeywordsSet(keywords(o));
            case Operation.Unplaced(MailboxId mailbox, Uid uid) ->
                    out.setUnplaced(
                            Stored.Unplaced.newBuilder().setMailbox(mailbox.number()).setUid(uid.unsigned()));
            case Operation.EmailEnded(ArrivalId arrival) ->
                    out.setEmailEnded(Stored.EmailEnded.newBuilder().setArrival(bytes(arrival)));
            case Operation.DocumentPut(int kind, Sha256 id, Sha256 content) ->
                    out.setDocumentPut(
                            Stored.DocumentPut.newBuilder()
                                    .setKind(kind)
                                    .setId(bytes(id))
                                    .setContent(bytes(content)));
            case Operation.DocumentEnded(int kind, Sha256 id) ->
                    out.setDocumentEnded(Stored.DocumentEnded.newBuilder().setKind(kind).setId(bytes(id)));
            case Operation.KeyMade(Sha256 key) ->
                    out.setKeyMade(Stored.KeyMade.newBuilder().setKey(bytes(key)));
            case Operation.EmailRestored(Operation.EmailArrived email) ->
                    out.setEmailRestored(Stored.EmailRestored.newBuilder().setEmail(arrived(email)));
            case Operation.EmailsCondemned(List<ArrivalId> arrivals) ->
                    out.setEmailsCondemned(
                            Stored.EmailsCondemned.newBuilder().addAllArrivals(bytes(arrivals)));
            case Operation.EmailsCollected(List<ArrivalId> arrivals) ->
                    out.setEmailsCollected(
                            Stored.EmailsCollected.newBuilder().addAllArrivals(bytes(arrivals)));
            case Operation.HoleOpened o -> out.setHoleOpened(hole(o));
            case Operation.PossibleDuplicate(ArrivalId arrival) ->
                    out.setPossibleDuplicate(
                            Stored.PossibleDuplicate.newBuilder().setArrival(bytes(arrival)));
        }
        return out.build();
    }

    private static Stored.HoleOpened.Builder hole(Operation.HoleOpened o) {
        return Stored.HoleOpened.newBuilder()
                .setModseqGap(o.modseqGap())
                .setUidGap(o.uidGap())
                .setMailboxGap(o.mailboxGap())
                .setUidValidity(o.uidValidity())
                .setDoubtedMillis(o.doubted().toEpochMilli())
                .setNewestMillis(o.newest().toEpochMilli());
    }

    private static Stored.MailboxCreated.Builder created(Operation.MailboxCreated o) {
        return Stored.MailboxCreated.newBuilder()
                .setMailbox(o.mailbox().number())
                .setName(bytes(o.name()))
                .setUidValidity(o.uidValidity())
                .setRole(word(o.role()))
                .setSubscribed(o.subscribed())
                .setSortOrder(o.sortOrder());
    }

    private static Stored.MailboxRenamed.Builder renamed(Operation.MailboxRenamed o) {
        return Stored.MailboxRenamed.newBuilder().setMailbox(o.mailbox().number()).setName(bytes(o.name()));
    }

    private static Stored.MailboxChanged.Builder changed(Operation.MailboxChanged o) {
        return Stored.MailboxChanged.newBuilder()
                .setMailbox(o.mailbox().number())
                .setRole(word(o.role()))
                .setSubscribed(o.subscribed())
                .setSortOrder(o.sortOrder());
    }

    private static Stored.EmailArrived.Builder arrived(Operation.EmailArrived o) {
        return Stored.EmailArrived.newBuilder()
                .setArrival(bytes(o.arrival()))
                .setSha256(bytes(o.blob()))
                .setSize(o.size())
                .setReceivedMillis(o.received().toEpochMilli())
                .setThread(bytes(o.thread().first()))
                .addAllMessageIds(o.messageIds())
                .setSummary(bytes(o.summary()));
    }

    private static Stored.Placed.Builder placed(Operation.Placed o) {
        return Stored.Placed.newBuilder()
                .setArrival(bytes(o.arrival()))
                .setMailbox(o.mailbox().number())
                .setUid(o.uid().unsigned())
                .addAllKeywords(o.keywords())
                .setSavedMillis(o.saved().toEpochMilli());
    }

    private static Stored.KeywordsSet.Builder keywords(Operation.KeywordsSet o) {
        return Stored.KeywordsSet.newBuilder()
                .setMailbox(o.mailbox().number())
                .setUid(o.uid().unsigned())
                .addAllKeywords(o.keywords());
    }

    /// @throws IllegalArgumentException if it is none that this program knows
    static Operation decode(Stored.Operation in) {
        return switch (in.getKindCase()) {
            case MAILBOX_CREATED -> created(in.getMailboxCreated());
            case MAILBOX_RENAMED ->
                    new Operation.MailboxRenamed(
                            new MailboxId(in.getMailboxRenamed().getMailbox()),
                            hash(in.getMailboxRenamed().getName()));
            case MAILBOX_CHANGED -> changed(in.getMailboxChanged());
            case MAILBOX_ENDED ->
                    new Operation.MailboxEnded(new MailboxId(in.getMailboxEnded().getMailbox()));
            case EMAIL_ARRIVED -> arrived(in.getEmailArrived());
            case PLACED -> placed(in.getPlaced());
            case KEYWORDS_SET -> keywords(in.getKeywordsSet());
            case UNPLACED ->
                    new Operation.Unplaced(
                            new MailboxId(in.getUnplaced().getMailbox()), new Uid(in.getUnplaced().getUid()));
            case EMAIL_ENDED -> new Operation.EmailEnded(arrival(in.getEmailEnded().getArrival()));
            case DOCUMENT_PUT ->
                    new Operation.DocumentPut(
                            in.getDocumentPut().getKind(),
                            hash(in.getDocumentPut().getId()),
                            hash(in.getDocumentPut().getContent()));
            case DOCUMENT_ENDED ->
                    new Operation.DocumentEnded(
                            in.getDocumentEnded().getKind(), hash(in.getDocumentEnded().getId()));
            case KEY_MADE -> new Operation.KeyMade(hash(in.getKeyMade().getKey()));
            case EMAIL_RESTORED -> new Operation.EmailRestored(arrived(in.getEmailRestored().getEmail()));
            case EMAILS_CONDEMNED ->
                    new Operation.EmailsCondemned(arrivals(in.getEmailsCondemned().getArrivalsList()));
            case EMAILS_COLLECTED ->
                    new Operation.EmailsCollected(arrivals(in.getEmailsCollected().getArrivalsList()));
            case HOLE_OPENED -> hole(in.getHoleOpened());
            case POSSIBLE_DUPLICATE ->
                    new Operation.PossibleDuplicate(arrival(in.getPossibleDuplicate().getArrival()));
            case KIND_NOT_SET -> throw new IllegalArgumentException("operation of an unknown kind");
        };
    }

    private static Operation hole(Stored.HoleOpened o) {
        if (o.getModseqGap() < 1) throw new IllegalArgumentException("hole: gap must be 1 or more");
        return new Operation.HoleOpened(
                o.getModseqGap(), o.getUidGap(), o.getMailboxGap(), o.getUidValidity(),
                Instant.ofEpochMilli(o.getDoubtedMillis()), Instant.ofEpochMilli(o.getNewestMillis()));
    }

    private static Operation created(Stored.MailboxCreated o) {
        return new Operation.MailboxCreated(
                new MailboxId(o.getMailbox()),
                hash(o.getName()),
                o.getUidValidity(),
                Role.of(o.getRole()),
                o.getSubscribed(),
                o.getSortOrder());
    }

    private static Operation changed(Stored.MailboxChanged o) {
        return new Operation.MailboxChanged(
                new MailboxId(o.getMailbox()), Role.of(o.getRole()), o.getSubscribed(), o.getSortOrder());
    }

    private static Operation.EmailArrived arrived(Stored.EmailArrived o) {
        return new Operation.EmailArrived(
                arrival(o.getArrival()),
                hash(o.getSha256()),
                o.getSize(),
                Instant.ofEpochMilli(o.getReceivedMillis()),
                new ThreadId(arrival(o.getThread())),
                o.getMessageIdsList(),
                hash(o.getSummary()));
    }

    private static Operation placed(Stored.Placed o) {
        return new Operation.Placed(
                arrival(o.getArrival()),
                new MailboxId(o.getMailbox()),
                new Uid(o.getUid()),
                Keywords.of(o.getKeywordsList()),
                Instant.ofEpochMilli(o.getSavedMillis()));
    }

    private static Operation keywords(Stored.KeywordsSet o) {
        return new Operation.KeywordsSet(
                new MailboxId(o.getMailbox()), new Uid(o.getUid()), Keywords.of(o.getKeywordsList()));
    }

    private static ByteString bytes(Sha256 hash) {
        return ByteString.copyFrom(hash.bytes());
    }

    private static ByteString bytes(ArrivalId arrival) {
        return ByteString.copyFrom(arrival.bytes());
    }

    private static List<ByteString> bytes(List<ArrivalId> arrivals) {
        return arrivals.stream().map(OperationCodec::bytes).toList();
    }

    private static List<ArrivalId> arrivals(List<ByteString> bytes) {
        return bytes.stream().map(OperationCodec::arrival).toList();
    }

    private static Sha256 hash(ByteString bytes) {
        return Sha256.wrap(bytes.toByteArray());
    }

    private static ArrivalId arrival(ByteString bytes) {
        return ArrivalId.of(bytes.toByteArray());
    }

    private static String word(@Nullable Role role) {
        return role == null ? "" : role.word();
    }
}
