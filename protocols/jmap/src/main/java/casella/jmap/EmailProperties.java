package casella.jmap;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which properties of an Email, and of its parts, a client asks for. RFC 8621 §4.2, §4.9.
///
/// @param plain names without `header:`
/// @param headers properties that begin with `header:`
/// @param part likewise for each EmailBodyPart
/// @param valueBytesMax `maxBodyValueBytes`, 0 for no limit
record EmailProperties(
        Set<String> plain,
        List<HeaderForm> headers,
        Set<String> part,
        List<HeaderForm> partHeaders,
        boolean textValues,
        boolean htmlValues,
        boolean allValues,
        int valueBytesMax) {

    private static final int PROPERTIES_MAX = 200;

    /// What is kept beside the mail. RFC 8621 §4.1.1.
    static final Set<String> METADATA = new LinkedHashSet<>(
            List.of("id", "blobId", "threadId", "mailboxIds", "keywords", "size", "receivedAt"));

    private static final List<String> HEADER = List.of(
            "messageId", "inReplyTo", "references", "sender", "from", "to", "cc", "bcc", "replyTo", "subject", "sentAt");

    private static final List<String> BODY =
            List.of("hasAttachment", "preview", "bodyValues", "textBody", "htmlBody", "attachments");

    private static final Set<String> KNOWN = union(METADATA, HEADER, BODY, List.of("headers", "bodyStructure"));

    /// What `Email/get` gives when it is not told. RFC 8621 §4.2.
    private static final Set<String> GET = union(METADATA, HEADER, BODY);

    /// What `Email/parse` gives when it is not told. RFC 8621 §4.9.
    private static final Set<String> PARSE = union(HEADER, BODY);

    private static final Set<String> PART_DEFAULT = new LinkedHashSet<>(List.of(
            "partId", "blobId", "size", "name", "type", "charset", "disposition", "cid", "language", "location"));

    private static final Set<String> PART_KNOWN = union(PART_DEFAULT, List.of("headers", "subParts"));

    static EmailProperties read(Arguments in, boolean parse) {
        return read(in, parse, Set.of());
    }

    /// Reads `properties`, `bodyProperties`, `fetch…BodyValues` and `maxBodyValueBytes`.
    ///
    /// @param more properties there are beside those of RFC 8621
    static EmailProperties read(Arguments in, boolean parse, Set<String> more) {
        var plain = new LinkedHashSet<String>();
        var headers = new ArrayList<HeaderForm>();
        split(in, "properties", parse ? PARSE : GET, more.isEmpty() ? KNOWN : union(KNOWN, more), plain, headers);
        if (!parse) plain.add("id");
        var part = new LinkedHashSet<String>();
        var partHeaders = new ArrayList<HeaderForm>();
        split(in, "bodyProperties", PART_DEFAULT, PART_KNOWN, part, partHeaders);
        boolean text = in.truth("fetchTextBodyValues", false);
        boolean html = in.truth("fetchHTMLBodyValues", false);
        boolean all = in.truth("fetchAllBodyValues", false);
        Long most = in.unsigned("maxBodyValueBytes");
        int bytes = most == null ? 0 : (int) Math.min(most, Integer.MAX_VALUE);
        return new EmailProperties(plain, headers, part, partHeaders, text, html, all, bytes);
    }

    private static void split(
            Arguments in,
            String argument,
            Set<String> otherwise,
            Set<String> known,
            Set<String> plain,
            List<HeaderForm> headers) {
        List<String> names = in.texts(argument);
        if (names == null) {
            plain.addAll(otherwise);
            return;
        }
        if (names.size() > PROPERTIES_MAX) throw in.wrong(argument, "at most " + PROPERTIES_MAX);
        for (String name : new LinkedHashSet<>(names)) {
            if (known.contains(name)) {
                plain.add(name);
                continue;
            }
            HeaderForm form = name.startsWith(HeaderForm.PREFIX) ? HeaderForm.read(name) : null;
            if (form == null) throw in.wrong(argument, "properties of the type");
            headers.add(form);
        }
    }

    boolean wants(String property) {
        return plain.contains(property);
    }

    /// Says whether more is asked for than the rows of the email itself hold.
    boolean needsSummary() {
        return !headers.isEmpty() || !METADATA.containsAll(plain);
    }

    /// Says whether header fields are asked for that only the mail itself has.
    boolean needsHeader() {
        return !headers.isEmpty() || wants("headers");
    }

    boolean needsPartHeaders() {
        boolean parts = wants("bodyStructure") || wants("textBody") || wants("htmlBody") || wants("attachments");
        return parts && (!partHeaders.isEmpty() || part.contains("headers"));
    }

    boolean needsValues() {
        return wants("bodyValues") && (textValues || htmlValues || allValues);
    }

    @SafeVarargs
    private static Set<String> union(java.util.Collection<String>... sets) {
        var out = new LinkedHashSet<String>();
        for (var set : sets) out.addAll(set);
        return out;
    }

}
