package casella.message;

/// The subject that a conversation has in common. RFC 5256 §2.1, exactly its steps, so that clients
/// agree.
///
/// @param value without reply and forward marks, spaces in a row made one; upper and lower case
///     kept
/// @param replyOrForward a mark was taken away (RFC 5256 §3, step 1 of REFERENCES)
public record BaseSubject(String value, boolean replyOrForward) {
    /// Subjects are looked at this far, in characters.
    private static final int CHARS_MAX = 4_000;

    private static final int NONE = -1;

    /// Returns the base of `subject`.
    ///
    /// @param subject as sent or decoded
    public static BaseSubject of(String subject) {
        String text =
                Octets.cut(Words.decode(Octets.cut(subject, CHARS_MAX)), CHARS_MAX)
                        .replaceAll("\\s+", " ");
        boolean marked = false;
        while (true) {
            int end = trailed(text);
            marked |= hasForwardTrailer(text, end);
            text = text.substring(0, end);
            int from = 0;
            while (true) {
                int leader = leader(text, from);
                if (leader != NONE) {
                    marked |= text.charAt(from) != ' ';
                    from = leader;
                    continue;
                }
                int blob = blob(text, from);
                if (blob == NONE || blob == text.length()) break;
                from = blob;
            }
            text = text.substring(from);
            if (!text.regionMatches(true, 0, "[fwd:", 0, 5) || !text.endsWith("]"))
                return new BaseSubject(text, marked);
            text = text.substring(5, text.length() - 1);
            marked = true;
        }
    }

    /// Step 2: where the text ends without its trailers.
    private static int trailed(String text) {
        int end = text.length();
        while (true) {
            if (end > 0 && text.charAt(end - 1) == ' ') end--;
            else if (end >= 5 && text.regionMatches(true, end - 5, "(fwd)", 0, 5)) end -= 5;
            else return end;
        }
    }

    private static boolean hasForwardTrailer(String text, int end) {
        return !text.substring(end).isBlank();
    }

    /// Step 3: the index after `*subj-blob subj-refwd`, or after a space; else [#NONE].
    private static int leader(String text, int from) {
        if (from < text.length() && text.charAt(from) == ' ') return from + 1;
        int at = from;
        for (int blob = blob(text, at); blob != NONE; blob = blob(text, at)) at = blob;
        if (text.regionMatches(true, at, "re", 0, 2)) at += 2;
        else if (text.regionMatches(true, at, "fwd", 0, 3)) at += 3;
        else if (text.regionMatches(true, at, "fw", 0, 2)) at += 2;
        else return NONE;
        while (at < text.length() && text.charAt(at) == ' ') at++;
        int blob = blob(text, at);
        if (blob != NONE) at = blob;
        return at < text.length() && text.charAt(at) == ':' ? at + 1 : NONE;
    }

    /// The index after `"[" *BLOBCHAR "]" *WSP`, or [#NONE].
    private static int blob(String text, int from) {
        if (from >= text.length() || text.charAt(from) != '[') return NONE;
        int at = from + 1;
        while (at < text.length() && text.charAt(at) != '[' && text.charAt(at) != ']') at++;
        if (at >= text.length() || text.charAt(at) == '[') return NONE;
        at++;
        while (at < text.length() && text.charAt(at) == ' ') at++;
        return at;
    }
}
