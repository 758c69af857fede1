package casella.message;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a list of mails shows of one. RFC 9051 §7.5.2 (ENVELOPE), RFC 8621 §4.1.3.
///
/// Where a field is repeated the last one counts (RFC 8621 §4.1.3). Each field is read up to
/// [Structure#FIELD_BYTES_MAX] bytes. `…Text` is the unfolded value as it was sent, encoded words
/// still in it; bytes that were neither ASCII nor UTF-8 were taken for windows-1252. An absent
/// field is null or an empty list.
///
/// @param dateText Date as written
/// @param sentAt the date in the zone it was written in, or null when it cannot be understood
/// @param subjectText Subject as written
/// @param subject decoded
/// @param sender as written: IMAP's default to `from` is [#senderOrFrom()]
/// @param inReplyToText as written
/// @param messageIdText as written
/// @param messageId ids of Message-ID without angle brackets: usually one
/// @param inReplyTo ids without angle brackets
/// @param references ids without angle brackets, oldest first
public record Envelope(
        @Nullable String dateText,
        @Nullable OffsetDateTime sentAt,
        @Nullable String subjectText,
        @Nullable String subject,
        List<Address> from,
        List<Address> sender,
        List<Address> replyTo,
        List<Address> to,
        List<Address> cc,
        List<Address> bcc,
        @Nullable String inReplyToText,
        @Nullable String messageIdText,
        List<String> messageId,
        List<String> inReplyTo,
        List<String> references) {

    /// The envelope of a mail without a header.
    public static final Envelope EMPTY =
            new Envelope(
                    null, null, null, null, List.of(), List.of(), List.of(), List.of(), List.of(),
                    List.of(), null, null, List.of(), List.of(), List.of());

    public Envelope {
        from = List.copyOf(from);
        sender = List.copyOf(sender);
        replyTo = List.copyOf(replyTo);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
        messageId = List.copyOf(messageId);
        inReplyTo = List.copyOf(inReplyTo);
        references = List.copyOf(references);
    }

    /// Returns the moment of the Date field, or null when absent or not understood.
    public @Nullable Instant date() {
        return sentAt == null ? null : sentAt.toInstant();
    }

    /// Returns `sender`, or `from` when there is none, as IMAP wants it. RFC 9051 §7.5.2.
    public List<Address> senderOrFrom() {
        return sender.isEmpty() ? from : sender;
    }

    /// Returns `replyTo`, or `from` when there is none, as IMAP wants it. RFC 9051 §7.5.2.
    public List<Address> replyToOrFrom() {
        return replyTo.isEmpty() ? from : replyTo;
    }
}
