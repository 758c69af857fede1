package casella.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.Normalizer;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Proves that what we write is read back the same, whatever the words, and keeps the lines the
/// RFCs allow.
final class DraftTest {
    private static final Pattern BARE = Pattern.compile("\r(?!\n)|(?<!\r)\n");

    @Provide
    Arbitrary<String> words() {
        Arbitrary<String> odd =
                Arbitraries.of(
                        "\r\n",
                        "\n",
                        "\0",
                        "=?",
                        "?=",
                        "=?utf-8?q?x?=",
                        "\"",
                        "\\",
                        "<",
                        ">",
                        ",",
                        ";",
                        ":",
                        "(",
                        ")",
                        "@",
                        " ",
                        "  ",
                        "\t",
                        "perché",
                        "città",
                        "🎁",
                        "e\u0301",
                        "日本語",
                        "שלום",
                        ".",
                        "--",
                        "=",
                        "From ",
                        "a".repeat(80),
                        "b".repeat(1100));
        Arbitrary<String> plain =
                Arbitraries.strings().alpha().numeric().withChars(' ').ofMaxLength(30);
        return Arbitraries.oneOf(odd, plain)
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces));
    }

    private static void hasLegalLines(byte[] raw) {
        String text = new String(raw, ISO_8859_1);
        assertThat(BARE.matcher(text).find()).isFalse();
        for (String line : text.split("\r\n", -1))
            assertThat(line.length()).isLessThanOrEqualTo(998);
    }

    private static String shown(String text) {
        return Normalizer.normalize(Words.withoutControls(text), Normalizer.Form.NFC).strip();
    }

    private static String linesAsLf(String text) {
        return text.replaceAll("\r\n|\r|\n", "\n");
    }

    @Property(tries = 300)
    void headersComeBack(@ForAll("words") String subject, @ForAll("words") String name) {
        byte[] raw =
                new Compose()
                        .from(
                                Address.of(name, "anna@posta.example"),
                                Address.of("bruno@virgola.example"))
                        .subject(subject)
                        .text("x")
                        .draft()
                        .bytes();
        Envelope envelope = Summary.of(raw).envelope();

        hasLegalLines(raw);
        assertThat(requireNonNull(envelope.subject()).strip()).isEqualTo(shown(subject));
        assertThat(envelope.from()).hasSize(2);
        Address.Mailbox first = (Address.Mailbox) envelope.from().getFirst();
        assertThat(first.email()).isEqualTo("anna@posta.example");
        assertThat(first.name() == null ? "" : first.name().strip()).isEqualTo(shown(name));
    }

    @Property(tries = 300)
    void textsComeBack(@ForAll("words") String text, @ForAll("words") String html) {
        byte[] raw = new Compose().subject("x").text(text).html(html).draft().bytes();
        Summary summary = Summary.of(raw);
        BodyLists lists = BodyLists.of(summary.root());

        hasLegalLines(raw);
        assertThat(lists.textBody()).hasSize(1);
        assertThat(lists.htmlBody()).hasSize(1);
        BodyValue plain = BodyValue.of(raw, lists.textBody().getFirst(), 0);
        BodyValue rich = BodyValue.of(raw, lists.htmlBody().getFirst(), 0);
        assertThat(plain).isEqualTo(new BodyValue(linesAsLf(text), false, false));
        assertThat(rich).isEqualTo(new BodyValue(linesAsLf(html), false, false));
    }

    @Property(tries = 300)
    void attachmentsComeBack(@ForAll("words") String name, @ForAll byte[] bytes) {
        byte[] raw =
                new Compose()
                        .html("<img src=cid:a@b>")
                        .inline("a@b", "image/png", name, bytes)
                        .attach("application/pdf", name, bytes)
                        .draft()
                        .bytes();
        Summary summary = Summary.of(raw);
        Part picture = requireNonNull(summary.part("1.2"));
        Part file = requireNonNull(summary.part("2"));

        hasLegalLines(raw);
        assertThat(TransferDecoding.decode(raw, file).bytes()).isEqualTo(bytes);
        assertThat(TransferDecoding.decode(raw, picture).bytes()).isEqualTo(bytes);
        assertThat(file.decodedSize()).isEqualTo(bytes.length);
        assertThat(file.name()).isEqualTo(name);
        assertThat(picture.name()).isEqualTo(name);
        assertThat(picture.cid()).isEqualTo("a@b");
        assertThat(summary.hasAttachment()).isTrue();
    }

    @Test
    void aForwardedMailIsInsideByteForByte() {
        byte[] inner = "Subject: dentro\r\n\r\n8 bit: \u00e8\r\n".getBytes(UTF_8);
        byte[] raw = new Compose().text("vedi sotto").forward(inner, "dentro.eml").draft().bytes();
        Part message = requireNonNull(Summary.of(raw).part("2"));

        assertThat(message.body().in(raw)).isEqualTo(inner);
        assertThat(message.encoding()).isEqualTo("8bit");
        assertThat(requireNonNull(message.nested()).envelope().subject()).isEqualTo("dentro");
    }

    @Test
    void noValueCanStartAnotherField() {
        byte[] raw =
                new Compose()
                        .from(
                                Address.of(
                                        "a\r\nBcc: x@posta.example", "a@b\r\nBcc: y@posta.example"))
                        .field(
                                new DraftField(
                                        "X-Note",
                                        "uno\r\n due\r\nBcc: z@posta.example\r\n\r\nbody"))
                        .text("")
                        .draft()
                        .bytes();

        assertThat(Headers.of(raw).all("Bcc")).isEmpty();
        assertThat(requireNonNull(Headers.of(raw).last("X-Note")).asText())
                .isEqualTo("uno due  Bcc: z@posta.example    body");
    }

    @Test
    void fieldNamesAndContentFieldsAreRefused() {
        DraftPart empty = new DraftPart.Text("plain", "", DraftPart.Labels.NONE);

        assertThatThrownBy(() -> new DraftField("X Y", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DraftField("X:", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                new Draft(
                                        List.of(new DraftField("Content-Type", "text/html")),
                                        empty))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReplyNamesItsConversation() {
        byte[] raw =
                new Compose()
                        .date(OffsetDateTime.parse("2026-11-22T09:30:00+01:00"))
                        .messageId("3@posta.example")
                        .answers(List.of("1@posta.example", "2@posta.example"))
                        .to(
                                new Address.Group(
                                        "Amici",
                                        "Amici",
                                        List.of(Address.of("Rossi, Mario", "m@virgola.example"))))
                        .text("ok")
                        .draft()
                        .bytes();
        Envelope envelope = Summary.of(raw).envelope();

        assertThat(envelope.references()).containsExactly("1@posta.example", "2@posta.example");
        assertThat(envelope.inReplyTo()).containsExactly("2@posta.example");
        assertThat(envelope.messageId()).containsExactly("3@posta.example");
        assertThat(envelope.sentAt()).isEqualTo(OffsetDateTime.parse("2026-11-22T09:30:00+01:00"));
        assertThat(envelope.dateText()).isEqualTo("Sun, 22 Nov 2026 09:30:00 +0100");
        assertThat(envelope.to()).hasToString("[Amici: \"Rossi, Mario\" <m@virgola.example>;]");
    }
}
