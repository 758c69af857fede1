package casella.jmap;

import casella.base.ArrivalId;
import casella.message.SearchText;
import casella.message.Summary;
import casella.store.Account;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// SearchSnippet/get: the words around what was searched for, marked. RFC 8621 §5.1.
final class SearchSnippetGet implements Method {
    private static final int EMAILS_MAX = 100;
    private static final int TEXT_CHARS_MAX = 200_000;
    private static final int BEFORE_CHARS = 60;
    /// RFC 8621 §5: a preview has at most 255 octets; marks and escapes are counted here too.
    private static final int PREVIEW_BYTES_MAX = 255;

    @Override
    public String name() {
        return "SearchSnippet/get";
    }

    @Override
    public Capability capability() {
        return Capability.MAIL;
    }

    @Override
    public Answer run(Call call) {
        call.accountId();
        EmailFilter filter = EmailFilter.read(call, call.arguments().object("filter"));
        List<String> ids = call.arguments().ids("emailIds");
        call.arguments().end();
        if (ids == null) throw Refusal.argument("emailIds", "given");
        if (ids.size() > EMAILS_MAX) throw Refusal.of(MethodError.Type.REQUEST_TOO_LARGE, "At most " + EMAILS_MAX);
        Account account = call.account();
        List<@Nullable ArrivalId> arrivals = new ArrayList<>();
        for (String id : ids) arrivals.add(call.emailId(id));
        List<EmailGet.@Nullable Found> found = EmailGet.read(account, arrivals, true);
        ArrayNode list = Json.array();
        var notFound = new ArrayList<String>();
        for (int i = 0; i < ids.size(); i++) {
            EmailGet.Found one = found.get(i);
            Summary summary = one == null ? null : one.summary();
            if (one == null || summary == null) {
                notFound.add(ids.get(i));
                continue;
            }
            EmailFilter.checkTime(call);
            ObjectNode snippet = list.addObject().put("emailId", one.email().id().toString());
            String subject = summary.envelope().subject();
            snippet.put("subject", subject == null ? null : marked(subject, filter.terms(), Integer.MAX_VALUE));
            snippet.put("preview", filter.terms().isEmpty() ? null : preview(account, one, summary, filter.terms()));
        }
        ObjectNode out = call.response();
        out.set("list", list);
        out.set("notFound", notFound.isEmpty() ? Json.nothing() : Json.array(notFound));
        return new Answer.Done(out);
    }

    private static @Nullable String preview(
            Account account, EmailGet.Found found, Summary summary, List<String> terms) {
        String known = marked(summary.preview(), terms, PREVIEW_BYTES_MAX);
        if (known != null) return known;
        byte[] raw = MailBytes.whole(account, found.email());
        return marked(SearchText.body(raw, summary, TEXT_CHARS_MAX), terms, PREVIEW_BYTES_MAX);
    }

    /// Returns the text around the first term as HTML, each term between `<mark>` and `</mark>`;
    /// null if none is in it.
    static @Nullable String marked(String text, List<String> terms, int bytesMax) {
        int first = Integer.MAX_VALUE;
        for (int i = 0; i < text.length() && first == Integer.MAX_VALUE; i++) if (at(text, i, terms) > 0) first = i;
        if (first == Integer.MAX_VALUE) return null;
        int from = bytesMax == Integer.MAX_VALUE ? 0 : Math.max(0, first - BEFORE_CHARS);
        if (from > 0 && Character.isLowSurrogate(text.charAt(from))) from++;
        var out = new StringBuilder();
        int bytes = 0;
        for (int i = from; i < text.length(); ) {
            int length = at(text, i, terms);
            String piece = length > 0
                    ? "<mark>" + escaped(text.substring(i, i + length)) + "</mark>"
                    : escaped(text.substring(i, i + Character.charCount(text.codePointAt(i))));
            bytes += piece.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            if (bytes > bytesMax) break;
            out.append(piece);
            i += length > 0 ? length : Character.charCount(text.codePointAt(i));
        }
        return out.toString();
    }

    /// Returns the length of the term that begins at `index`, 0 if none does.
    private static int at(String text, int index, List<String> terms) {
        for (String term : terms) if (text.regionMatches(true, index, term, 0, term.length())) return term.length();
        return 0;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
