package casella.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that a summary says what a mail holds, at the right offsets, and survives its stored
/// form.
final class SummaryTest {
    static byte[] mail(String text) {
        return text.replace("\n", "\r\n").getBytes(UTF_8);
    }

    private static final byte[] FORWARD =
            mail(
                    """
                    From: =?UTF-8?Q?Anna_Verd=C3=AC?= <anna@posta.example>
                    To: Amici: Bruno <bruno@virgola.example>, carla@posta.example;, dario@virgola.example
                    Subject: =?UTF-8?B?UGVyY2jDqQ==?= no
                    Date: Sun, 22 Nov 2026 09:30:00 +0100
                    Message-ID: <1@posta.example>
                    References: <a@x> <b@x>
                    Content-Type: multipart/mixed; boundary="b1"

                    preamble
                    --b1
                    Content-Type: multipart/alternative; boundary=b2

                    --b2
                    Content-Type: text/plain; charset=utf-8
                    Content-Transfer-Encoding: quoted-printable

                    Ciao,=20
                    perch=C3=A9 no?
                    --b2
                    Content-Type: text/html

                    <p>Ciao</p>
                    --b2--
                    --b1
                    Content-Type: message/rfc822
                    Content-Disposition: attachment; filename*=utf-8''vecchia%20mail.eml

                    From: Bruno <bruno@virgola.example>
                    Subject: vecchia
                    Content-Type: multipart/mixed; boundary=b3

                    --b3

                    uno
                    --b3
                    Content-Type: application/pdf; name="conto.pdf"
                    Content-Transfer-Encoding: base64

                    AAEC

                    --b3--
                    --b1--
                    """);

    private static String text(byte[] raw, Summary summary, String section) {
        Section parsed = requireNonNull(Section.parse(section));
        Range range = parsed.in(summary);
        return range == null ? "none" : new String(range.in(raw), UTF_8);
    }

    @Test
    void aMailIsTakenApartAsItsSectionsSay() {
        Summary summary = Summary.of(FORWARD);

        assertThat(text(FORWARD, summary, "1.1")).isEqualTo("Ciao,=20\r\nperch=C3=A9 no?");
        assertThat(text(FORWARD, summary, "1.2.MIME")).isEqualTo("Content-Type: text/html\r\n\r\n");
        assertThat(text(FORWARD, summary, "2.HEADER"))
                .startsWith("From: Bruno")
                .endsWith("boundary=b3\r\n\r\n");
        assertThat(text(FORWARD, summary, "2.TEXT")).startsWith("--b3\r\n").endsWith("--b3--");
        assertThat(text(FORWARD, summary, "2.1")).isEqualTo("uno");
        assertThat(text(FORWARD, summary, "2.2")).isEqualTo("AAEC\r\n");
        assertThat(text(FORWARD, summary, "2.2.MIME")).startsWith("Content-Type: application/pdf");
        assertThat(text(FORWARD, summary, "1.HEADER")).isEqualTo("none");
        assertThat(text(FORWARD, summary, "3")).isEqualTo("none");
        assertThat(text(FORWARD, summary, "HEADER") + text(FORWARD, summary, "TEXT"))
                .isEqualTo(new String(FORWARD, UTF_8));
    }

    @Test
    void partsCarryWhatBodystructureShows() {
        Summary summary = Summary.of(FORWARD);
        Part pdf = requireNonNull(summary.part("2.2"));
        Part plain = requireNonNull(summary.part("1.1"));
        Part forwarded = requireNonNull(summary.part("2"));

        assertThat(pdf.mediaType()).isEqualTo("application/pdf");
        assertThat(pdf.parameters()).containsExactly(new Parameter("name", "conto.pdf"));
        assertThat(pdf.decodedSize()).isEqualTo(3);
        assertThat(pdf.bodyLength()).isEqualTo(6);
        assertThat(plain.lines()).isEqualTo(2);
        assertThat(plain.encoding()).isEqualTo("quoted-printable");
        assertThat(forwarded.name()).isEqualTo("vecchia mail.eml");
        assertThat(requireNonNull(forwarded.nested()).envelope().subject()).isEqualTo("vecchia");
        assertThat(summary.hasAttachment()).isTrue();
        assertThat(summary.preview()).isEqualTo("Ciao, perché no?");
    }

    @Test
    void theEnvelopeIsDecoded() {
        Envelope envelope = Summary.of(FORWARD).envelope();

        assertThat(envelope.subject()).isEqualTo("Perché no");
        assertThat(envelope.from())
                .containsExactly(
                        new Address.Mailbox(
                                "Anna Verdì",
                                "=?UTF-8?Q?Anna_Verd=C3=AC?=",
                                "anna",
                                "posta.example"));
        assertThat(envelope.to()).hasSize(2);
        assertThat(Address.flat(envelope.to()).stream().map(Address.Mailbox::email))
                .containsExactly(
                        "bruno@virgola.example", "carla@posta.example", "dario@virgola.example");
        assertThat(envelope.references()).containsExactly("a@x", "b@x");
        assertThat(envelope.messageId()).containsExactly("1@posta.example");
        assertThat(envelope.date()).hasToString("2026-11-22T08:30:00Z");
    }

    @Test
    void theStoredFormGivesTheSameSummaryBack() {
        Summary summary = Summary.of(FORWARD);

        assertThat(Summary.decode(summary.encode())).isEqualTo(summary);
    }

    @Test
    void aSimpleMailHasOnePartNumberedOne() {
        byte[] raw = mail("Subject: x\n\nuno\ndue\n");
        Summary summary = Summary.of(raw);

        assertThat(summary.root().section()).isEqualTo("1");
        assertThat(text(raw, summary, "1")).isEqualTo("uno\r\ndue\r\n");
        assertThat(text(raw, summary, "1.MIME")).isEqualTo("Subject: x\r\n\r\n");
        assertThat(summary.root().lines()).isEqualTo(2);
        assertThat(summary.headerLength()).isEqualTo(14);
        assertThat(summary.hasAttachment()).isFalse();
        assertThat(BodyLists.of(summary.root()).textBody()).isEqualTo(List.of(summary.root()));
    }
}
