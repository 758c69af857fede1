package casella.incident.complaint;

import casella.incident.complaint.Complaint.Received;
import casella.message.Address;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.SearchText;
import casella.message.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A complaint that came as a mail: who wrote it, and what. The sender is who the mail says, proven or not: it is answered to their
/// mailbox and nowhere else, so a lie gains nothing.
///
/// @param from the address in From
/// @param text at most [Received#TEXT_MAX] characters, without what is no text
public record Written(String from, String name, String subject, String text) {
    private static final Pattern NUMBER = Pattern.compile("\\bR-\\d{4}-(\\d{6,12})\\b");

    /// Returns what a mail says; empty for one that a machine wrote (RFC 3834 §2, RFC 5321 §4.5.5) or that names no sender: an answer to
    /// it could go round for ever.
    public static Optional<Written> of(byte[] raw) {
        Headers headers = Headers.of(raw);
        HeaderField automatic = headers.first("Auto-Submitted");
        if (automatic != null && !automatic.asText().strip().toLowerCase(Locale.ROOT)
                .startsWith("no")) return Optional.empty();
        HeaderField path = headers.first("Return-Path");
        if (path != null && path.asText().strip().equals("<>")) return Optional.empty();
        if (headers.first("List-Id") != null) return Optional.empty();
        HeaderField from = headers.first("From");
        List<Address.Mailbox> senders = from == null ? List.of() : from.asAddresses();
        if (senders.isEmpty() || !senders.getFirst().isSendable()) return Optional.empty();
        Address.Mailbox sender = senders.getFirst();
        HeaderField subject = headers.first("Subject");
        String title = cut(line(subject == null ? "" : subject.asText()), 200);
        String text = text(SearchText.body(raw, Summary.of(raw), Received.TEXT_MAX));
        if (text.isEmpty()) text = title.isEmpty() ? "-" : title;
        String name = sender.name() == null ? "" : cut(line(sender.name()), 200);
        return Optional.of(new Written(sender.email(), name, title, text));
    }

    /// Returns the case that the subject names; empty for none.
    public OptionalLong mentioned() {
        Matcher match = NUMBER.matcher(subject);
        return match.find() ? OptionalLong.of(Long.parseLong(match.group(1))) : OptionalLong.empty();
    }

    private static String line(String text) {
        return text.replaceAll("[\\p{Cntrl}\\x80-\\x9f]+", " ").strip();
    }

    private static String text(String text) {
        String plain = text.replace("\r\n", "\n").replace('\r', '\n')
                .replaceAll("[\\p{Cntrl}\\x80-\\x9f&&[^\n\t]]+", " ");
        return cut(plain.replaceAll("\n{3,}", "\n\n").strip(), Received.TEXT_MAX);
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) return text;
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end).strip();
    }
}
