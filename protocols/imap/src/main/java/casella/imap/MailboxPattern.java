package casella.imap;

import java.util.BitSet;
import java.util.Locale;

/// A name with wildcards: `*` is anything, `%` anything within one level. RFC 9051 §6.3.9.
///
/// Matching walks the name once with the set of places the pattern may be at: no input makes it slower than name times
/// pattern.
///
/// @param text reference and pattern, one after the other
record MailboxPattern(String text) {
    static final int CHARS_MAX = 2_000;

    MailboxPattern {
        if (text.length() > CHARS_MAX) throw new Arguments.Syntax("pattern too long");
        text = text.replaceAll("[*%]*\\*[*%]*", "*").replaceAll("%+", "%");
    }

    boolean matches(String name) {
        if (matches(text, name)) return true;
        // INBOX has no case. RFC 9051 §5.1
        return name.equals(MailboxName.INBOX) && matches(text.toUpperCase(Locale.ROOT), name);
    }

    private static boolean matches(String pattern, String name) {
        var at = new BitSet(pattern.length() + 1);
        at.set(0);
        skipWildcards(pattern, at);
        for (int i = 0; i < name.length() && !at.isEmpty(); i++) {
            char c = name.charAt(i);
            var next = new BitSet(pattern.length() + 1);
            for (int p = at.nextSetBit(0); p >= 0 && p < pattern.length(); p = at.nextSetBit(p + 1)) {
                char wanted = pattern.charAt(p);
                if (wanted == '*' || (wanted == '%' && c != MailboxName.SEPARATOR)) next.set(p);
                if (wanted == c) next.set(p + 1);
            }
            skipWildcards(pattern, next);
            at = next;
        }
        return at.get(pattern.length());
    }

    /// A wildcard may stand for nothing.
    private static void skipWildcards(String pattern, BitSet at) {
        for (int p = at.nextSetBit(0); p >= 0 && p < pattern.length(); p = at.nextSetBit(p + 1)) {
            if (pattern.charAt(p) == '*' || pattern.charAt(p) == '%') at.set(p + 1);
        }
    }
}
