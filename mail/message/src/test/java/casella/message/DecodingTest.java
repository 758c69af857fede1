package casella.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Proves that transfer encodings, charsets and parameters give what was meant, and say when they
/// guessed.
final class DecodingTest {
    private static String decoded(String encoding, String written) {
        byte[] raw = written.getBytes(ISO_8859_1);
        TransferDecoding.Decoded decoded = TransferDecoding.decode(raw, 0, raw.length, encoding);
        assertThat(TransferDecoding.decodedSize(raw, 0, raw.length, encoding))
                .isEqualTo(decoded.bytes().length);
        return new String(decoded.bytes(), ISO_8859_1) + (decoded.problem() ? " !" : "");
    }

    @Test
    void base64IsReadThroughWhateverIsBetween() {
        assertThat(decoded("base64", "Q2lh\r\nbw==")).isEqualTo("Ciao");
        assertThat(decoded("base64", "Q2lhbw==IG1v")).isEqualTo("Ciao mo");
        assertThat(decoded("base64", "Q2l!hbw")).isEqualTo("Ciao !");
        assertThat(decoded("base64", "Q")).isEqualTo(" !");
        assertThat(decoded("base64", "")).isEqualTo("");
        assertThat(decoded("base64", "====")).isEqualTo("");
    }

    @Test
    void quotedPrintableIsReadAsWritten() {
        assertThat(decoded("quoted-printable", "a=3Db =E8\r\n")).isEqualTo("a=b \u00e8\r\n");
        assertThat(decoded("quoted-printable", "soft =\r\nline=  \r\n.")).isEqualTo("soft line.");
        assertThat(decoded("quoted-printable", "spazi  \t\r\nfine \n"))
                .isEqualTo("spazi\r\nfine\n");
        assertThat(decoded("quoted-printable", "1=2 =zz =e8")).isEqualTo("1=2 =zz \u00e8 !");
        assertThat(decoded("quoted-printable", "a=")).isEqualTo("a");
    }

    @Test
    void uuencodeIsReadAndTheUnknownStays() {
        assertThat(decoded("x-uuencode", "begin 644 a\r\n#0V%T\r\n`\r\nend\r\n")).isEqualTo("Cat");
        assertThat(decoded("x-uuencode", "niente")).isEqualTo("niente !");
        assertThat(decoded("x-rot13", "a=3D")).isEqualTo("a=3D !");
        assertThat(decoded("8bit", "a=3D\0")).isEqualTo("a=3D\0");
    }

    @Property
    void anyBytesAreDecodedSomehow(@ForAll byte[] raw) {
        for (String encoding : List.of("base64", "quoted-printable", "x-uuencode", "7bit")) {
            byte[] out = TransferDecoding.decode(raw, 0, raw.length, encoding).bytes();
            assertThat(out.length).isLessThanOrEqualTo(raw.length);
            assertThat(TransferDecoding.decodedSize(raw, 0, raw.length, encoding))
                    .isEqualTo(out.length);
        }
        for (String charset :
                List.of(
                        "utf-8",
                        "utf-16",
                        "utf-7",
                        "iso-2022-jp",
                        "gb18030",
                        "",
                        "x\0y",
                        "us-ascii")) {
            Charsets.decode(raw, charset);
        }
    }

    private static String text(String charset, byte[] bytes) {
        Charsets.Text text = Charsets.decode(bytes, charset);
        return text.text() + (text.problem() ? " !" : "");
    }

    @Test
    void charsetsMeanWhatSendersMean() {
        byte[] euro = {(byte) 0x80};

        assertThat(text("ISO-8859-1", euro)).isEqualTo("€");
        assertThat(text("us-ascii", "è".getBytes(UTF_8))).isEqualTo("è");
        assertThat(text("us-ascii", euro)).isEqualTo("€ !");
        assertThat(text("utf-8", euro)).isEqualTo("\uFFFD !");
        assertThat(text("x-nessuno", "abc".getBytes(UTF_8))).isEqualTo("abc");
        assertThat(text("x-nessuno", "è".getBytes(UTF_8))).isEqualTo("è !");
        assertThat(text("utf-8", "\uFEFFa".getBytes(UTF_8))).isEqualTo("a");
        assertThat(text("utf-16", new byte[] {'a', 0, 'b', 0})).isEqualTo("ab");
        assertThat(text("utf-16", new byte[] {0, 'a', 0, 'b'})).isEqualTo("ab");
    }

    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("a/b; name=conto.pdf", "conto.pdf"),
                    Map.entry("a/b; name=\"a \\\"b\\\" c\"", "a \"b\" c"),
                    Map.entry("a/b; name=senza virgolette.pdf; x=y", "senza virgolette.pdf"),
                    Map.entry("a/b; name=\"aperto.pdf", "aperto.pdf"),
                    Map.entry("a/b name=x", "x"),
                    Map.entry("a/b; ; ;name = x ; y", "x"),
                    Map.entry("a/b (nota); name=x (nota)", "x"),
                    Map.entry("a/b; name*=utf-8''%e2%82%ac%20rates", "€ rates"),
                    Map.entry("a/b; name*=iso-8859-1'en'%A3%20rates", "£ rates"),
                    Map.entry("a/b; name*0=\"uno \"; name*1=due", "uno due"),
                    Map.entry("a/b; name*1*=%C3%A8; name*0*=utf-8''perch; name*3=no", "perchè"),
                    Map.entry("a/b; name=x; name*=utf-8''y", "y"),
                    Map.entry("a/b; name==?utf-8?q?citt=C3=A0?=", "città"),
                    Map.entry("a/b; name*=%41%ZZ", "A%ZZ"));

    @Test
    void parametersAreReadAsTheTableSays() {
        NAMES.forEach(
                (written, name) -> {
                    Parameters.Content content = Parameters.content(written, false);
                    assertThat(content.type() + "/" + content.subtype())
                            .as(written)
                            .isEqualTo("a/b");
                    assertThat(Parameters.decoded(content.parameters(), "name"))
                            .as(written)
                            .isEqualTo(name);
                });
    }

    @Test
    void aTypeThatMakesNoSenseIsText() {
        for (String bad : List.of("", "text", ";", "/", "a/", "/b", "a b/c", "=?x?=", "a//b")) {
            assertThat(Parameters.content(bad, false)).as(bad).isEqualTo(Parameters.TEXT_PLAIN);
        }
        assertThat(Parameters.content("TEXT / HTML", false).subtype()).isEqualTo("html");
        assertThat(Parameters.content(null, true).isMessage()).isTrue();
    }
}
