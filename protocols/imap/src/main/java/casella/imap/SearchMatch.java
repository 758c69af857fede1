package casella.imap;

import casella.base.Fault;
import casella.message.Address;
import casella.message.Envelope;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.SearchText;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.store.Placement;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says which messages fit a search key, looking at no more of a message than it takes: first its row, which comes a
/// page at a time; then its summary, again for a page; then its bytes.
///
/// Text is compared without case, after normalisation (NFC). RFC 9051 §6.4.4.
final class SearchMatch {
    /// What is known of a key and a message with what was read so far.
    private enum Answer {
        YES,
        NO,
        /// More of the message has to be read.
        OPEN;

        static Answer of(boolean yes) {
            return yes ? YES : NO;
        }
    }

    /// Decoded characters of one message that are searched.
    private static final int CHARS_MAX = 4 << 20;

    private final SearchKey key;
    private final Selection selection;
    private final Client client;
    private final Instant now;
    private final IdentityHashMap<SearchKey, Chosen> sets = new IdentityHashMap<>();
    private @Nullable Fault away;

    SearchMatch(SearchKey key, Selection selection, Client client) {
        this.key = key;
        this.selection = selection;
        this.client = client;
        this.now = client.now();
    }

    /// Returns why a message could not be looked at, null if all could.
    @Nullable Fault away() {
        return away;
    }

    /// Returns the messages that may fit: those of a set of numbers, where the client gave one.
    Chosen candidates() {
        List<SearchKey> all = key instanceof SearchKey.And(var keys) ? keys : List.of(key);
        for (SearchKey one : all) {
            if (one instanceof SearchKey.Numbers || one instanceof SearchKey.Uids) return set(one);
        }
        var chosen = new Chosen.Builder();
        chosen.add(0, selection.count());
        return chosen.build();
    }

    private Chosen set(SearchKey key) {
        return sets.computeIfAbsent(
                key,
                k -> switch (k) {
                    case SearchKey.Numbers(SequenceSet set) -> selection.chooseThere(set, false);
                    case SearchKey.Uids(SequenceSet set) -> selection.chooseThere(set, true);
                    default -> throw new IllegalStateException("not a set");
                });
    }

    /// One message and what is known of it.
    private record Look(
            Placement row, int index, @Nullable Email email, @Nullable Summary summary, byte @Nullable [] bytes) {}

    /// Returns the rows that fit, in their order.
    List<FetchRow> of(List<FetchRow> rows, Chosen page, Account account) {
        Map<Integer, FetchRow> details = Map.of();
        var fitting = new ArrayList<FetchRow>();
        for (FetchRow row : rows) {
            Answer answer = ask(key, new Look(row.placement(), row.index(), null, null, null));
            if (answer == Answer.OPEN) {
                if (details.isEmpty()) details = details(page, account);
                FetchRow detail = details.get(row.index());
                // Expunged between the two looks: it is not there any more.
                if (detail == null) continue;
                answer = ask(detail, account);
            }
            if (answer == Answer.YES) fitting.add(row);
            if (away != null) break;
        }
        return fitting;
    }

    private Map<Integer, FetchRow> details(Chosen page, Account account) {
        var details = new HashMap<Integer, FetchRow>();
        for (FetchRow row : FetchRow.read(account, selection, page, FetchRow.Needs.ALL)) details.put(row.index(), row);
        return details;
    }

    private Answer ask(FetchRow detail, Account account) {
        var look = new Look(detail.placement(), detail.index(), detail.email(), detail.summary(), null);
        Answer answer = ask(key, look);
        if (answer != Answer.OPEN) return answer;
        Email email = detail.email();
        if (email == null) throw new Fault.Corrupt("Placement without its email", Map.of());
        return switch (account.body(email)) {
            case Body.Present(byte[] bytes) ->
                    client.onCpu(
                            bytes.length,
                            () -> ask(key, new Look(look.row, look.index, email, detail.summary(), bytes)));
            case Body.Unavailable(Fault why) -> {
                away = why;
                yield Answer.NO;
            }
        };
    }

    private Answer ask(SearchKey key, Look look) {
        Placement row = look.row;
        return switch (key) {
            case SearchKey.All _, SearchKey.SaveDateSupported _ -> Answer.YES;
            case SearchKey.None _ -> Answer.NO;
            case SearchKey.HasFlag(String flag) -> Answer.of(row.keywords().has(Flags.keyword(flag)));
            case SearchKey.And(var keys) -> all(keys, look);
            case SearchKey.Or(SearchKey left, SearchKey right) -> or(left, right, look);
            case SearchKey.Not(SearchKey inner) -> not(ask(inner, look));
            case SearchKey.Numbers _, SearchKey.Uids _ -> Answer.of(set(key).holds(look.index));
            case SearchKey.Between between -> between(between, look);
            case SearchKey.Age(long seconds, boolean younger) ->
                    Answer.of(Duration.between(row.received(), now).toSeconds() < seconds == younger);
            case SearchKey.Larger(long bytes) -> Answer.of(row.size() > bytes);
            case SearchKey.Smaller(long bytes) -> Answer.of(row.size() < bytes);
            case SearchKey.ModSeq(long atLeast) -> Answer.of(row.modseq().value() >= atLeast);
            case SearchKey.EmailId(var id) -> Answer.of(row.email().equals(id));
            case SearchKey.InThread(var id) ->
                    look.email == null ? Answer.OPEN : Answer.of(look.email.thread().equals(id));
            case SearchKey.Header(String field, String text) -> header(field, fold(text), look);
            case SearchKey.Body(String text) ->
                    look.bytes == null ? Answer.OPEN : Answer.of(body(look).contains(fold(text)));
            case SearchKey.Text(String text) ->
                    look.bytes == null
                            ? Answer.OPEN
                            : Answer.of(wholeHeader(look).contains(fold(text)) || body(look).contains(fold(text)));
        };
    }

    private Answer all(List<SearchKey> keys, Look look) {
        Answer answer = Answer.YES;
        for (SearchKey key : keys) {
            Answer one = ask(key, look);
            if (one == Answer.NO) return Answer.NO;
            if (one == Answer.OPEN) answer = Answer.OPEN;
        }
        return answer;
    }

    private Answer or(SearchKey left, SearchKey right, Look look) {
        Answer first = ask(left, look);
        if (first == Answer.YES) return first;
        Answer second = ask(right, look);
        if (second == Answer.YES) return second;
        return first == Answer.OPEN ? first : second;
    }

    private static Answer not(Answer answer) {
        return switch (answer) {
            case YES -> Answer.NO;
            case NO -> Answer.YES;
            case OPEN -> Answer.OPEN;
        };
    }

    private static Answer between(SearchKey.Between key, Look look) {
        LocalDate day =
                switch (key.day()) {
                    case INTERNAL -> LocalDate.ofInstant(look.row.received(), ZoneOffset.UTC);
                    case SAVED -> LocalDate.ofInstant(look.row.saved(), ZoneOffset.UTC);
                    case SENT -> {
                        if (look.summary == null) yield null;
                        var sent = look.summary.envelope().sentAt();
                        yield sent == null ? null : sent.toLocalDate();
                    }
                };
        if (day == null) return look.summary == null ? Answer.OPEN : Answer.NO;
        boolean after = key.from() == null || !day.isBefore(key.from());
        boolean before = key.until() == null || day.isBefore(key.until());
        return Answer.of(after && before);
    }

    /// Fields of the envelope are answered from the summary. RFC 9051 §6.4.4: an empty text asks only whether there is
    /// such a field.
    private Answer header(String field, String text, Look look) {
        if (look.summary == null) return Answer.OPEN;
        String known = text.isEmpty() ? null : envelope(field.toLowerCase(Locale.ROOT), look.summary.envelope());
        if (known != null) return Answer.of(fold(known).contains(text));
        if (look.bytes == null) return Answer.OPEN;
        for (HeaderField one : Headers.of(look.bytes, look.summary.root().header()).all(field)) {
            if (fold(one.asText()).contains(text)) return Answer.YES;
        }
        return Answer.NO;
    }

    private static @Nullable String envelope(String field, Envelope envelope) {
        return switch (field) {
            case "subject" -> text(envelope.subject());
            case "from" -> addresses(envelope.from());
            case "to" -> addresses(envelope.to());
            case "cc" -> addresses(envelope.cc());
            case "bcc" -> addresses(envelope.bcc());
            case "message-id" -> text(envelope.messageIdText());
            case "in-reply-to" -> text(envelope.inReplyToText());
            default -> null;
        };
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String addresses(List<Address> addresses) {
        var out = new StringBuilder();
        for (Address address : addresses) {
            if (address instanceof Address.Group group) out.append(group.name()).append(": ");
            List<Address.Mailbox> members = Address.flat(List.of(address));
            for (Address.Mailbox one : members) {
                out.append(text(one.name())).append(" <").append(one.email()).append(">, ");
            }
        }
        return out.toString();
    }

    private static String wholeHeader(Look look) {
        if (look.summary == null || look.bytes == null) return "";
        return fold(SearchText.header(look.bytes, look.summary.root().header(), CHARS_MAX));
    }

    private static String body(Look look) {
        if (look.summary == null || look.bytes == null) return "";
        return fold(SearchText.body(look.bytes, look.summary, CHARS_MAX));
    }

    private static String fold(String text) {
        String nfc = Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
        return nfc.toLowerCase(Locale.ROOT);
    }
}
