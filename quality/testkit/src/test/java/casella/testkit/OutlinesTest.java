package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import casella.message.Address;
import casella.message.BodyLists;
import casella.message.BodyValue;
import casella.message.Envelope;
import casella.message.Part;
import casella.message.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Proves that each mail of our corpus is understood as `outlines.golden` says, which a person has
/// read.
///
/// `-Dgolden=rewrite` writes the file anew; the diff is to be read.
final class OutlinesTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("casella.root", "."))
                    .resolve("quality/testkit/src/test/resources/casella/corpus/outlines.golden");

    @Test
    void everyMailIsUnderstoodAsWritten() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Corpus.Mail mail : Corpus.own()) text.append(outline(mail)).append('\n');
        if ("rewrite".equals(System.getProperty("golden"))) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, text);
        }

        assertThat(text.toString()).isEqualTo(Files.readString(GOLDEN));
    }

    private static String outline(Corpus.Mail mail) {
        Summary summary = Summary.of(mail.bytes());
        Envelope envelope = summary.envelope();
        BodyLists lists = BodyLists.of(summary.root());
        StringBuilder out = new StringBuilder("== ").append(mail.name()).append('\n');
        line(out, "subject", envelope.subject());
        line(out, "date", envelope.sentAt());
        addresses(out, "from", envelope.from());
        addresses(out, "reply-to", envelope.replyTo());
        addresses(out, "to", envelope.to());
        line(
                out,
                "references",
                envelope.references().isEmpty() ? null : envelope.references().size());
        line(out, "preview", "|" + summary.preview() + "|");
        part(out, mail.bytes(), summary.root(), "  ");
        line(out, "text", sections(lists.textBody()));
        line(out, "html", sections(lists.htmlBody()));
        line(
                out,
                "attachments",
                sections(lists.attachments()) + (summary.hasAttachment() ? " shown" : ""));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, @Nullable Object value) {
        if (value != null)
            out.append(name).append(": ").append(escaped(value.toString())).append('\n');
    }

    private static void addresses(StringBuilder out, String name, List<Address> list) {
        if (list.isEmpty()) return;
        List<String> shown = list.stream().limit(12).map(OutlinesTest::shown).toList();
        line(out, name, String.join(" | ", shown) + (list.size() > 12 ? " … " + list.size() : ""));
    }

    private static String shown(Address address) {
        return switch (address) {
            case Address.Mailbox m ->
                    (m.name() == null ? "" : m.name() + " ")
                            + "<"
                            + m.local()
                            + "@"
                            + m.domain()
                            + ">";
            case Address.Group g ->
                    g.name() + ": " + g.members().stream().map(OutlinesTest::shown).toList();
        };
    }

    private static String sections(List<Part> parts) {
        return parts.stream().map(Part::section).toList().toString();
    }

    private static void part(StringBuilder out, byte[] raw, Part part, String indent) {
        out.append(indent).append(part.section()).append(' ').append(part.mediaType());
        if (part.charset() != null) out.append(" charset=").append(part.charset());
        out.append(' ').append(part.encoding());
        out.append(" header ").append(part.headerOffset()).append('+').append(part.headerLength());
        out.append(" body ").append(part.bodyLength()).append(" lines ").append(part.lines());
        out.append(" decoded ").append(part.decodedSize());
        if (part.disposition() != null) out.append(' ').append(part.disposition().type());
        if (part.name() != null) out.append(" name=").append(escaped(part.name()));
        if (part.cid() != null) out.append(" cid=").append(part.cid());
        if (!part.language().isEmpty()) out.append(" language=").append(part.language());
        out.append('\n');
        if (part.type().equals("text") && !part.isMultipart()) {
            BodyValue value = BodyValue.of(raw, part, 60);
            out.append(indent).append("  |").append(escaped(value.value())).append('|');
            out.append(value.encodingProblem() ? " problem" : "")
                    .append(value.truncated() ? " more" : "")
                    .append('\n');
        }
        for (Part child : part.children()) part(out, raw, child, indent + "  ");
        Part.Nested nested = part.nested();
        if (nested != null) {
            out.append(indent)
                    .append("  message: ")
                    .append(escaped(String.valueOf(nested.envelope().subject())));
            out.append('\n');
            part(out, raw, nested.root(), indent + "    ");
        }
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        String cut = text.length() > 600 ? text.substring(0, 600) + "…" : text;
        cut.codePoints()
                .forEach(
                        c -> {
                            boolean plain =
                                    c >= ' '
                                            && c != 127
                                            && Character.getType(c) != Character.FORMAT
                                            && c != 0xA0;
                            if (plain) out.appendCodePoint(c);
                            else out.append(c == '\n' ? "\\n" : "\\u{%x}".formatted(c));
                        });
        return out.toString();
    }
}
