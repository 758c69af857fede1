package casella.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// One message of the labelled corpus. The bundle is text: an entry begins with `--- label language topic [unproven] | ways`,
/// then come fields, a blank line and the words; each way is a message of its own, with other numbers and in another form.
///
/// @param name topic, number in the bundle and way
/// @param wanted what it is
record LabelledMail(String name, Priority wanted, Classifier.Arrival arrival, byte[] raw) {
    private static final List<String> NAMES = List.of("Anna Bianchi", "Bruno", "Chiara Villa", "Dario", "Emma", "Franco Riva");

    /// Returns all messages of a bundle.
    static List<LabelledMail> all(String bundle) throws IOException {
        String text;
        try (InputStream in = Objects.requireNonNull(LabelledMail.class.getResourceAsStream("corpus/" + bundle))) {
            text = new String(in.readAllBytes(), UTF_8);
        }
        var mails = new ArrayList<LabelledMail>();
        int number = 0;
        for (String entry : text.split("(?m)^--- ")) {
            if (entry.isBlank()) continue;
            number++;
            String[] parts = entry.split("\n", 2);
            String[] sides = parts[0].split(" \\| ");
            String[] words = sides[0].split(" ");
            boolean proven = !sides[0].endsWith(" unproven");
            List<String> ways = List.of(sides[1].trim().split(" "));
            int recipients = ways.contains("recipients2") ? 2 : 1;
            for (String way : ways) {
                if (way.equals("recipients2")) continue;
                String filled = filled(parts[1], number * 7 + mails.size());
                String name = words[2] + "-" + number + "-" + way;
                Priority wanted = Priority.valueOf(words[0].toUpperCase(Locale.ROOT));
                byte[] raw = mail(filled, way);
                String from = filled.replaceFirst("(?s).*?From: [^<]*<([^>]+)>.*", "$1");
                boolean nobody = words[2].equals("vacation") || way.equals("report");
                String sender = nobody ? "" : from;
                Proof proof = proven ? Proof.ALIGNED : Proof.NONE;
                var arrival = new Classifier.Arrival(sender, recipients, 0, proof);
                mails.add(new LabelledMail(name, wanted, arrival, raw));
            }
        }
        return mails;
    }

    private static String filled(String text, int seed) {
        String digits = Long.toString(9_183_746_501L + 7_654_321L * seed);
        String seven = digits.substring(digits.length() - 7);
        return text
                .replace("{codegap}", digits.substring(2, 5) + " " + digits.substring(5, 8))
                .replace("{code10}", (digits + digits).substring(0, 10))
                .replace("{code9}", digits.substring(0, 9))
                .replace("{code8}", digits.substring(1, 9))
                .replace("{code7}", seven)
                .replace("{code6}", digits.substring(3, 9))
                .replace("{code5}", digits.substring(4, 9))
                .replace("{code4}", digits.substring(5, 9))
                .replace("{code3}", digits.substring(6, 9))
                .replace("{code2}", digits.substring(7, 9))
                .replace("{code1}", digits.substring(8, 9))
                .replace("{pnr}", "K" + (char) ('A' + seed % 26) + digits.substring(6, 9) + "Z")
                .replace("{amount}", digits.substring(7, 9) + "," + digits.substring(3, 5))
                .replace("{date}", (1 + seed % 27) + "/12/2026")
                .replace("{name}", NAMES.get(seed % NAMES.size()));
    }

    private static byte[] mail(String filled, String way) {
        String[] halves = filled.split("\n\n", 2);
        var head = new StringBuilder();
        for (String line : halves[0].split("\n")) {
            boolean subject = line.startsWith("Subject: ");
            boolean ascii = line.chars().allMatch(c -> c < 0x80);
            head.append(subject && !ascii ? "Subject: " + encodedWord(line.substring(9)) : ascii ? line : encodedFrom(line));
            head.append("\r\n");
        }
        head.append("To: anna@posta.example\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n");
        head.append("Message-ID: <").append(Integer.toHexString(filled.hashCode())).append("@example>\r\n");
        return (head + body(halves[1].strip() + "\n", way)).getBytes(Charset.forName("ISO-8859-1"));
    }

    private static String encodedWord(String text) {
        return "=?utf-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)) + "?=";
    }

    private static String encodedFrom(String line) {
        int open = line.indexOf('<');
        return "From: " + encodedWord(line.substring(6, open).strip()) + " " + line.substring(open);
    }

    /// Returns the fields of the body and the body, as bytes of Latin-1.
    private static String body(String text, String way) {
        return switch (way) {
            case "text" -> part("text/plain", "utf-8", text, "8bit");
            case "qp" -> part("text/plain", "utf-8", text, "quoted-printable");
            case "b64" -> part("text/plain", "utf-8", text, "base64");
            case "latin" -> part("text/plain", "iso-8859-1", text, "quoted-printable");
            case "iso15" -> part("text/plain", "iso-8859-15", text, "8bit");
            case "w1252" -> part("text/html", "windows-1252", html(text), "quoted-printable");
            case "html" -> part("text/html", "utf-8", html(text), "quoted-printable");
            case "htmlb64" -> part("text/html", "utf-8", html(text), "base64");
            case "table" -> part("text/html", "utf-8", table(text), "8bit");
            case "alt" -> several("alternative", part("text/plain", "utf-8", text, "8bit"),
                    part("text/html", "utf-8", html(text), "quoted-printable"));
            case "rel" -> several("related", part("text/html", "utf-8", table(text), "base64"), lines(
                    "Content-Type: image/png", "Content-ID: <logo>", "Content-Disposition: inline",
                    "Content-Transfer-Encoding: base64", "", "iVBORw0KGgo="));
            case "attached" -> several("mixed", part("text/plain", "utf-8", text, "8bit"), lines(
                    "Content-Type: application/pdf", "Content-Disposition: attachment; filename=a.pdf",
                    "Content-Transfer-Encoding: base64", "", "JVBERi0xLjQK"));
            case "report" -> several("report; report-type=delivery-status", part("text/plain", "utf-8", text, "8bit"), lines(
                    "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
                    "Final-Recipient: rfc822; nobody@example", "Action: failed", "Status: 5.1.1"));
            default -> throw new IllegalArgumentException("unknown way: " + way);
        };
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String html(String text) {
        return "<html><head><style>p { color: #123456; margin: 8px }</style></head><body>\n<p>"
                + text.strip().replace("\n", "<br>\n") + "</p>\n</body></html>\n";
    }

    private static String table(String text) {
        var out = new StringBuilder("<!DOCTYPE html><html><head><title>-</title></head><body bgcolor=\"#eeeeee\">"
                + "<div style=\"display:none\">&nbsp;&zwnj;&nbsp;</div><table width=600><tr><td>"
                + "<img src=\"cid:logo\" alt=\"Logo\"></td></tr>");
        for (String line : text.strip().split("\n")) {
            if (!line.isBlank()) out.append("<tr><td style='font-size:14px'>").append(line).append("</td></tr>\n");
        }
        return out.append("<tr><td>&copy; 2026</td></tr></table></body></html>\n").toString();
    }

    private static String several(String subtype, String... parts) {
        var out = new StringBuilder("Content-Type: multipart/" + subtype + "; boundary=\"b0\"\r\n\r\n");
        for (String part : parts) out.append("--b0\r\n").append(part).append("\r\n");
        return out.append("--b0--\r\n").toString();
    }

    private static String part(String type, String charset, String text, String encoding) {
        byte[] bytes = text.replace("\n", "\r\n").getBytes(Charset.forName(charset));
        String body = switch (encoding) {
            case "base64" -> Base64.getMimeEncoder().encodeToString(bytes) + "\r\n";
            case "quoted-printable" -> quoted(bytes);
            default -> new String(bytes, Charset.forName("ISO-8859-1"));
        };
        return "Content-Type: " + type + "; charset=" + charset + "\r\nContent-Transfer-Encoding: " + encoding
                + "\r\n\r\n" + body;
    }

    private static String quoted(byte[] bytes) {
        var out = new StringBuilder();
        int column = 0;
        for (byte b : bytes) {
            boolean plain = b == '\r' || b == '\n' || (b >= ' ' && b < 0x7F && b != '=');
            String next = plain ? String.valueOf((char) b)
                    : String.format(Locale.ROOT, "=%02X", b);
            if (b == '\n') column = -1;
            if (column + next.length() > 74) {
                out.append("=\r\n");
                column = 0;
            }
            out.append(next);
            column += next.length();
        }
        return out.toString();
    }
}
