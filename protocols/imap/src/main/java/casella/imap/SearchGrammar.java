package casella.imap;

import casella.base.ArrivalId;
import casella.base.ThreadId;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the keys of SEARCH. RFC 9051 §9 `search-key`; RFC 3501 §9 for RECENT, NEW and OLD.
final class SearchGrammar {
    /// Nesting of NOT, OR and parentheses.
    private static final int DEPTH_MAX = 50;
    private static final int KEYS_MAX = 1_000;

    private final Arguments in;
    private int depth;
    private int keys;

    private SearchGrammar(Arguments in) {
        this.in = in;
    }

    /// Reads keys to the end of the command; all of them must hold.
    static SearchKey parse(Arguments in) {
        var grammar = new SearchGrammar(in);
        var all = new ArrayList<SearchKey>();
        do all.add(grammar.key()); while (in.skip(' '));
        in.end();
        return all.size() == 1 ? all.getFirst() : new SearchKey.And(List.copyOf(all));
    }

    private SearchKey key() {
        if (++keys > KEYS_MAX) throw new Arguments.Syntax("too many search keys");
        if (in.next('(')) return group();
        if (in.nextDigit() || in.next('*') || in.next('$')) return new SearchKey.Numbers(in.sequenceSet());
        String word = in.word();
        return switch (word) {
            case "ALL" -> new SearchKey.All();
            case "ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN" -> flag(word);
            case "UNANSWERED", "UNDELETED", "UNDRAFT", "UNFLAGGED", "UNSEEN" ->
                    new SearchKey.Not(flag(word.substring(2)));
            case "KEYWORD" -> new SearchKey.HasFlag(spaced(Arguments::flag));
            case "UNKEYWORD" -> new SearchKey.Not(new SearchKey.HasFlag(spaced(Arguments::flag)));
            case "RECENT", "NEW" -> new SearchKey.None();
            case "OLD" -> new SearchKey.All();
            case "BCC", "CC", "FROM", "SUBJECT", "TO" -> new SearchKey.Header(word, spaced(Arguments::astring));
            case "HEADER" -> new SearchKey.Header(spaced(Arguments::astring), spaced(Arguments::astring));
            case "BODY" -> new SearchKey.Body(spaced(Arguments::astring));
            case "TEXT" -> new SearchKey.Text(spaced(Arguments::astring));
            case "LARGER" -> new SearchKey.Larger(spaced(Arguments::number64));
            case "SMALLER" -> new SearchKey.Smaller(spaced(Arguments::number64));
            case "UID" -> new SearchKey.Uids(spaced(Arguments::sequenceSet));
            case "NOT" -> new SearchKey.Not(nested());
            case "OR" -> new SearchKey.Or(nested(), nested());
            case "OLDER" -> new SearchKey.Age(spaced(Arguments::positive), false);
            case "YOUNGER" -> new SearchKey.Age(spaced(Arguments::positive), true);
            case "MODSEQ" -> modSeq();
            case "EMAILID" -> new SearchKey.EmailId(spaced(i -> id(i.astring(), ArrivalId::parse)));
            case "THREADID" -> new SearchKey.InThread(spaced(i -> id(i.astring(), ThreadId::parse)));
            case "SAVEDATESUPPORTED" -> new SearchKey.SaveDateSupported();
            default -> date(word);
        };
    }

    private SearchKey date(String word) {
        var day =
                word.startsWith("SENT")
                        ? SearchKey.Day.SENT
                        : word.startsWith("SAVED") ? SearchKey.Day.SAVED : SearchKey.Day.INTERNAL;
        String kind = day == SearchKey.Day.SENT ? word.substring(4) : word;
        if (day == SearchKey.Day.SAVED) kind = word.substring(5);
        return switch (kind) {
            case "BEFORE" -> new SearchKey.Between(day, null, spaced(ImapDate::date));
            case "ON" -> on(day, spaced(ImapDate::date));
            case "SINCE" -> new SearchKey.Between(day, spaced(ImapDate::date), null);
            default -> throw new Arguments.Syntax("unknown search key");
        };
    }

    private static SearchKey on(SearchKey.Day day, LocalDate date) {
        return new SearchKey.Between(day, date, date.plusDays(1));
    }

    private static SearchKey flag(String word) {
        return new SearchKey.HasFlag("\\" + word.charAt(0) + word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }

    /// `MODSEQ [entry-name entry-type] mod-sequence`: we keep one mod-sequence a message, so the entry changes nothing.
    /// RFC 7162 §3.1.5.
    private SearchKey modSeq() {
        in.space();
        if (in.next('"')) {
            in.string();
            in.space();
            String type = in.word();
            if (!type.equals("PRIV") && !type.equals("SHARED") && !type.equals("ALL")) {
                throw new Arguments.Syntax("expected priv, shared or all");
            }
            in.space();
        }
        return new SearchKey.ModSeq(in.number64());
    }

    private static <T> @Nullable T id(String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private SearchKey group() {
        enter();
        in.open();
        var all = new ArrayList<SearchKey>();
        do all.add(key()); while (in.skip(' '));
        in.close();
        depth--;
        return all.size() == 1 ? all.getFirst() : new SearchKey.And(List.copyOf(all));
    }

    private SearchKey nested() {
        enter();
        in.space();
        SearchKey key = key();
        depth--;
        return key;
    }

    private void enter() {
        if (++depth > DEPTH_MAX) throw new Arguments.Syntax("search keys nested too deep");
    }

    @SuppressWarnings("TypeParameterUnusedInFormals")
    private <T extends @Nullable Object> T spaced(Function<Arguments, T> read) {
        in.space();
        return read.apply(in);
    }
}
