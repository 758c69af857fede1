package casella.message;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One field of a header, in every form a caller may ask for. RFC 8621 §4.1.2.
///
/// @param name as written, without spaces before the colon
/// @param value the bytes after the colon, up to but without the last line end: folds and encoded
///     words are still there
/// @param range of the whole field in the mail, its line end included
public record HeaderField(String name, byte[] value, Range range) {

    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    /// Returns the value as it is, NULs dropped and bytes that are not UTF-8 replaced. RFC 8621
    /// §4.1.2.1.
    public String asRaw() {
        return new String(value, StandardCharsets.UTF_8).replace("\0", "");
    }

    /// Returns the value unfolded, encoded words still in it, bytes that are not UTF-8 read as
    /// windows-1252.
    public String unfolded() {
        return Octets.unfolded(value, 0, value.length, value.length);
    }

    /// Returns it unfolded, decoded, in normalization form C. RFC 8621 §4.1.2.2.
    public String asText() {
        return Words.decode(unfolded());
    }

    /// Returns all mailboxes, those in groups too. RFC 8621 §4.1.2.3.
    public List<Address.Mailbox> asAddresses() {
        return Address.flat(Addresses.parse(unfolded()));
    }

    /// Returns the addresses, groups kept. RFC 8621 §4.1.2.4; mailboxes outside groups stand by
    /// themselves.
    public List<Address> asGroupedAddresses() {
        return Addresses.parse(unfolded());
    }

    /// Returns the ids without angle brackets, or null when there are none. RFC 8621 §4.1.2.5.
    public @Nullable List<String> asMessageIds() {
        List<String> ids = MessageIds.parse(unfolded());
        return ids.isEmpty() ? null : ids;
    }

    /// Returns the date in the zone it was written in, or null. RFC 8621 §4.1.2.6.
    public @Nullable OffsetDateTime asDate() {
        return MailDate.parse(unfolded());
    }

    /// Returns the URLs in angle brackets, or null when there are none. RFC 8621 §4.1.2.7, RFC 2369
    /// §2.
    public @Nullable List<String> asUrls() {
        String text = unfolded();
        List<String> urls = new ArrayList<>();
        int open = text.indexOf('<');
        while (open >= 0) {
            int close = text.indexOf('>', open);
            if (close < 0) break;
            String url = text.substring(open + 1, close).replaceAll("\\s+", "");
            if (!url.isEmpty()) urls.add(url);
            open = text.indexOf('<', close);
        }
        return urls.isEmpty() ? null : urls;
    }
}
