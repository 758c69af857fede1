package casella.queue;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Sha256;
import casella.message.envelope.Body;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.message.envelope.Ret;
import casella.message.envelope.Xtext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The bodies of the queue's records. All integers big-endian. Page: docs/formats/queue.md.
///
/// ```text
/// kind 1: a message                       kind 2: a recipient's end     kind 3: a new file begins
/// offset size                             offset size                   (no body)
///      0    1  format, now 2                   0    1  format, now 1
///      1    1  priority: 1 urgent,             1    1  how: 1 filed, 2 nobody, 3 lost, 4 relayed,
///              2 personal, 3 bulk                      5 failed, 6 cancelled
///      2    1  body: 0 7BIT, 1 8BITMIME,       2    6  0
///              2 BINARYMIME                    8   16  arrival
///      3    1  bit 0 SMTPUTF8; RET × 2        24    8  when, Unix milliseconds
///      4    4  head length h
///      8    8  message id                kind 4: how a recipient elsewhere stands
///     16    8  received, Unix ms         offset size
///     24   32  SHA-256 of the message         0    1  format, now 1
///     56    4  recipients here n              1    1  bit 0 held, bit 1 told that it is late
///     60    2  length of the sender s         2    6  0
///     62    s  sender, UTF-8                  8   16  its id
///      …   16 the `Sending`, see below       24    2  length of the address a
///      …       n recipients here             26    a  where it goes now, UTF-8
///      …       m recipients elsewhere
///      h    …  the message
///
/// a recipient here:      16 arrival, 8 account, 4 mailbox (0 for INBOX), 2 length of the address a, a address (UTF-8)
/// the `Sending`:         8 account of the submitter (0 none), 1 MT-PRIORITY (signed), 3 0, 4 recipients elsewhere m,
///                        2 length of the ENVID e, e ENVID
/// a recipient elsewhere: 16 id, 1 bits 0-3 NOTIFY, bit 4 held, bit 5 told, 2 length of the address a, a address,
///                        2 length of the ORCPT o, o ORCPT
/// ```
/// Format 1 of a message has 0 at 2 and 3 and no `Sending`.
public final class QueueRecord {
    public static final int ITEMS_MAX = 10_000;
    public static final int CONTENT_BYTES_MAX = 64 << 20;
    static final int MESSAGE = 1;
    static final int ENDED = 2;
    static final int ROLL = 3;

    static final int STANDING = 4;

    private static final int FORMAT = 1;
    private static final int MESSAGE_FORMAT = 2;
    private static final int SENDING_BYTES = 18;
    private static final int REMOTE_BYTES = 21;
    private static final int STANDING_BYTES = 26;
    private static final int NOTIFY_BITS = 15;
    private static final int HELD_BIT = 16;
    private static final int TOLD_BIT = 32;
    private static final int FIXED_BYTES = 62;
    private static final int ITEM_BYTES = 30;
    private static final int ENDED_BYTES = 32;
    private static final int TEXT_BYTES_MAX = 1_024;
    private static final int HEAD_BYTES_MAX =
            FIXED_BYTES + SENDING_BYTES + 2 * TEXT_BYTES_MAX + ITEMS_MAX * (ITEM_BYTES + 2 * TEXT_BYTES_MAX);
    static final int RECORD_BYTES_MAX = CONTENT_BYTES_MAX + HEAD_BYTES_MAX;

    private QueueRecord() {}

    /// How a recipient's waiting ended.
    public enum Ending {
        /// The account has it.
        FILED(1, "filed"),
        /// There is no such account any more.
        NOBODY(2, "nobody"),
        /// Its bytes cannot be read any more; the file is kept as evidence.
        LOST(3, "lost"),
        /// Another server has it.
        RELAYED(4, "relayed"),
        /// It cannot be brought there; the sender was told, where he is to be told.
        FAILED(5, "failed"),
        /// An operator ended it.
        CANCELLED(6, "cancelled");

        private final int number;
        private final String word;

        Ending(int number, String word) {
            this.number = number;
            this.word = word;
        }

        /// Returns the word for logs and metrics.
        public String word() {
            return word;
        }

        private static @Nullable Ending of(int number) {
            for (Ending ending : values()) if (ending.number == number) return ending;
            return null;
        }
    }

    /// What a record says.
    sealed interface Said {}

    /// @param size bytes of the message
    record Message(
            QueueId id,
            Priority priority,
            Instant received,
            String sender,
            List<QueueItem> items,
            List<RemoteItem> remote,
            MailOptions options,
            @Nullable AccountId account,
            Sha256 hash,
            int size)
            implements Said {}

    /// @param address where it goes now
    record Standing(ArrivalId id, boolean held, boolean told, String address) implements Said {}

    record Ended(ArrivalId arrival, Ending how) implements Said {}

    record Roll() implements Said {}

    /// Returns what stands before a message's bytes.
    ///
    /// @throws Fault.Exhausted if the message, an address or the number of recipients is over its limit
    static byte[] head(QueuedMessage message) {
        byte[] sender = text(message.sender());
        byte[] envid = text(message.options().envid());
        List<byte[]> texts = new ArrayList<>();
        for (QueueItem item : message.items()) texts.add(text(item.address()));
        for (RemoteItem item : message.remote()) {
            texts.add(text(item.address()));
            texts.add(text(item.dsn().original()));
        }
        int length = FIXED_BYTES + sender.length + SENDING_BYTES + envid.length
                + message.items().size() * ITEM_BYTES + message.remote().size() * REMOTE_BYTES;
        for (byte[] text : texts) length += text.length;
        int size = message.content().length;
        if (message.recipients() > ITEMS_MAX || size > CONTENT_BYTES_MAX) {
            throw new Fault.Exhausted("Message too large", Map.of("bytes", size, "items",
                    message.recipients()));
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        MailOptions options = message.options();
        out.put((byte) MESSAGE_FORMAT).put((byte) message.priority().number()).put((byte) options.body()
                .number());
        out.put((byte) ((options.utf8() ? 1 : 0) | options.ret().number() << 1)).putInt(length);
        out.putLong(message.id().value()).putLong(message.received().toEpochMilli());
        out.put(Sha256.of(message.content()).bytes()).putInt(message.items().size());
        put(out, sender);
        AccountId account = message.account();
        out.putLong(account == null ? 0 : account.value()).put((byte) options.mtPriority());
        out.put((byte) 0).putShort((short) 0).putInt(message.remote().size());
        put(out, envid);
        Iterator<byte[]> text = texts.iterator();
        for (QueueItem item : message.items()) {
            MailboxId mailbox = item.mailbox();
            out.put(item.arrival().bytes()).putLong(item.account().value());
            out.putInt(mailbox == null ? 0 : mailbox.number());
            put(out, text.next());
        }
        for (RemoteItem item : message.remote()) {
            int bits = item.dsn().bits() | (item.held() ? HELD_BIT : 0) | (item.told() ? TOLD_BIT : 0);
            out.put(item.id().bytes()).put((byte) bits);
            put(out, text.next());
            put(out, text.next());
        }
        return out.array();
    }

    private static void put(ByteBuffer out, byte[] text) {
        out.putShort((short) text.length).put(text);
    }

    /// Returns the body of a record that says how a recipient elsewhere stands.
    static byte[] standing(Standing standing) {
        byte[] address = text(standing.address());
        ByteBuffer out = ByteBuffer.allocate(STANDING_BYTES + address.length);
        int bits = (standing.held() ? 1 : 0) | (standing.told() ? 2 : 0);
        out.put((byte) FORMAT).put((byte) bits).putShort((short) 0).putInt(0).put(standing.id().bytes());
        put(out, address);
        return out.array();
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > TEXT_BYTES_MAX) throw new Fault.Exhausted("Address too long", Map.of("bytes",
                bytes.length));
        return bytes;
    }

    static byte[] ended(Ended ended, Instant at) {
        ByteBuffer out = ByteBuffer.allocate(ENDED_BYTES);
        out.put((byte) FORMAT).put((byte) ended.how().number).putShort((short) 0).putInt(0);
        return out.put(ended.arrival().bytes()).putLong(at.toEpochMilli()).array();
    }

    /// Returns what a record says, null if it says nothing this version knows. Never throws, whatever the bytes.
    ///
    /// @param body the record's body, or what stands before a message's bytes
    /// @param more how many bytes of the message are not in `body`
    static @Nullable Said read(int kind, byte[] body, int more) {
        return switch (kind) {
            case MESSAGE -> message(body, more);
            case ENDED -> ended(body);
            case STANDING -> standing(body);
            case ROLL -> new Roll();
            default -> null;
        };
    }

    private static @Nullable Ended ended(byte[] body) {
        if (body.length < ENDED_BYTES || body[0] != FORMAT) return null;
        Ending how = Ending.of(body[1]);
        return how == null ? null : new Ended(ArrivalId.of(Arrays.copyOfRange(body, 8, 24)), how);
    }

    private static @Nullable Standing standing(byte[] body) {
        if (body.length < STANDING_BYTES || body[0] != FORMAT) return null;
        String address = text(ByteBuffer.wrap(body, STANDING_BYTES - 2, body.length - STANDING_BYTES + 2));
        if (address == null || address.indexOf('@') < 0 || address.endsWith("@")) return null;
        return new Standing(ArrivalId.of(Arrays.copyOfRange(body, 8, 24)), (body[1] & 1) != 0,
                (body[1] & 2) != 0, address);
    }

    private static @Nullable Message message(byte[] body, int more) {
        if (body.length < FIXED_BYTES || body[0] < 1 || body[0] > MESSAGE_FORMAT) return null;
        ByteBuffer in = ByteBuffer.wrap(body);
        Priority priority = Priority.of(in.get(1));
        int head = in.getInt(4);
        int count = in.getInt(56);
        if (priority == null || head < FIXED_BYTES || head > body.length) return null;
        if (count < 0 || count > ITEMS_MAX) return null;
        byte[] hash = new byte[Sha256.BYTES];
        in.get(24, hash);
        in.position(60).limit(head);
        String sender = text(in);
        if (sender == null) return null;
        Sending sending = body[0] == 1 ? Sending.NONE : sending(in, in.get(2), in.get(3));
        if (sending == null) return null;
        List<QueueItem> items = new ArrayList<>(Math.min(count, head / ITEM_BYTES));
        for (int i = 0; i < count; i++) {
            QueueItem item = item(in);
            if (item == null) return null;
            items.add(item);
        }
        List<RemoteItem> remote = new ArrayList<>(Math.min(sending.remote(), head / REMOTE_BYTES));
        for (int i = 0; i < sending.remote(); i++) {
            RemoteItem item = remote(in);
            if (item == null) return null;
            remote.add(item);
        }
        if (in.hasRemaining() || items.size() + remote.size() == 0) return null;
        return new Message(
                new QueueId(in.getLong(8)), priority, Instant.ofEpochMilli(in.getLong(16)), sender, items,
                        remote,
                sending.options(), sending.account(), Sha256.wrap(hash), body.length - head + more);
    }

    /// What a message says beside its recipients since format 2.
    ///
    /// @param remote number of recipients elsewhere
    private record Sending(MailOptions options, @Nullable AccountId account, int remote) {
        static final Sending NONE = new Sending(MailOptions.NONE, null, 0);
    }

    private static @Nullable Sending sending(ByteBuffer in, int bodyType, int bits) {
        if (in.remaining() < SENDING_BYTES) return null;
        long account = in.getLong();
        int mtPriority = in.get();
        in.position(in.position() + 3);
        int remote = in.getInt();
        String envid = text(in);
        Optional<Body> body = Body.of(bodyType);
        Optional<Ret> ret = Ret.of(bits >> 1);
        if (envid == null || envid.length() > MailOptions.ENVID_CHARS_MAX || !Xtext.is(envid)) return null;
        if (body.isEmpty() || ret.isEmpty()) return null;
        if (mtPriority < -9 || mtPriority > 9 || remote < 0 || remote > ITEMS_MAX) return null;
        var options = new MailOptions(body.get(), (bits & 1) != 0, ret.get(), envid, mtPriority);
        @Nullable AccountId submitter = account == 0 ? null : new AccountId(account);
        return new Sending(options, submitter, remote);
    }

    private static @Nullable RemoteItem remote(ByteBuffer in) {
        if (in.remaining() < REMOTE_BYTES) return null;
        byte[] id = new byte[ArrivalId.BYTES];
        in.get(id);
        int bits = in.get();
        String address = text(in);
        if (address == null || address.indexOf('@') < 0 || address.endsWith("@")) return null;
        String original = text(in);
        if (original == null) return null;
        Optional<Notify> notify = Notify.of(bits & NOTIFY_BITS, original);
        if (notify.isEmpty()) return null;
        return new RemoteItem(ArrivalId.of(id), address, notify.get(), (bits & HELD_BIT) != 0,
                (bits & TOLD_BIT) != 0);
    }

    private static @Nullable QueueItem item(ByteBuffer in) {
        if (in.remaining() < ITEM_BYTES) return null;
        byte[] arrival = new byte[ArrivalId.BYTES];
        in.get(arrival);
        var account = new AccountId(in.getLong());
        int mailbox = in.getInt();
        String address = text(in);
        if (address == null || mailbox < 0) return null;
        @Nullable MailboxId meant = mailbox == 0 ? null : new MailboxId(mailbox);
        return new QueueItem(ArrivalId.of(arrival), account, address, meant);
    }

    private static @Nullable String text(ByteBuffer in) {
        if (in.remaining() < 2) return null;
        int length = Short.toUnsignedInt(in.getShort());
        if (length > TEXT_BYTES_MAX || length > in.remaining()) return null;
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// A message and the SHA-256 of its bytes, which they have.
    record Whole(QueuedMessage message, Sha256 hash) {}

    /// Returns the message a whole record holds, its bytes checked against their hash.
    ///
    /// @throws Fault.Corrupt if it holds none, or other bytes than were kept
    static Whole whole(int kind, byte[] body) {
        if (read(kind, body, 0) instanceof Message message) {
            byte[] content = Arrays.copyOfRange(body, body.length - message.size(), body.length);
            if (Sha256.of(content).equals(message.hash())) {
                var found = new QueuedMessage(
                        message.id(), message.priority(), message.received(), message.sender(),
                                message.items(),
                        message.remote(), message.options(), message.account(), content);
                return new Whole(found, message.hash());
            }
        }
        throw new Fault.Corrupt("Queued message unreadable", Map.of("bytes", body.length));
    }
}
