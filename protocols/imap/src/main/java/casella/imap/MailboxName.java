package casella.imap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/// Mailbox names between the wire and Unicode: modified UTF-7 for IMAP4rev1 (RFC 3501 §5.1.3), UTF-8 for IMAP4rev2
/// (RFC 9051 §5.1). Any case of INBOX is `INBOX`.
final class MailboxName {
    static final char SEPARATOR = '/';
    static final String INBOX = "INBOX";

    private MailboxName() {}

    /// Returns the name the client means by `wire`.
    ///
    /// @throws Arguments.Syntax if it is not valid in that dialect
    static String decode(byte[] wire, Dialect dialect) {
        String name = utf8(wire);
        if (dialect == Dialect.REV1 && name.indexOf('&') >= 0) name = fromUtf7(name);
        return canonical(name);
    }

    /// Returns `name` with its first level, if that is INBOX in any case, written `INBOX`.
    static String canonical(String name) {
        String first = name.length() > INBOX.length() ? name.substring(0, INBOX.length()) : name;
        if (!first.toUpperCase(Locale.ROOT).equals(INBOX)) return name;
        if (name.length() == INBOX.length()) return INBOX;
        return name.charAt(INBOX.length()) == SEPARATOR ? INBOX + name.substring(INBOX.length()) : name;
    }

    /// Returns `name` as the wire has it: in IMAP4rev1 pure ASCII.
    static String encode(String name, Dialect dialect) {
        return dialect == Dialect.REV1 ? toUtf7(name) : name;
    }

    static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Arguments.Syntax("expected UTF-8");
        }
    }

    static String toUtf7(String name) {
        var out = new StringBuilder();
        int at = 0;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (c == '&') {
                out.append("&-");
                at++;
            } else if (c >= ' ' && c <= '~') {
                out.append(c);
                at++;
            } else {
                int from = at;
                while (at < name.length() && (name.charAt(at) < ' ' || name.charAt(at) > '~')) at++;
                byte[] utf16 = name.substring(from, at).getBytes(StandardCharsets.UTF_16BE);
                String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
                out.append('&').append(base64.replace('/', ',')).append('-');
            }
        }
        return out.toString();
    }

    /// A name that is not modified UTF-7 (`R&D`, typed by a person) is taken as it stands: refusing it would make a
    /// mailbox that exists unreachable for a careless client, and no valid name is misread.
    private static String fromUtf7(String wire) {
        var out = new StringBuilder();
        int at = 0;
        while (at < wire.length()) {
            char c = wire.charAt(at);
            if (c != '&') {
                out.append(c);
                at++;
                continue;
            }
            int end = wire.indexOf('-', at);
            if (end < 0) return wire;
            if (end == at + 1) {
                out.append('&');
            } else {
                byte[] utf16;
                try {
                    utf16 = Base64.getDecoder().decode(wire.substring(at + 1, end).replace(',', '/'));
                } catch (IllegalArgumentException e) {
                    return wire;
                }
                String decoded = utf16(utf16);
                if (decoded.isEmpty()) return wire;
                out.append(decoded);
            }
            at = end + 1;
        }
        return out.toString();
    }

    /// Empty when `bytes` is no UTF-16: odd, or with a lone surrogate, which has no way back.
    private static String utf16(byte[] bytes) {
        try {
            return StandardCharsets.UTF_16BE
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return "";
        }
    }
}
