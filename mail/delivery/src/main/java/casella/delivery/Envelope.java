package casella.delivery;

import java.util.List;

/// Who sent a message, to whom, and how it came.
///
/// @param sender the reverse path without its angle brackets; empty for `<>`
/// @param recipients 1 or more, as admitted
public record Envelope(String sender, List<Recipient> recipients, Trace trace) {
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
