package casella.delivery;

import casella.base.AccountId;
import casella.message.envelope.MailOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who sent a message, to whom, and how it came.
///
/// @param sender the reverse path without its angle brackets; empty for `<>`
/// @param recipients 1 or more, as admitted
/// @param options how its sender wants it carried
/// @param account who of ours submits it; null where it comes from elsewhere, or is our own
public record Envelope(
        String sender, List<Recipient> recipients, MailOptions options, @Nullable AccountId account,
                Trace trace) {
    /// One that nobody of ours submits, and whose sender said nothing of how.
    public Envelope(String sender, List<Recipient> recipients, Trace trace) {
        this(sender, recipients, MailOptions.NONE, null, trace);
    }

    /// One that nobody of ours submits.
    public Envelope(String sender, List<Recipient> recipients, MailOptions options, Trace trace) {
        this(sender, recipients, options, null, trace);
    }

    public Envelope {
        if (recipients.isEmpty()) throw new IllegalArgumentException("recipients: must be 1 or more");
        recipients = List.copyOf(recipients);
        oneLine("sender", sender);
        oneLine("from", trace.from());
        for (Recipient recipient : recipients) oneLine("recipient", recipient.address());
    }

    /// What stands in a trace field must not begin a field of its own.
    private static void oneLine(String what, String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            throw new IllegalArgumentException(what + ": must have no control characters");
        }
    }
}
