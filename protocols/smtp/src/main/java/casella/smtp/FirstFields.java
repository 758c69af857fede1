package casella.smtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import casella.message.MessageIds;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// Looks at a message as it comes for the fields every message should have, and makes those that lack.
/// RFC 6409 §8.2, RFC 6409 §8.3.
final class FirstFields {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
    /// As long as the longer of the two names.
    private static final int NAME_BYTES_MAX = 10;
    /// RFC 5322 §2.1.1: a line has at most 998.
    private static final int VALUE_BYTES_MAX = 998;

    private final byte[] name = new byte[NAME_BYTES_MAX];
    private int nameBytes;
    private boolean inName = true;
    private boolean inHeader = true;
    private int lineBytes;
    private boolean date;
    private boolean messageId;
    /// Bytes of the Message-ID field after its colon.
    private final byte[] value = new byte[VALUE_BYTES_MAX];
    private int valueBytes;
    private boolean inValue;

    /// Looks at more bytes of the message. Costs nothing after the header.
    void see(byte[] bytes, int from, int until) {
        for (int i = from; i < until && inHeader; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                inHeader = lineBytes > 0;
                lineBytes = 0;
                nameBytes = 0;
                inName = true;
            } else if (b != '\r') {
                // A line that begins with a blank goes on with the field before it. RFC 5322 §2.2.3
                if (lineBytes == 0 && b != ' ' && b != '\t') inValue = false;
                lineBytes++;
                if (inValue && valueBytes < VALUE_BYTES_MAX) value[valueBytes++] = b;
                if (inName) see(b);
            }
        }
    }

    private void see(byte b) {
        if (b == ':') {
            // The obsolete form has blanks before the colon.
            String text = new String(name, 0, nameBytes, US_ASCII).stripTrailing().toLowerCase(Locale.ROOT);
            if (text.equals("date")) date = true;
            inValue = text.equals("message-id") && !messageId;
            messageId |= inValue;
            inName = false;
        } else if (nameBytes < NAME_BYTES_MAX) {
            name[nameBytes++] = b;
        } else if (b != ' ' && b != '\t') {
            inName = false;
        }
    }

    /// Returns the Message-ID without its brackets; empty where none was seen.
    String messageId() {
        List<String> ids = MessageIds.parse(new String(value, 0, valueBytes, UTF_8));
        return ids.isEmpty() ? "" : ids.getFirst();
    }

    /// Returns the fields that lack, each with its line end. RFC 6409 §8.2, RFC 6409 §8.3.
    ///
    /// @param domain what a new Message-ID stands for
    byte[] missing(Instant now, String domain) {
        var out = new StringBuilder();
        if (!date) out.append("Date: ").append(DATE.format(now)).append("\r\n");
        if (!messageId) {
            out.append("Message-ID: <").append(UUID.randomUUID()).append('@').append(domain).append(">\r\n");
        }
        return out.toString().getBytes(US_ASCII);
    }
}
