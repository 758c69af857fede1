package casella.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.message.Draft;
import casella.message.DraftField;
import casella.message.DraftPart;
import casella.message.HeaderField;
import casella.message.Headers;
import casella.message.MessageIds;
import casella.message.Parameter;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Ret;
import casella.message.envelope.Xtext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells a sender what became of his message: a report a person reads, and a program. RFC 3464, RFC 6522, RFC 6533.
///
/// In English and Italian, since nobody knows who reads it. It answers nothing, so that nothing answers it (RFC 3834
/// "Recommendations for Automatic Responses to Electronic Mail").
public final class Report {
    /// Larger messages come back as their header alone, whatever was asked for: RFC 3461 §4.3 leaves that to us.
    private static final int WHOLE_BYTES_MAX = 1 << 20;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    /// What is told. RFC 3464 §2.3.3
    public enum Action {
        FAILED("failed", "Not delivered / Non consegnato",
                "Your message could not be delivered to:",
                "Il messaggio non \u00e8 stato consegnato a:",
                "It will not be tried again.",
                "Non ci saranno altri tentativi."),
        DELAYED("delayed", "Delayed / In ritardo",
                "Your message has not been delivered yet to:",
                "Il messaggio non \u00e8 stato ancora consegnato a:",
                "You do not have to do anything: it is tried again until %s.",
                "Non occorre fare nulla: i tentativi continuano fino al %s."),
        RELAYED("relayed", "Passed on / Inoltrato",
                "Your message was passed on to a server that sends no confirmations, for:",
                "Il messaggio \u00e8 stato inoltrato a un server che non invia conferme, per:",
                "Whether it was delivered there will not be told.",
                "La consegna non sar\u00e0 confermata."),
        EXPANDED("expanded", "Passed on / Inoltrato",
                "Your message was accepted and passed on to several others, for:",
                "Il messaggio \u00e8 stato accettato e inoltrato a pi\u00f9 destinatari, per:",
                "",
                ""),
        DELIVERED("delivered", "Delivered / Consegnato",
                "Your message was delivered to:",
                "Il messaggio \u00e8 stato consegnato a:",
                "",
                "");

        private final String word;
        private final String subject;
        private final String english;
        private final String italian;
        private final String englishEnd;
        private final String italianEnd;

        Action(String word, String subject, String english, String italian, String englishEnd,
                String italianEnd) {
            this.word = word;
            this.subject = subject;
            this.english = english;
            this.italian = italian;
            this.englishEnd = englishEnd;
            this.italianEnd = italianEnd;
        }

        String word() {
            return word;
        }
    }

    /// One recipient.
    ///
    /// @param orcpt as it was sent, empty for none
    /// @param status RFC 3463 §2
    /// @param reply what the other server said, or a sentence of ours
    /// @param host the server that said it; empty where none did
    public record Line(String address, String orcpt, String status, String reply, String host) {}

    /// The message it is about.
    ///
    /// @param sender of its envelope; gets the report
    /// @param options how it was to be carried
    /// @param received when it was accepted
    /// @param content all of it; empty where that cannot be had
    public record About(String sender, MailOptions options, Instant received, byte[] content) {}

    private Report() {}

    /// Returns a report.
    ///
    /// @param hostName ours
    /// @param lines 1 or more
    /// @param until when the last attempt is made, where it is tried again
    public static byte[] write(
            String hostName, Action action, About message, List<Line> lines, String id, Instant now,
                    Instant until) {
        Headers headers = Headers.of(message.content());
        var fields = new ArrayList<DraftField>();
        fields.add(new DraftField("From", "Mail Delivery System <mailer-daemon@" + hostName + ">"));
        fields.add(new DraftField("To", "<" + message.sender() + ">"));
        fields.add(DraftField.text("Subject", action.subject));
        fields.add(DraftField.date("Date", now.atOffset(ZoneOffset.UTC)));
        fields.add(DraftField.messageIds("Message-ID", List.of(id + "@" + hostName)));
        List<String> original = ids(headers.first("Message-ID"));
        if (!original.isEmpty()) {
            fields.add(DraftField.messageIds("In-Reply-To", original.subList(0, 1)));
            fields.add(DraftField.messageIds("References", original.subList(0, 1)));
        }
        fields.add(new DraftField("Auto-Submitted", "auto-replied"));
        boolean ascii = lines.stream().allMatch(line -> ascii(line.address()));
        var parts = new ArrayList<DraftPart>();
        parts.add(new DraftPart.Text("plain", text(hostName, action, headers, lines, until),
                DraftPart.Labels.NONE));
        // RFC 6533 §4: with addresses beyond ASCII the report is a global one
        String type = ascii ? "message/delivery-status" : "message/global-delivery-status";
        byte[] status = status(hostName, action, message, lines, now, until).getBytes(UTF_8);
        parts.add(new DraftPart.Content(type, status, DraftPart.Labels.NONE));
        if (action == Action.FAILED && message.options().ret() == Ret.FULL && message.content()
                .length <= WHOLE_BYTES_MAX) {
            parts.add(new DraftPart.Message(message.content(), DraftPart.Labels.NONE));
        } else {
            parts.add(new DraftPart.Text("rfc822-headers", header(message.content()), DraftPart.Labels.NONE));
        }
        var report = new DraftPart.Multipart(
                "report", List.of(new Parameter("report-type", "delivery-status")), parts,
                        DraftPart.Labels.NONE);
        return new Draft(fields, report).bytes();
    }

    private static List<String> ids(@Nullable HeaderField field) {
        return field == null ? List.of() : MessageIds.parse(field.asRaw());
    }

    private static String header(byte[] content) {
        int end = content.length;
        for (int i = 0; i + 3 < content.length; i++) {
            if (content[i] == '\r' && content[i + 1] == '\n' && content[i + 2] == '\r' && content[i
                    + 3] == '\n') {
                end = i + 2;
                break;
            }
        }
        return new String(content, 0, Math.min(end, WHOLE_BYTES_MAX), UTF_8);
    }

    private static String text(String hostName, Action action, Headers headers, List<Line> lines,
            Instant until) {
        HeaderField subject = headers.first("Subject");
        String about = subject == null ? "" : subject.asText();
        var out = new StringBuilder();
        for (boolean italian : new boolean[] {false, true}) {
            if (italian) out.append("\n---\n\n");
            out.append(italian ? "Questo \u00e8 un messaggio automatico del server di posta "
                    : "This is an automatic message of the mail server ").append(hostName).append(".\n\n");
            out.append(italian ? action.italian : action.english).append("\n\n");
            for (Line line : lines) {
                out.append("  ").append(line.address()).append('\n');
                if (!line.reply().isEmpty()) {
                    out.append("    ").append(said(line, italian)).append('\n');
                }
            }
            if (!about.isEmpty()) out.append(italian ? "\nOggetto: " : "\nSubject: ").append(about)
                    .append('\n');
            String end = String.format(Locale.ROOT, italian ? action.italianEnd : action.englishEnd,
                    DATE.format(until));
            if (!end.isEmpty()) out.append('\n').append(end).append('\n');
        }
        return out.toString();
    }

    private static String said(Line line, boolean italian) {
        if (line.host().isEmpty()) return line.reply();
        return line.host() + (italian ? " ha risposto: " : " said: ") + line.reply();
    }

    /// RFC 3464 §2.1
    private static String status(
            String hostName, Action action, About message, List<Line> lines, Instant now,
                    Instant until) {
        var out = new StringBuilder();
        String envid = message.options().envid();
        if (!envid.isEmpty()) Xtext.decode(envid).ifPresent(name -> field(out, "Original-Envelope-Id", name));
        field(out, "Reporting-MTA", "dns; " + hostName);
        field(out, "Arrival-Date", DATE.format(message.received()));
        for (Line line : lines) {
            out.append("\r\n");
            original(line.orcpt(), out);
            field(out, "Final-Recipient", (ascii(line.address()) ? "rfc822; " : "utf-8; ") + line.address());
            field(out, "Action", action.word());
            field(out, "Status", line.status());
            if (!line.host().isEmpty()) {
                field(out, "Remote-MTA", "dns; " + line.host());
                field(out, "Diagnostic-Code", "smtp; " + line.reply());
                field(out, "Last-Attempt-Date", DATE.format(now));
            }
            if (action == Action.DELAYED) field(out, "Will-Retry-Until", DATE.format(until));
        }
        return out.toString();
    }

    /// RFC 3461 §4.2: the type stays, the address is decoded.
    private static void original(String orcpt, StringBuilder out) {
        int colon = orcpt.indexOf(';');
        if (colon <= 0) return;
        Xtext.decode(orcpt.substring(colon + 1))
                .ifPresent(address -> field(out, "Original-Recipient", orcpt.substring(0, colon) + "; "
                        + address));
    }

    private static void field(StringBuilder out, String name, String value) {
        String oneLine = value.replaceAll("\\p{Cntrl}", " ");
        out.append(name).append(": ").append(oneLine.length() <= 900 ? oneLine : oneLine.substring(0, 900))
                .append("\r\n");
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
