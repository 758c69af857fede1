package casella.message;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes an [Envelope] from unfolded field values.
final class EnvelopeFields {
    private EnvelopeFields() {}

    /// @param text gives the unfolded value of a field, name in lower case, or null
    static Envelope read(Function<String, @Nullable String> text) {
        String date = text.apply("date");
        String subject = text.apply("subject");
        String messageId = text.apply("message-id");
        String inReplyTo = text.apply("in-reply-to");
        return new Envelope(
                date,
                date == null ? null : MailDate.parse(date),
                subject,
                subject == null ? null : Words.decode(subject),
                addresses(text.apply("from")),
                addresses(text.apply("sender")),
                addresses(text.apply("reply-to")),
                addresses(text.apply("to")),
                addresses(text.apply("cc")),
                addresses(text.apply("bcc")),
                inReplyTo,
                messageId,
                MessageIds.parse(messageId),
                MessageIds.parse(inReplyTo),
                MessageIds.parse(text.apply("references")));
    }

    private static List<Address> addresses(@Nullable String value) {
        return value == null ? List.of() : Addresses.parse(value);
    }
}
