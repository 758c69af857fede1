package casella.server.scanning;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.scanning.Letter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a stored mail came, read back from the trace fields that this server wrote above it: `Return-Path` and the first `Received`.
///
/// @param ours whether one of our own users submitted it
record Traced(Letter letter, boolean ours) {
    private static final int LOOK_BYTES = 8 << 10;
    private static final Pattern RETURN_PATH = Pattern.compile("\\AReturn-Path: <([^\\r\\n]*)>\\r\\n");
    private static final Pattern RECEIVED =
            Pattern.compile("^Received: from (\\S+) \\((?:\\[(?:IPv6:)?([^]]+)]|(authenticated submission))\\)\\r\\n\\tby [^\\r\\n]*"
                    + "(?:\\r\\n\\tfor <([^\\r\\n]*)>;)?", Pattern.MULTILINE);

    /// Reads them; what is not there is empty.
    static Traced of(byte[] mail) {
        String top = new String(mail, 0, Math.min(mail.length, LOOK_BYTES), UTF_8);
        int end = top.indexOf("\r\n\r\n");
        if (end >= 0) top = top.substring(0, end + 2);
        Matcher path = RETURN_PATH.matcher(top);
        String sender = path.find() ? path.group(1) : "";
        Matcher received = RECEIVED.matcher(top);
        if (!received.find()) return new Traced(new Letter(mail, "", "", sender, List.of(), ""), false);
        boolean ours = received.group(3) != null;
        String peer = received.group(2) == null ? "" : received.group(2);
        List<String> recipients = received.group(4) == null ? List.of() : List.of(received.group(4));
        String helo = ours ? "" : received.group(1);
        return new Traced(new Letter(mail, peer, helo, sender, recipients, ours ? sender : ""), ours);
    }
}
