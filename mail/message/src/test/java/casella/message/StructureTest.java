package casella.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/// Proves that the limits hold, that headers end where they should, and that sections and filters
/// give exact bytes.
final class StructureTest {
    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static int depth(Part part) {
        int deepest = 0;
        for (Part child : part.children()) deepest = Math.max(deepest, depth(child));
        Part.Nested nested = part.nested();
        return 1 + (nested == null ? deepest : depth(nested.root()));
    }

    private static int count(Part part) {
        Part.Nested nested = part.nested();
        return 1
                + part.children().stream().mapToInt(StructureTest::count).sum()
                + (nested == null ? 0 : count(nested.root()));
    }

    @Test
    void nestingEndsAtItsLimitInAnOpaquePart() {
        StringBuilder multiparts = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            multiparts
                    .append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        }
        Part first = Summary.of(bytes(multiparts.toString())).root();
        Part second = Summary.of(bytes("Content-Type: message/rfc822\r\n\r\n".repeat(200))).root();

        assertThat(depth(first)).isEqualTo(Structure.DEPTH_MAX);
        assertThat(depth(second)).isEqualTo(Structure.DEPTH_MAX);
        Part inner = second;
        while (inner.nested() != null) inner = requireNonNull(inner.nested()).root();
        assertThat(inner.opaque()).isTrue();
        assertThat(inner.mediaType()).isEqualTo("application/octet-stream");
    }

    @Test
    void partsEndAtTheirLimitInAnOpaquePartThatHasTheRest() {
        byte[] raw =
                bytes(
                        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                                + "--b\r\n\r\nx\r\n".repeat(5_000)
                                + "--b--\r\n");
        Part root = Summary.of(raw).root();
        Part last = root.children().getLast();

        assertThat(count(root)).isEqualTo(Structure.PARTS_MAX);
        assertThat(last.opaque()).isTrue();
        assertThat(last.body().end()).isEqualTo(raw.length);
    }

    @Test
    void hugeFieldsAreReadUpToTheirLimit() {
        byte[] raw =
                bytes(
                        "Subject: "
                                + "x".repeat(200_000)
                                + "\r\nTo: "
                                + "a@b.example, ".repeat(50_000)
                                + "\r\n\r\n");
        Summary summary = Summary.of(raw);

        assertThat(requireNonNull(summary.envelope().subject()))
                .hasSize(Structure.FIELD_BYTES_MAX - 1);
        assertThat(summary.envelope().to()).hasSize(Addresses.COUNT_MAX);
        assertThat(summary.encode().length).isLessThan(300_000);
    }

    @Test
    void theStoredFormStaysSmallWhateverTheParts() {
        String part = "--b\r\nContent-Type: a/b; " + "x=\"" + "y".repeat(8_000) + "\"\r\n\r\n\r\n";
        byte[] raw = bytes("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part.repeat(900));

        assertThat(Summary.of(raw).encode().length).isLessThan(Structure.TEXT_BYTES_MAX + 200_000);
    }

    private static int headerLength(String text) {
        return Summary.of(bytes(text)).headerLength();
    }

    @Test
    void aHeaderEndsWhereItShould() {
        assertThat(headerLength("A: b\r\n\r\nc")).isEqualTo(8);
        assertThat(headerLength("A: b\n\nc")).isEqualTo(6);
        assertThat(headerLength("A: b")).isEqualTo(4);
        assertThat(headerLength("no colon\r\nA: b\r\n\r\n")).isZero();
        assertThat(headerLength(" A: b\r\n\r\n")).isZero();
        assertThat(headerLength("From x\r\nA: b\r\n\r\nc")).isEqualTo(16);
        assertThat(headerLength("A: b\r\ngarbage\r\nC: d\r\n\r\ne")).isEqualTo(23);
        assertThat(headerLength("A: b\r\ngarbage\r\nmore of it\r\nC: d\r\n\r\ne")).isEqualTo(6);
        assertThat(headerLength("\r\nA: b\r\n\r\n")).isEqualTo(2);
        assertThat(headerLength("A: b\r\n \r\n c\r\n\r\nd")).isEqualTo(15);
    }

    @Test
    void fieldsAreListedAsTheyStand() {
        Headers headers =
                Headers.of("A: 1\r\n folded \r\nB :x\r\na:\t2\r\n\r\nC: body".getBytes(US_ASCII));

        assertThat(
                        headers.all().stream()
                                .map(f -> f.name() + "|" + f.asRaw() + "|" + f.range().offset()))
                .containsExactly("A| 1\r\n folded |0", "B|x|16", "a|\t2|22");
        assertThat(requireNonNull(headers.last("a")).asText()).isEqualTo("2");
        assertThat(requireNonNull(headers.first("A")).asText()).isEqualTo("1 folded");
        assertThat(headers.last("C")).isNull();
    }

    @Test
    void fieldsAreFilteredByteForByte() {
        byte[] raw = bytes("A: 1\r\nB: 2\r\n folded\r\na: 3\r\n\r\nbody");
        Range header = Summary.of(raw).root().header();

        assertThat(new String(Headers.filtered(raw, header, Set.of("a"), false), UTF_8))
                .isEqualTo("A: 1\r\na: 3\r\n\r\n");
        assertThat(new String(Headers.filtered(raw, header, Set.of("A"), true), UTF_8))
                .isEqualTo("B: 2\r\n folded\r\n\r\n");
        assertThat(new String(Headers.filtered(raw, header, Set.of("Z"), false), UTF_8))
                .isEqualTo("\r\n");
        byte[] open = bytes("A: 1\r\nB: 2");
        assertThat(
                        new String(
                                Headers.filtered(
                                        open, new Range(0, open.length), Set.of("b"), false),
                                UTF_8))
                .isEqualTo("B: 2");
    }

    @Test
    void fieldsHaveTheFormsJmapAsksFor() {
        Headers headers =
                Headers.of(
                        bytes(
                                """
                                List-Post: <mailto:a@b.example> (x),
                                 <https://b.example/
                                 post>
                                X-8: perch\u00e9 \0no
                                References: <a@b> <c d@e>
                                Date: nie
                                X-None: none

                                """));

        assertThat(requireNonNull(headers.last("list-post")).asUrls())
                .containsExactly("mailto:a@b.example", "https://b.example/post");
        assertThat(requireNonNull(headers.last("x-8")).asRaw()).isEqualTo(" perch\uFFFD no");
        assertThat(requireNonNull(headers.last("x-8")).asText()).isEqualTo("perché no");
        assertThat(requireNonNull(headers.last("references")).asMessageIds())
                .containsExactly("a@b", "cd@e");
        assertThat(requireNonNull(headers.last("date")).asDate()).isNull();
        assertThat(requireNonNull(headers.last("x-none")).asUrls()).isNull();
        assertThat(requireNonNull(headers.last("x-none")).asMessageIds()).isNull();
    }

    @Test
    void sectionsAreReadAsImapWritesThem() {
        assertThat(Section.parse("")).isEqualTo(new Section("", Section.What.ALL));
        assertThat(Section.parse("1.2.mime")).isEqualTo(new Section("1.2", Section.What.MIME));
        assertThat(Section.parse("Text")).isEqualTo(new Section("", Section.What.TEXT));
        for (String bad :
                new String[] {
                    "0", "1.", ".1", "MIME", "1.FOO", "1.TEXT.1", "01", "-1", "1..2", "9999999999"
                }) {
            assertThat(Section.parse(bad)).as(bad).isNull();
        }
        assertThat(Section.parse("1" + ".1".repeat(5_000))).isNull();
    }

    @Test
    void bodyValuesAreCutBetweenCharactersAndTags() {
        byte[] text = "Content-Type: text/plain; charset=utf-8\r\n\r\nperché\r\nsì".getBytes(UTF_8);
        byte[] html = bytes("Content-Type: text/html\r\n\r\n<p>a</p><p class=b>");
        Part plain = Summary.of(text).root();
        Part rich = Summary.of(html).root();

        assertThat(BodyValue.of(text, plain, 6)).isEqualTo(new BodyValue("perch", false, true));
        assertThat(BodyValue.of(text, plain, 7)).isEqualTo(new BodyValue("perché", false, true));
        assertThat(BodyValue.of(text, plain, 0))
                .isEqualTo(new BodyValue("perché\nsì", false, false));
        assertThat(BodyValue.of(html, rich, 12)).isEqualTo(new BodyValue("<p>a</p>", false, true));
    }

    @Test
    void searchSeesDecodedWordsOfEveryTextEnclosedMailsToo() {
        byte[] raw =
                SummaryTest.mail(
                        """
                        Content-Type: multipart/mixed; boundary=b

                        --b
                        Content-Type: text/html

                        <p>uno<b>due</b></p><style>zitto</style>
                        --b
                        Content-Type: message/rfc822

                        Subject: =?utf-8?q?citt=C3=A0?=
                        Content-Transfer-Encoding: base64

                        dHJl
                        --b
                        Content-Type: image/png

                        muto
                        --b--
                        """);
        Summary summary = Summary.of(raw);

        assertThat(SearchText.body(raw, summary, 1_000))
                .contains("unodue", "Subject: città", "tre")
                .doesNotContain("zitto", "muto");
        assertThat(SearchText.body(raw, summary, 3).length()).isLessThan(10);
        assertThat(SearchText.header(raw, summary.root().header(), 1_000))
                .startsWith("Content-Type: multipart");
    }
}
