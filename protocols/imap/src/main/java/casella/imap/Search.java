package casella.imap;

import casella.base.Fault;
import casella.base.Uid;
import casella.store.Account;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// SEARCH and UID SEARCH: finds messages. RFC 9051 §6.4.4; answers as ESEARCH: RFC 9051 §7.3.4, as SEARCH: RFC 3501 §7.2.5.
///
/// An answer is whole or not given: when bytes that must be looked at cannot be reached, NO [UNAVAILABLE].
///
/// @param options what to return; null when the client did not say
/// @param key all conditions; null for an unknown charset
record Search(@Nullable Set<Option> options, @Nullable SearchKey key, boolean uid) implements Command.WithMailbox {
    enum Option {
        MIN,
        MAX,
        ALL,
        COUNT,
        SAVE
    }

    /// `"SEARCH" [SP "RETURN" SP "(" options ")"] [SP "CHARSET" SP charset] 1*(SP search-key)`. RFC 9051 §9.
    static Search parse(Arguments in, boolean uid) {
        in.space();
        Set<Option> options = null;
        if (in.nextWord("RETURN")) {
            options = options(in);
            in.space();
        }
        if (in.nextWord("CHARSET")) {
            in.word();
            in.space();
            String charset = in.astring().toUpperCase(Locale.ROOT);
            in.space();
            // US-ASCII is UTF-8 too. RFC 9051 §6.4.4: these two must be known.
            if (!charset.equals("UTF-8") && !charset.equals("US-ASCII")) return new Search(options, null, uid);
        }
        return new Search(options, SearchGrammar.parse(in), uid);
    }

    private static Set<Option> options(Arguments in) {
        Set<Option> options = EnumSet.noneOf(Option.class);
        in.word();
        in.space();
        in.open();
        if (in.skip(')')) return EnumSet.of(Option.ALL);
        do options.add(option(in.word())); while (in.skip(' '));
        in.close();
        return options;
    }

    private static Option option(String word) {
        for (Option option : Option.values()) if (option.name().equals(word)) return option;
        throw new Arguments.Syntax("unknown return option");
    }

    @Override
    public boolean tellsExpunges() {
        return uid;
    }

    @Override
    public Turn run(State.Selected state, Client client) throws IOException {
        if (key == null) {
            return new Turn(state, Reply.no(new Code.BadCharset(List.of("US-ASCII", "UTF-8")), "Unknown charset"));
        }
        boolean save = options != null && options.contains(Option.SAVE);
        State.Selected next = key.namesModSeq() ? state.withCondstore() : state;
        Found found;
        try {
            found = find(key, state, client);
        } catch (Fault | Arguments.Syntax e) {
            // RFC 9051 §6.4.4.1: a SEARCH that fails saves nothing.
            if (save) state.selection().save(List.of());
            throw e;
        }
        if (save && options != null) state.selection().save(found.saved(options, state.selection()));
        Fault away = found.away;
        if (away != null) return new Turn(next, Session.replyTo(away));
        if (options == null && client.out().dialect() == Dialect.REV1) answer(found, state.selection(), client.out());
        else if (options == null || !options.equals(EnumSet.of(Option.SAVE))) {
            answerExtended(found, options == null ? EnumSet.of(Option.ALL) : options, state.selection(), client);
        }
        return new Turn(next, Reply.ok("SEARCH done"));
    }

    /// What was found.
    ///
    /// @param modseq highest of the messages found
    /// @param away why some message could not be looked at
    private record Found(Chosen chosen, long modseq, @Nullable Fault away) {
        List<SequenceSet.Range> saved(Set<Option> options, Selection selection) {
            var ranges = new ArrayList<SequenceSet.Range>();
            if (away != null || chosen.isEmpty()) return ranges;
            boolean all = options.contains(Option.ALL) || options.contains(Option.COUNT);
            boolean some = options.contains(Option.MIN) || options.contains(Option.MAX);
            if (all || !some) {
                for (Chosen.Run run : chosen.runs()) {
                    ranges.add(range(selection.uid(run.from()), selection.uid(run.until() - 1)));
                }
                return ranges;
            }
            Uid first = selection.uid(chosen.runs().getFirst().from());
            Uid last = selection.uid(chosen.runs().getLast().until() - 1);
            if (options.contains(Option.MIN)) ranges.add(range(first, first));
            if (options.contains(Option.MAX) && !(ranges.size() == 1 && first.equals(last))) ranges.add(range(last, last));
            return ranges;
        }

        private static SequenceSet.Range range(Uid from, Uid to) {
            return new SequenceSet.Range(from.value(), to.value());
        }
    }

    private static Found find(SearchKey key, State.Selected state, Client client) {
        Account account = state.account();
        Selection selection = state.selection();
        var match = new SearchMatch(key, selection, client);
        var found = new Chosen.Builder();
        long modseq = 0;
        for (Chosen page : match.candidates().pages(Selection.PAGE)) {
            List<FetchRow> rows = FetchRow.read(account, selection, page, FetchRow.Needs.PLACEMENT);
            for (FetchRow row : match.of(rows, page, account)) {
                found.add(row.index(), row.index() + 1);
                modseq = Math.max(modseq, row.placement().modseq().value());
            }
            if (match.away() != null) break;
        }
        return new Found(found.build(), key.namesModSeq() ? modseq : 0, match.away());
    }

    private void answer(Found found, Selection selection, Output out) throws IOException {
        out.text("* SEARCH");
        for (Chosen.Run run : found.chosen.runs()) {
            for (int i = run.from(); i < run.until(); i++) out.text(" ").number(number(i, selection));
        }
        if (found.modseq > 0) out.text(" (MODSEQ " + found.modseq + ")");
        out.end();
    }

    private void answerExtended(Found found, Set<Option> options, Selection selection, Client client)
            throws IOException {
        Output out = client.out().text("* ESEARCH (TAG " + Quoted.of(client.tag()) + ")" + (uid ? " UID" : ""));
        Chosen chosen = found.chosen;
        if (!chosen.isEmpty()) {
            if (options.contains(Option.MIN)) {
                out.text(" MIN ").number(number(chosen.runs().getFirst().from(), selection));
            }
            if (options.contains(Option.MAX)) {
                out.text(" MAX ").number(number(chosen.runs().getLast().until() - 1, selection));
            }
        }
        if (options.contains(Option.COUNT)) out.text(" COUNT ").number(chosen.size());
        if (options.contains(Option.ALL) && !chosen.isEmpty()) {
            var set = new SequenceSet.Writer();
            for (Chosen.Run run : chosen.runs()) {
                for (int i = run.from(); i < run.until(); i++) set.add(number(i, selection));
            }
            out.text(" ALL ").text(set.text());
        }
        if (found.modseq > 0) out.text(" MODSEQ ").number(found.modseq);
        out.end();
    }

    private long number(int index, Selection selection) {
        return uid ? selection.uid(index).value() : index + 1;
    }
}
