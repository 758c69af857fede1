package casella.store;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import casella.store.stored.Stored;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One transaction of an account, one mod-sequence: a link of the account's hash chain.
///
/// @param at when, whole milliseconds
/// @param epoch who wrote it
/// @param previous hash of the change before it, as encoded; all zero for the first
/// @param operations 1 to [#OPERATIONS_MAX]
public record Change(Modseq modseq, Instant at, long epoch, Sha256 previous, List<Operation> operations) {
    /// Emails one change may touch; a larger command is several changes. Each may bring a few operations.
    public static final int EMAILS_MAX = 1_000;

    public static final int OPERATIONS_MAX = 4 * EMAILS_MAX;
    public static final int BYTES_MAX = 256 << 10;
    public static final Sha256 NO_PREVIOUS = Sha256.wrap(new byte[Sha256.BYTES]);

    public Change {
        operations = List.copyOf(operations);
    }

    /// Returns the `Change` message of `stored.proto`; its SHA-256 is the link of the next change.
    public byte[] encode() {
        Stored.Change.Builder out =
                Stored.Change.newBuilder()
                        .setModseq(modseq.value())
                        .setAtMillis(at.toEpochMilli())
                        .setEpoch(epoch)
                        .setPrevious(bytes(previous));
        for (Operation operation : operations) out.addOperations(encode(operation));
        return out.build().toByteArray();
    }

    private static Stored.Operation encode(Operation operation) {
        Stored.Operation.Builder out = Stored.Operation.newBuilder();
        switch (operation) {
            case Operation.MailboxCreated o ->
                    out.setMailboxCreated(
                            Stored.MailboxCreated.newBuilder()
                                    .setMailbox(o.mailbox().number())
                                    .setName(bytes(o.name()))
                                    .setUidValidity(o.uidValidity())
                                    .setRole(word(o.role()))
                                    .setSubscribed(o.subscribed())
                                    .setSortOrder(o.sortOrder()));
            case Operation.MailboxRenamed o ->
                    out.setMailboxRenamed(
                            Stored.MailboxRenamed.newBuilder()
                                    .setMailbox(o.mailbox().number())
                                    .setName(bytes(o.name())));
            case Operation.MailboxChanged o ->
                    out.setMailboxChanged(
                            Stored.MailboxChanged.newBuilder()
                                    .setMailbox(o.mailbox().number())
                                    .setRole(word(o.role()))
                                    .setSubscribed(o.subscribed())
                                    .setSortOrder(o.sortOrder()));
            case Operation.MailboxEnded(MailboxId mailbox) ->
                    out.setMailboxEnded(Stored.MailboxEnded.newBuilder().setMailbox(mailbox.number()));
            case Operation.EmailArrived o ->
                    out.setEmailArrived(
                            Stored.EmailArrived.newBuilder()
                                    .setArrival(bytes(o.arrival()))
                                    .setSha256(bytes(o.blob()))
                                    .setSize(o.size())
                                    .setReceivedMillis(o.received().toEpochMilli())
                                    .setThread(bytes(o.thread().first()))
                                    .addAllMessageIds(o.messageIds())
                                    .setSummary(bytes(o.summary())));
            case Operation.Placed o ->
                    out.setPlaced(
                            Stored.Placed.newBuilder()
                                    .setArrival(bytes(o.arrival()))
                                    .setMailbox(o.mailbox().number())
                                    .setUid(o.uid().unsigned())
                                    .addAllKeywords(o.keywords())
                                    .setSavedMillis(o.saved().toEpochMilli()));
            case Operation.KeywordsSet o ->
                    out.setKeywordsSet(
                            Stored.KeywordsSet.newBuilder()
                                    .setMailbox(o.mailbox().number())
                                    .setUid(o.uid().unsigned())
                                    .addAllKeywords(o.keywords()));
            case Operation.Unplaced o ->
                    out.setUnplaced(
                            Stored.Unplaced.newBuilder()
                                    .setMailbox(o.mailbox().number())
                                    .setUid(o.uid().unsigned()));
            case Operation.EmailEnded(ArrivalId arrival) ->
                    out.setEmailEnded(Stored.EmailEnded.newBuilder().setArrival(bytes(arrival)));
            case Operation.DocumentPut o ->
                    out.setDocumentPut(
                            Stored.DocumentPut.newBuilder()
                                    .setKind(o.kind())
                                    .setId(bytes(o.id()))
                                    .setContent(bytes(o.content())));
            case Operation.KeyMade(Sha256 key) -> out.setKeyMade(Stored.KeyMade.newBuilder().setKey(bytes(key)));
            case Operation.DocumentEnded o ->
                    out.setDocumentEnded(
                            Stored.DocumentEnded.newBuilder().setKind(o.kind()).setId(bytes(o.id())));
        }
        return out.build();
    }

    /// Returns the change that `bytes` hold.
    ///
    /// @throws Fault.Corrupt if they are none
    public static Change decode(byte[] bytes) {
        try {
            Stored.Change in = Stored.Change.parseFrom(bytes);
            return new Change(
                    new Modseq(in.getModseq()),
                    Instant.ofEpochMilli(in.getAtMillis()),
                    in.getEpoch(),
                    Sha256.wrap(in.getPrevious().toByteArray()),
                    in.getOperationsList().stream().map(Change::decode).toList());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new Fault.Corrupt("Change unreadable", Map.of("bytes", bytes.length), e);
        }
    }

    private static Operation decode(Stored.Operation in) {
        return switch (in.getKindCase()) {
            case MAILBOX_CREATED -> {
                Stored.MailboxCreated o = in.getMailboxCreated();
                yield new Operation.MailboxCreated(
                        new MailboxId(o.getMailbox()),
                        hash(o.getName()),
                        o.getUidValidity(),
                        Role.of(o.getRole()),
                        o.getSubscribed(),
                        o.getSortOrder());
            }
            case MAILBOX_RENAMED ->
                    new Operation.MailboxRenamed(
                            new MailboxId(in.getMailboxRenamed().getMailbox()),
                            hash(in.getMailboxRenamed().getName()));
            case MAILBOX_CHANGED -> {
                Stored.MailboxChanged o = in.getMailboxChanged();
                yield new Operation.MailboxChanged(
                        new MailboxId(o.getMailbox()), Role.of(o.getRole()), o.getSubscribed(), o.getSortOrder());
            }
            case MAILBOX_ENDED -> new Operation.MailboxEnded(new MailboxId(in.getMailboxEnded().getMailbox()));
            case EMAIL_ARRIVED -> {
                Stored.EmailArrived o = in.getEmailArrived();
                yield new Operation.EmailArrived(
                        arrival(o.getArrival()),
                        hash(o.getSha256()),
                        o.getSize(),
                        Instant.ofEpochMilli(o.getReceivedMillis()),
                        new ThreadId(arrival(o.getThread())),
                        o.getMessageIdsList(),
                        hash(o.getSummary()));
            }
            case PLACED -> {
                Stored.Placed o = in.getPlaced();
                yield new Operation.Placed(
                        arrival(o.getArrival()),
                        new MailboxId(o.getMailbox()),
                        new Uid(o.getUid()),
                        Keywords.of(o.getKeywordsList()),
                        Instant.ofEpochMilli(o.getSavedMillis()));
            }
            case KEYWORDS_SET -> {
                Stored.KeywordsSet o = in.getKeywordsSet();
                yield new Operation.KeywordsSet(
                        new MailboxId(o.getMailbox()), new Uid(o.getUid()), Keywords.of(o.getKeywordsList()));
            }
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
                    new Operation.DocumentEnded(in.getDocumentEnded().getKind(), hash(in.getDocumentEnded().getId()));
            case KEY_MADE -> new Operation.KeyMade(hash(in.getKeyMade().getKey()));
            case KIND_NOT_SET -> throw new IllegalArgumentException("operation of an unknown kind");
        };
    }

    private static ByteString bytes(Sha256 hash) {
        return ByteString.copyFrom(hash.bytes());
    }

    private static ByteString bytes(ArrivalId arrival) {
        return ByteString.copyFrom(arrival.bytes());
    }

    private static Sha256 hash(ByteString bytes) {
        return Sha256.wrap(bytes.toByteArray());
    }

    private static ArrivalId arrival(ByteString bytes) {
        return ArrivalId.of(bytes.toByteArray());
    }

    private static String word(@org.jspecify.annotations.Nullable Role role) {
        return role == null ? "" : role.word();
    }
}
