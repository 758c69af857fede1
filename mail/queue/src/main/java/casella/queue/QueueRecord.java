package casella.queue;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The bodies of the queue's records. All integers big-endian. Page: docs/formats/queue.md.
///
/// ```text
/// kind 1: a message                       kind 2: a recipient's end     kind 3: a new file begins
/// offset size                             offset size                   (no body)
///      0    1  format, now 1                   0    1  format, now 1
///      1    1  priority: 1 urgent,             1    1  how: 1 filed, 2 nobody, 3 lost
///              2 personal, 3 bulk              2    6  0
///      2    2  0                               8   16  arrival
///      4    4  head length h                  24    8  when, Unix milliseconds
///      8    8  message id
///     16    8  received, Unix milliseconds
///     24   32  SHA-256 of the message
///     56    4  number of recipients n
///     60    2  length of the sender s
///     62    s  sender, UTF-8
///      …       n recipients:
///              16 arrival, 8 account, 4 mailbox (0 for INBOX), 2 length of the address a, a address (UTF-8)
///      h    …  the message
/// ```
public final class QueueRecord {
    public static final int ITEMS_MAX = 10_000;
    public static final int CONTENT_BYTES_MAX = 64 << 20;
    static final int MESSAGE = 1;
    static final int ENDED = 2;
    static final int ROLL = 3;

    private static final int FORMAT = 1;
    private static final int FIXED_BYTES = 62;
    private static final int ITEM_BYTES = 30;
    private static final int ENDED_BYTES = 32;
    private static final int TEXT_BYTES_MAX = 1_024;
    private static final int HEAD_BYTES_MAX =
            FIXED_BYTES + TEXT_BYTES_MAX + ITEMS_MAX * (ITEM_BYTES + TEXT_BYTES_MAX);
    static final int RECORD_BYTES_MAX = CONTENT_BYTES_MAX + HEAD_BYTES_MAX;

    private QueueRecord() {}

    /// How a recipient's waiting ended.
    public enum Ending {
        /// The account has it.
        FILED(1, "filed"),
        /// There is no such account any more.
        NOBODY(2, "nobody"),
        /// Its bytes cannot be read any more; the file is kept as evidence.
        LOST(3, "lost");

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
            Sha256 hash,
            int size)
            implements Said {}

    record Ended(ArrivalId arrival, Ending how) implements Said {}

    record Roll() implements Said {}

    /// Returns what stands before a message's bytes.
    ///
    /// @throws Fault.Exhausted if the message, an address or the number of recipients is over its limit
    static byte[] head(QueuedMessage message) {
        byte[] sender = text(message.sender());
        List<byte[]> addresses = new ArrayList<>();
        int length = FIXED_BYTES + sender.length;
        for (QueueItem item : message.items()) {
            byte[] address = text(item.address());
            addresses.add(address);
            length += ITEM_BYTES + address.length;
        }
        int size = message.content().length;
        if (message.items().size() > ITEMS_MAX || size > CONTENT_BYTES_MAX) {
            throw new Fault.Exhausted("Message too large", Map.of("bytes", size, "items", message.items().size()));
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put((byte) FORMAT).put((byte) message.priority().number()).putShort((short) 0).putInt(length);
        out.putLong(message.id().value()).putLong(message.received().toEpochMilli());
        out.put(Sha256.of(message.content()).bytes()).putInt(message.items().size());
        out.putShort((short) sender.length).put(sender);
        for (int i = 0; i < addresses.size(); i++) {
            QueueItem item = message.items().get(i);
            MailboxId mailbox = item.mailbox();
            out.put(item.arrival().bytes()).putLong(item.account().value());
            out.putInt(mailbox == null ? 0 : mailbox.number());
            out.putShort((short) addresses.get(i).length).put(addresses.get(i));
        }
        return out.array();
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > TEXT_BYTES_MAX) throw new Fault.Exhausted("Address too long", Map.of("bytes", bytes.length));
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
            case ROLL -> new Roll();
            default -> null;
        };
    }

    private static @Nullable Ended ended(byte[] body) {
        if (body.length < ENDED_BYTES || body[0] != FORMAT) return null;
        Ending how = Ending.of(body[1]);
        return how == null ? null : new Ended(ArrivalId.of(Arrays.copyOfRange(body, 8, 24)), how);
    }

    private static @Nullable Message message(byte[] body, int more) {
        if (body.length < FIXED_BYTES || body[0] != FORMAT) return null;
        ByteBuffer in = ByteBuffer.wrap(body);
        Priority priority = Priority.of(in.get(1));
        int head = in.getInt(4);
        int count = in.getInt(56);
        if (priority == null || head < FIXED_BYTES || head > body.length) return null;
        if (count < 1 || count > ITEMS_MAX) return null;
        byte[] hash = new byte[Sha256.BYTES];
        in.get(24, hash);
        in.position(60).limit(head);
        String sender = text(in);
        if (sender == null) return null;
        List<QueueItem> items = new ArrayList<>(Math.min(count, head / ITEM_BYTES));
        for (int i = 0; i < count; i++) {
            QueueItem item = item(in);
            if (item == null) return null;
            items.add(item);
        }
        if (in.hasRemaining()) return null;
        return new Message(
                new QueueId(in.getLong(8)),
                priority,
                Instant.ofEpochMilli(in.getLong(16)),
                sender,
                items,
                Sha256.wrap(hash),
                body.length - head + more);
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
                        message.id(), message.priority(), message.received(), message.sender(), message.items(), content);
                return new Whole(found, message.hash());
            }
        }
        throw new Fault.Corrupt("Queued message unreadable", Map.of("bytes", body.length));
    }
}
