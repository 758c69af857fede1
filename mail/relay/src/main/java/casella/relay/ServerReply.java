package casella.relay;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What another server answers. RFC 5321 §4.2.
///
/// @param code 200 to 599
/// @param lines the texts of its lines, without codes; 1 or more, printable
record ServerReply(int code, List<String> lines) {
    /// RFC 2034 §4
    private static final Pattern ENHANCED = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?: |$)");
    private static final int TEXT_CHARS_MAX = 500;

    ServerReply {
        lines = List.copyOf(lines);
    }

    boolean good() {
        return code / 100 == 2;
    }

    /// Returns the enhanced status code it gave, of its own class; else the general one of its class.
    String status() {
        Matcher found = ENHANCED.matcher(lines.getFirst());
        if (found.lookingAt() && found.group(1).charAt(0) - '0' == code / 100) return found.group(1);
        return code / 100 + ".0.0";
    }

    /// Returns it on one line: `550 5.1.1 No such user`.
    String text() {
        String text = code + " " + String.join(" / ", lines);
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX);
    }

    /// Returns what it means for a recipient that was not taken.
    Fate fate(String host) {
        return code / 100 == 5 ? new Fate.Refused(status(), text(), host) : new Fate.Later(status(), text(),
                host);
    }
}
