package casella.store;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/// What a mailbox may be called. Net-Unicode (NFC), `/` between levels. RFC 9051 §5.1, RFC 8621 §2.
final class MailboxNames {
    private MailboxNames() {}

    /// Returns the spelling under which a name is kept: NFC, and INBOX in capitals at the first level.
    static String canonical(String name) {
        String nfc = Normalizer.isNormalized(name, Normalizer.Form.NFC) ? name
                : Normalizer.normalize(name, Normalizer.Form.NFC);
        if (nfc.equalsIgnoreCase(Mailbox.INBOX)) return Mailbox.INBOX;
        boolean below = nfc.length() > 6 && nfc.charAt(5) == Mailbox.SEPARATOR;
        return below && nfc.regionMatches(true, 0, Mailbox.INBOX, 0, 5) ? Mailbox.INBOX + nfc.substring(5)
                : nfc;
    }

    /// Returns why a canonical name is refused, a sentence for the client, or null if it is good.
    static @Nullable String refusal(String name) {
        if (name.isEmpty()) return "A mailbox needs a name";
        if (name.getBytes(StandardCharsets.UTF_8).length > Mailbox.NAME_BYTES_MAX) {
            return "Name longer than " + Mailbox.NAME_BYTES_MAX + " bytes";
        }
        String[] levels = name.split("/", -1);
        if (levels.length > Mailbox.DEPTH_MAX) return "Name deeper than " + Mailbox.DEPTH_MAX + " levels";
        for (String level : levels) {
            if (level.isBlank()) return "Empty level in name";
            if (!level.equals(level.strip())) return "Space at the edge of a level";
        }
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            // RFC 9051 §5.1 with RFC 5198 §2: no control characters, no line or paragraph separators.
            boolean control = Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
            if (control || Character.getType(c) == Character.SURROGATE) return "Control character in name";
            i += Character.charCount(c);
        }
        return null;
    }
}
