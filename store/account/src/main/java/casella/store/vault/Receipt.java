package casella.store.vault;

import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.store.stored.Stored;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is written beside a mail in the same vault write, so that accepted mail can be found again from any one vault.
///
/// @param received when the message was accepted, whole milliseconds
/// @param sender the envelope's sender; empty for a bounce or an own upload
/// @param recipient the address it was accepted for; empty for APPEND and import
/// @param mailbox where it was meant to go; null for INBOX
/// @param keywords keywords it was meant to have, IMAP spelling
public record Receipt(
        ArrivalId arrival,
        Instant received,
        String sender,
        String recipient,
        @Nullable MailboxId mailbox,
        List<String> keywords) {
    public Receipt {
        keywords = List.copyOf(keywords);
    }

    /// Returns the `Receipt` message of `stored.proto`.
    public byte[] encode() {
        Stored.Receipt.Builder out =
                Stored.Receipt.newBuilder()
                        .setArrival(com.google.protobuf.ByteString.copyFrom(arrival.bytes()))
                        .setReceivedMillis(received.toEpochMilli())
                        .setSender(sender)
                        .setRecipient(recipient)
                        .addAllKeywords(keywords);
        if (mailbox != null) out.setMailbox(mailbox.number());
        return out.build().toByteArray();
    }

    /// Returns the receipt that `bytes` hold.
    ///
    /// @throws Fault.Corrupt if they are none
    public static Receipt decode(byte[] bytes) {
        try {
            Stored.Receipt in = Stored.Receipt.parseFrom(bytes);
            return new Receipt(
                    ArrivalId.of(in.getArrival().toByteArray()),
                    Instant.ofEpochMilli(in.getReceivedMillis()),
                    in.getSender(),
                    in.getRecipient(),
                    in.getMailbox() == 0 ? null : new MailboxId(in.getMailbox()),
                    in.getKeywordsList());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new Fault.Corrupt("Receipt unreadable", Map.of("bytes", bytes.length), e);
        }
    }
}
