package casella.queue;

import casella.message.Address;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.Part;
import casella.message.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Says who goes first, from what a message is: pure, in time linear in its header.
///
/// Urgent is what is worth nothing an hour later and what one person waits for: a code, a reset, a warning, money that moved, a
/// visit tomorrow. It is recognised by what all such mail has in common (a machine wrote a short message, without attachments, to
/// one recipient and to no list, in answer to nobody) and by what it says ([Sign]); and its domain must be proven, else it is
/// personal: who pretends is not helped. A wrong guess costs a place in line, nothing else; [UrgentAllowance] limits what a liar
/// gains.
public final class Classifier {
    /// From here on a trusted peer's MT-PRIORITY is urgent, and bulk from its opposite on. RFC 6710 (its MIXER policy)
    static final int URGENT_FROM = 4;

    private static final int URGENT_BYTES_MAX = 256 << 10;
    private static final int TEXT_CHARS_MAX = 1_000;

    /// Local parts that no person has.
    private static final Pattern ROLE = Pattern.compile(
            "(no[-_.]?reply|do[-_.]?not[-_.]?reply|non[-_.]?rispondere|security|sicurezza|antifrode|fraud|accounts?|auth|verify|verifica"
                    + "|notif(ica|iche|y|ications?)|otp|codici?|login|accessi?|id|identity|supporto?|servizi?o?|service|info"
                    + "|informazioni|alerts?|avvis[oi]|password|assistenza|help(desk)?|referti|ricette|cup|promemoria|reminders?"
                    + "|appuntamenti|appointments|results|pagamenti|payments?|ricevute|receipts|carte|cards?|system|mailer"
                    + "|robot|bot|registrazion[ei]|registration|welcome|benvenuto)([-_.+].*)?",
            Pattern.CASE_INSENSITIVE);
    /// What a person's program writes before the subject of an answer, or of what it passes on.
    private static final Pattern ANSWER = Pattern.compile(
            "^\\s*(\\[[^\\]]*\\]\\s*)?(re|r|aw|sv|rif|fwd?|i|wg|inoltro|inoltra)\\s*(\\[\\d+\\])?\\s*:",
                    Pattern.CASE_INSENSITIVE);

    private final ClassifierRules rules;

    public Classifier(ClassifierRules rules) {
        this.rules = rules;
    }

    /// What is known of a message beside itself.
    ///
    /// @param sender of the envelope; empty for `<>`
    /// @param recipients of the envelope
    /// @param mtPriority what a trusted peer, or our own user, said; 0 for nothing
    public record Arrival(String sender, int recipients, int mtPriority, Proof proof) {}

    /// One thing that was looked at, for who asks why.
    ///
    /// @param holds whether it speaks for urgent
    public record Look(String what, boolean holds) {}

    /// Returns the priority of a message, and why.
    ///
    /// @param raw the whole message
    public Classified of(Arrival arrival, byte[] raw, Summary summary) {
        return of(arrival, raw, summary, new ArrayList<>());
    }

    /// Returns the same and adds to `looks` what was looked at, in its order.
    public Classified of(Arrival arrival, byte[] raw, Summary summary, List<Look> looks) {
        Headers headers = Headers.of(raw, summary.root().header());
        if (arrival.mtPriority() >= URGENT_FROM) return new Classified(Priority.URGENT, "mt-priority");
        if (arrival.mtPriority() <= -URGENT_FROM) return new Classified(Priority.BULK, "mt-priority");
        if (!look(looks, "is no mailing list's", !isList(headers))) return new Classified(Priority.BULK,
                "list");
        if (!look(looks, "was not sent to many", !sentToMany(headers))) return new Classified(Priority.BULK,
                "sent-to-many");
        boolean byItself = value(headers, "Auto-Submitted").startsWith("auto-replied");
        if (!look(looks, "is no automatic answer", !byItself)) {
            return isReport(summary.root()) ? new Classified(Priority.PERSONAL, "report")
                    : new Classified(Priority.BULK, "automatic-answer");
        }
        return waitedFor(arrival, headers, raw, summary, looks);
    }

    private static boolean look(List<Look> looks, String what, boolean holds) {
        looks.add(new Look(what, holds));
        return holds;
    }

    private static Classified personal(String reason) {
        return new Classified(Priority.PERSONAL, reason);
    }

    private Classified waitedFor(
            Arrival arrival, Headers headers, byte[] raw, Summary summary, List<Look> looks) {
        if (!look(looks, "is for one recipient", forOne(arrival,
                summary))) return personal("several-recipients");
        boolean small = summary.size() <= URGENT_BYTES_MAX && !summary.hasAttachment();
        if (!look(looks, "is short and has no attachment", small
                && !isReport(summary.root()))) return personal("large");
        if (!look(looks, "answers nothing and passes nothing on", !isAnswer(headers,
                summary))) return personal("answer");
        List<Address.Mailbox> from = Address.flat(summary.envelope().from());
        if (!look(looks, "is of no sender that is never urgent", !listed(rules.neverUrgent(), arrival,
                from))) {
            return personal("never-urgent-sender");
        }
        if (!look(looks, "was written by a machine", fromMachine(headers, from))) return personal("a-person");
        Optional<String> sign = sign(arrival, from, raw, summary);
        if (!look(looks, "says what is waited for: " + sign.orElse("nothing"),
                sign.isPresent())) return personal("no-sign");
        if (!look(looks, "is proven to come from its domain", arrival.proof() != Proof.NONE)) {
            return personal("unproven (" + sign.get() + ")");
        }
        return new Classified(Priority.URGENT, sign.get());
    }

    private Optional<String> sign(
            Arrival arrival, List<Address.Mailbox> from, byte[] raw, Summary summary) {
        if (listed(rules.urgentSenders(), arrival, from)) return Optional.of("urgent-sender");
        String subject = cut(summary.envelope().subject());
        for (Pattern own : rules.subjects()) if (own.matcher(subject)
                .find()) return Optional.of("own-pattern");
        return Sign.of(subject, summary.firstWords(raw, TEXT_CHARS_MAX)).map(Sign::word);
    }

    private static boolean listed(List<String> senders, Arrival arrival, List<Address.Mailbox> from) {
        if (senders.isEmpty()) return false;
        if (ClassifierRules.has(senders, arrival.sender())) return true;
        return from.stream().anyMatch(one -> ClassifierRules.has(senders, one.local() + "@" + one.domain()));
    }

    private static boolean forOne(Arrival arrival, Summary summary) {
        int to = Address.flat(summary.envelope().to()).size() + Address.flat(summary.envelope().cc()).size();
        return arrival.recipients() == 1 && to <= 1;
    }

    /// RFC 2919 §3 (List-Id), RFC 2369 §3.4 (List-Post); Precedence is of no RFC and everywhere.
    private static boolean isList(Headers headers) {
        if (headers.last("List-Id") != null || headers.last("List-Post") != null) return true;
        return List.of("bulk", "list", "junk").contains(value(headers, "Precedence"));
    }

    /// RFC 2369 §3.2 (List-Unsubscribe): newsletters have it even where they are no list.
    private static boolean sentToMany(Headers headers) {
        return headers.last("List-Unsubscribe") != null || headers.last("X-Campaign-Id") != null;
    }

    private static boolean isAnswer(Headers headers, Summary summary) {
        if (headers.last("In-Reply-To") != null || headers.last("References") != null) return true;
        return ANSWER.matcher(cut(summary.envelope().subject())).find();
    }

    /// It says so in `Auto-Submitted` (RFC 3834 §5), has a name that machines use, or at least one that is not its owner's.
    private static boolean fromMachine(Headers headers, List<Address.Mailbox> from) {
        if (value(headers, "Auto-Submitted").startsWith("auto-generated")) return true;
        if (from.size() != 1) return false;
        Address.Mailbox one = from.getFirst();
        if (one.local().length() <= 64 && ROLE.matcher(one.local()).matches()) return true;
        return !isPerson(one);
    }

    /// Says whether the name before an address is in it (`Anna Bianchi <anna.b@…>`), or there is none.
    private static boolean isPerson(Address.Mailbox one) {
        String name = one.name();
        if (name == null || name.isBlank()) return true;
        String local = one.local().toLowerCase(Locale.ROOT);
        for (String word : name.toLowerCase(Locale.ROOT).split("[^\\p{L}]+")) {
            if (word.length() >= 3 && local.contains(word)) return true;
        }
        return false;
    }

    /// RFC 6522 §3: a report on another message.
    private static boolean isReport(Part root) {
        return root.is("multipart/report");
    }

    private static String value(Headers headers, String name) {
        HeaderField field = headers.last(name);
        return field == null ? "" : field.unfolded().strip().toLowerCase(Locale.ROOT);
    }

    private static String cut(@Nullable String text) {
        if (text == null) return "";
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX);
    }
}
