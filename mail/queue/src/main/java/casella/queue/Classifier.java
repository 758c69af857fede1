package casella.queue;

import casella.message.Address;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.Part;
import casella.message.Summary;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Says who goes first, from what a message is: pure, in time linear in its header.
///
/// Urgent is what is worth nothing an hour later and what one person waits for: a code, a reset, a warning. It is
/// recognised by what all such mail has in common (a machine wrote a short message, without attachments, to one
/// recipient and to no list) and by what it says (in the subject, or a code in the first words). A wrong guess costs
/// a place in line, nothing else; [UrgentAllowance] limits what a liar gains.
public final class Classifier {
    private static final int URGENT_BYTES_MAX = 256 << 10;
    private static final int TEXT_CHARS_MAX = 1_000;

    /// What only such mail says in its subject, in English and Italian.
    private static final Pattern SAYS_SO =
            words(
                    "one[- ]time (pass(word|code)|code|pin)", "otp", "verification code", "security code",
                    "(sign|log)[- ]?in code", "login code", "access code", "confirmation code", "authentication code",
                    "(verify|confirm) your (e-?mail|address|account|identity|phone)", "two[- ]factor", "2fa",
                    "(reset|recover|change) (your |the )?password", "password (reset|recovery|changed?)",
                    "security (alert|notice|warning)", "new (sign|log)[- ]?in", "unusual (sign|log)[- ]?in",
                    "suspicious (activity|sign[- ]?in|log[- ]?in)",
                    "codice (otp|di (verifica|sicurezza|accesso|conferma|autenticazione)|temporaneo|monouso)",
                    "password (monouso|temporanea|dimenticata)",
                    "(reimposta|recupera|recupero|ripristina|ripristino|modifica|cambio|reimpostazione)"
                            + "( la| della| tua| la tua| della tua)* password",
                    "(verifica|conferma) (il |la |l')?(tuo |tua )?(indirizzo|account|e-?mail|identit\u00e0)",
                    "(avviso|allarme|notifica) di sicurezza", "nuovo accesso", "accesso (insolito|sospetto)",
                    "attiva(zione)? (la |della )?(tua )?(spid|identit\u00e0 digitale)",
                    "ricetta (elettronica|dematerializzata|medica)", "promemoria (della )?ricetta",
                    "(autorizza|conferma)( il| del)? pagamento", "(authori[sz]e|confirm)( your| the)? payment");

    /// What such mail may say, together with a code.
    private static final Pattern MENTIONS =
            words("code", "codice", "pin", "password", "passcode", "verification", "verifica", "accesso", "login");
    private static final Pattern CODE = Pattern.compile("(?<![\\p{L}\\p{N}.,/#-])(\\d{4,8}|\\d{3}[ -]\\d{3})(?![\\p{L}\\p{N}/-]|[.,]\\d)");
    private static final Pattern MACHINE =
            Pattern.compile(
                    "(no[-_.]?reply|do[-_.]?not[-_.]?reply|non[-_.]?rispondere|security|account(s)?|auth|verify|verifica|"
                            + "notification(s)?|notifiche|otp|login|support|servizi?o?|info|alert(s)?|sicurezza|password)"
                            + "([-_.+].*)?",
                    Pattern.CASE_INSENSITIVE);

    private Classifier() {}

    private static Pattern words(String... phrases) {
        return Pattern.compile(
                "(?<![\\p{L}\\p{N}])(" + String.join("|", phrases) + ")(?![\\p{L}\\p{N}])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /// Returns the priority of a message.
    ///
    /// @param sender of the envelope; empty for `<>`
    /// @param recipients of the envelope
    /// @param raw the whole message
    public static Priority of(String sender, int recipients, byte[] raw, Summary summary) {
        Headers headers = Headers.of(raw, summary.root().header());
        boolean list = isList(headers);
        if (!list && !sentToMany(headers) && recipients == 1 && waitedFor(sender, headers, summary)) {
            return Priority.URGENT;
        }
        return list || sentToMany(headers) || answersByItself(headers) ? Priority.BULK : Priority.PERSONAL;
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

    /// A vacation notice and its like say so in `Auto-Submitted`.
    private static boolean answersByItself(Headers headers) {
        return value(headers, "Auto-Submitted").startsWith("auto-replied");
    }

    private static boolean waitedFor(String sender, Headers headers, Summary summary) {
        if (summary.size() > URGENT_BYTES_MAX || summary.hasAttachment()) return false;
        if (!fromMachine(sender, headers, summary) || answersByItself(headers)) return false;
        int to = Address.flat(summary.envelope().to()).size();
        if (isReport(summary.root()) || to + Address.flat(summary.envelope().cc()).size() > 1) return false;
        String subject = cut(summary.envelope().subject());
        String start = cut(summary.preview());
        if (SAYS_SO.matcher(subject).find()) return true;
        boolean code = CODE.matcher(subject).find() || CODE.matcher(start).find();
        if (!code) return false;
        return MENTIONS.matcher(subject).find() || SAYS_SO.matcher(start).find();
    }

    /// It says so in `Auto-Submitted`, or has a name that machines use.
    private static boolean fromMachine(String sender, Headers headers, Summary summary) {
        if (value(headers, "Auto-Submitted").startsWith("auto-generated")) return true;
        if (machine(sender.substring(0, Math.max(0, sender.lastIndexOf('@'))))) return true;
        for (Address.Mailbox from : Address.flat(summary.envelope().from())) if (machine(from.local())) return true;
        return false;
    }

    private static boolean machine(String local) {
        return local.length() <= 64 && MACHINE.matcher(local).matches();
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
