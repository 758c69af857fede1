package casella.jmap;

import casella.base.Fault;
import casella.base.MailboxId;
import casella.jmap.Claim.Truth;
import casella.message.Address;
import casella.message.Envelope;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.SearchText;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Placement;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The filter of `Email/query`. RFC 8621 §4.4.1.
///
/// @param matches asked with what the engine has; where that is not enough, asked again with the
///     mail opened
/// @param mailbox every match is in it; null if matches may be anywhere
/// @param onlyMailbox being in `mailbox` is all that is asked
/// @param summaries whether summaries are read
/// @param threads whether the other emails of a thread are read
/// @param terms what is looked for in text, lower case: for search snippets
record EmailFilter(
        Claim<Candidate> matches,
        @Nullable MailboxId mailbox,
        boolean onlyMailbox,
        boolean summaries,
        boolean threads,
        List<String> terms) {

    /// Words of a mail that are searched.
    private static final int SEARCH_CHARS_MAX = 2_000_000;

    private static final int TERM_CHARS_MAX = 1_000;

    /// Reads a filter.
    ///
    /// @throws Refusal `unsupportedFilter`, `invalidArguments`
    static EmailFilter read(Call call, @Nullable ObjectNode filter) {
        var reader = new Reader(call);
        Claim<Candidate> matches = Filters.read(filter, reader::condition);
        MailboxId mailbox = filter == null ? null : mailbox(call, filter);
        boolean only = filter != null && mailbox != null && filter.size() == 1 && filter.has("inMailbox");
        return new EmailFilter(
                matches, mailbox, only, reader.summaries, reader.threads, reader.terms);
    }

    /// Returns a mailbox that every match must be in, if the filter says so at its top.
    private static @Nullable MailboxId mailbox(Call call, ObjectNode filter) {
        JsonNode in = filter.get("inMailbox");
        if (in != null && in.isString()) return call.mailboxId(in.stringValue());
        JsonNode operator = filter.get("operator");
        JsonNode conditions = filter.get("conditions");
        if (operator == null || conditions == null || !operator.asString("").equals("AND")) return null;
        for (JsonNode one : conditions) {
            MailboxId found = one.isObject() ? mailbox(call, (ObjectNode) one) : null;
            if (found != null) return found;
        }
        return null;
    }

    private static final class Reader {
        private final Call call;
        private boolean summaries;
        private boolean threads;
        private final List<String> terms = new ArrayList<>();

        Reader(Call call) {
            this.call = call;
        }

        /// A FilterCondition: all of its properties must hold.
        Claim<Candidate> condition(Arguments in) {
            var all = new ArrayList<Predicate<Candidate>>();
            var inside = new ArrayList<Claim<Candidate>>();
            places(in, all);
            String inMailbox = in.text("inMailbox");
            if (inMailbox != null) {
                MailboxId id = call.mailboxId(inMailbox);
                all.add(one -> in(one, id == null ? Set.of() : Set.of(id)));
            }
            facts(in, all);
            keywords(in, all);
            texts(in, all, inside);
            for (Predicate<Candidate> part : all) inside.add(one -> Truth.of(part.test(one)));
            return Claim.all(inside);
        }

        private void places(Arguments in, List<Predicate<Candidate>> all) {
            List<String> except = in.ids("inMailboxOtherThan");
            if (except == null) return;
            var ids = new HashSet<MailboxId>();
            for (String text : except) {
                MailboxId id = call.mailboxId(text);
                if (id != null) ids.add(id);
            }
            all.add(one -> one.shown.stream().anyMatch(place -> !ids.contains(place.mailbox())));
        }

        private void facts(Arguments in, List<Predicate<Candidate>> all) {
            Instant before = in.instant("before");
            if (before != null) all.add(one -> one.email.received().isBefore(before));
            Instant after = in.instant("after");
            if (after != null) all.add(one -> !one.email.received().isBefore(after));
            Long min = in.unsigned("minSize");
            if (min != null) all.add(one -> one.email.size() >= min);
            Long max = in.unsigned("maxSize");
            if (max != null) all.add(one -> one.email.size() < max);
            Boolean attachment = in.truth("hasAttachment");
            if (attachment != null) {
                summaries = true;
                all.add(one -> one.summary().hasAttachment() == attachment);
            }
        }

        private void keywords(Arguments in, List<Predicate<Candidate>> all) {
            String has = keyword(in, "hasKeyword");
            if (has != null) all.add(one -> one.hasKeyword(has));
            String not = keyword(in, "notKeyword");
            if (not != null) all.add(one -> !one.hasKeyword(not));
            thread(in, "allInThreadHaveKeyword", all, counts -> counts[0] == counts[1]);
            thread(in, "someInThreadHaveKeyword", all, counts -> counts[0] > 0);
            thread(in, "noneInThreadHaveKeyword", all, counts -> counts[0] == 0);
        }

        private void thread(Arguments in, String name, List<Predicate<Candidate>> all, Predicate<int[]> rule) {
            String keyword = keyword(in, name);
            if (keyword == null) return;
            threads = true;
            all.add(one -> rule.test(one.threadWith(keyword)));
        }

        private static @Nullable String keyword(Arguments in, String name) {
            String keyword = in.text(name);
            return keyword == null ? null : keyword.toLowerCase(Locale.ROOT);
        }

        private void texts(Arguments in, List<Predicate<Candidate>> all, List<Claim<Candidate>> inside) {
            envelope(in, "from", all, Envelope::from);
            envelope(in, "to", all, Envelope::to);
            envelope(in, "cc", all, Envelope::cc);
            envelope(in, "bcc", all, Envelope::bcc);
            Term subject = term(in, "subject");
            if (subject != null) all.add(one -> subject.in(subject(one.summary().envelope())));
            Term body = term(in, "body");
            if (body != null) {
                inside.add(one -> inBody(one, body));
            }
            Term text = term(in, "text");
            if (text != null) {
                inside.add(one -> text.in(head(one.summary().envelope())) ? Truth.YES : inAll(one, text));
            }
            header(in, inside);
        }

        private static Truth inBody(Candidate one, Term term) {
            Candidate.Text text = one.text();
            return text == null ? Truth.UNKNOWN : Truth.of(term.in(text.words()));
        }

        /// Some words may be in the header and the others in the body.
        private static Truth inAll(Candidate one, Term term) {
            Candidate.Text text = one.text();
            if (text == null) return Truth.UNKNOWN;
            return Truth.of(term.in(head(one.summary().envelope()) + "\n" + text.words()));
        }

        private void envelope(
                Arguments in, String name, List<Predicate<Candidate>> all, Function<Envelope, List<Address>> field) {
            Term term = term(in, name);
            if (term != null) all.add(one -> term.in(addresses(field.apply(one.summary().envelope()))));
        }

        private @Nullable Term term(Arguments in, String name) {
            String text = in.text(name);
            if (text == null) return null;
            if (text.length() > TERM_CHARS_MAX) throw in.wrong(name, "at most " + TERM_CHARS_MAX + " characters");
            summaries = true;
            Term term = Term.of(text);
            terms.addAll(term.words());
            return term;
        }

        /// RFC 8621 §4.4.1: one or two strings, a field's name and what its value holds.
        private void header(Arguments in, List<Claim<Candidate>> inside) {
            List<String> header = in.texts("header");
            if (header == null) return;
            if (header.isEmpty() || header.size() > 2) throw in.wrong("header", "one or two strings");
            summaries = true;
            String name = header.getFirst();
            String part = header.size() == 2 ? fold(header.get(1)) : "";
            inside.add(one -> {
                Candidate.Text text = one.text();
                if (text == null) return Truth.UNKNOWN;
                for (HeaderField field : text.headers().all(name)) {
                    if (fold(field.asText()).contains(part)) return Truth.YES;
                }
                return Truth.NO;
            });
        }

        private static boolean in(Candidate one, Set<MailboxId> mailboxes) {
            for (Placement place : one.shown) if (mailboxes.contains(place.mailbox())) return true;
            return false;
        }
    }

    /// Words that must all be there, in any order; what stands in double quotes is one word. RFC
    /// 8621 §4.4.1.
    ///
    /// @param words folded
    record Term(List<String> words) {
        static Term of(String text) {
            var words = new ArrayList<String>();
            boolean quoted = false;
            for (String piece : text.split("\"", -1)) {
                String folded = fold(piece);
                if (quoted && !folded.isBlank()) words.add(folded.strip());
                if (!quoted) for (String word : folded.split("\\s+")) if (!word.isEmpty()) words.add(word);
                quoted = !quoted;
            }
            return new Term(words);
        }

        /// @param text folded
        boolean in(String text) {
            for (String word : words) if (!text.contains(word)) return false;
            return true;
        }
    }

    /// Opens a mail for a search in its words.
    static Candidate.Text open(Account account, Candidate candidate) {
        Summary summary = candidate.summary();
        byte[] raw = MailBytes.whole(account, candidate.email);
        String words = fold(SearchText.body(raw, summary, SEARCH_CHARS_MAX));
        Headers headers = Headers.of(raw, summary.root().header());
        return new Candidate.Text() {
            @Override
            public String words() {
                return words;
            }

            @Override
            public Headers headers() {
                return headers;
            }
        };
    }

    /// Refuses to go on with a search whose time is over.
    static void checkTime(Call call) {
        if (call.deadline().over()) {
            throw new Fault.Unavailable("A search took longer than a request may", java.util.Map.of());
        }
    }

    static String fold(String text) {
        String folded = text.toLowerCase(Locale.ROOT);
        return Normalizer.isNormalized(folded, Normalizer.Form.NFC)
                ? folded
                : Normalizer.normalize(folded, Normalizer.Form.NFC);
    }

    private static String head(Envelope envelope) {
        return subject(envelope) + "\n" + addresses(envelope.from()) + "\n" + addresses(envelope.to()) + "\n"
                + addresses(envelope.cc()) + "\n" + addresses(envelope.bcc());
    }

    private static String subject(Envelope envelope) {
        return envelope.subject() == null ? "" : fold(envelope.subject());
    }

    private static String addresses(List<Address> addresses) {
        var out = new StringBuilder();
        for (Address.Mailbox one : Address.flat(addresses)) {
            if (one.name() != null) out.append(one.name()).append(' ');
            out.append(one.email()).append('\n');
        }
        return fold(out.toString());
    }
}
