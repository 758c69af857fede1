package casella.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import casella.message.BodyLists;
import casella.message.BodyValue;
import casella.message.Headers;
import casella.message.Part;
import casella.message.Range;
import casella.message.SearchText;
import casella.message.Section;
import casella.message.Summary;
import casella.message.TransferDecoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Proves that every mail of the corpora, monsters included, gets a summary whose offsets, sizes
/// and stored form agree.
final class CorpusTest {
    static List<Corpus.Mail> own() {
        return Corpus.own();
    }

    static List<Corpus.Monster> monsters() {
        return Corpus.monsters();
    }

    @Test
    void theIndexNamesEveryFileOnce() throws IOException {
        Path folder =
                Path.of(System.getProperty("casella.root", "."))
                        .resolve("quality/testkit/src/main/resources/casella/corpus");
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(f -> f.getFileName().toString())
                            .filter(n -> n.endsWith(".eml"))
                            .toList();

            assertThat(Corpus.own().stream().map(m -> m.name() + ".eml"))
                    .containsExactlyInAnyOrderElementsOf(names);
            assertThat(names).hasSizeGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void mostMailsTravelAndTheOddOnesAreKnown() {
        List<String> stay =
                Corpus.own().stream()
                        .filter(m -> !m.travelsBySmtp())
                        .map(Corpus.Mail::name)
                        .toList();

        assertThat(stay)
                .containsExactlyInAnyOrder(
                        "empty",
                        "nul-bytes",
                        "bare-lf",
                        "bare-cr",
                        "mixed-line-ends",
                        "no-final-line-end",
                        "no-final-line-end-multipart",
                        "long-line",
                        "long-header-line",
                        "smuggling");
    }

    @ParameterizedTest
    @MethodSource("own")
    void ourOwnMailsAgreeWithTheirSummary(Corpus.Mail mail) {
        agrees(mail.bytes());
    }

    @Test
    void sharedMailsAgreeWithTheirSummary() {
        for (Corpus.Mail mail : Corpus.shared()) agrees(mail.bytes());
    }

    @ParameterizedTest
    @MethodSource("monsters")
    void monstersAreTamed(Corpus.Monster monster) {
        byte[] raw = monster.bytes();
        long started = System.nanoTime();

        Summary summary = Summary.of(raw);

        assertThat(System.nanoTime() - started).isLessThan(10_000_000_000L);
        assertThat(summary.size()).isEqualTo(raw.length);
        byte[] stored = summary.encode();
        assertThat(stored.length).isLessThan(4_000_000);
        assertThat(Summary.decode(stored)).isEqualTo(summary);
    }

    private static void agrees(byte[] raw) {
        Summary summary = Summary.of(raw);
        byte[] stored = summary.encode();

        assertThat(Summary.decode(stored)).isEqualTo(summary);
        assertThat(Summary.decode(stored).encode()).isEqualTo(stored);
        assertThat(summary.preview().length()).isLessThanOrEqualTo(256);
        BodyLists lists = BodyLists.of(summary.root());
        lists.textBody().forEach(p -> BodyValue.of(raw, p, 1_000));
        lists.htmlBody().forEach(p -> BodyValue.of(raw, p, 0));
        SearchText.body(raw, summary, 100_000);
        SearchText.header(raw, summary.root().header(), 100_000);
        agrees(raw, summary, summary.root(), new Range(0, raw.length));
    }

    private static void agrees(byte[] raw, Summary summary, Part part, Range within) {
        assertThat(part.headerOffset()).isBetween(within.offset(), within.end());
        assertThat(part.headerOffset() + part.headerLength()).isEqualTo(part.bodyOffset());
        assertThat(part.body().end()).isLessThanOrEqualTo(within.end());
        assertThat(new Section(part.section(), Section.What.MIME).in(summary))
                .isEqualTo(part.header());
        assertThat(new Section(part.section(), Section.What.ALL).in(summary))
                .isEqualTo(part.body());
        assertThat(Headers.filtered(raw, part.header(), Set.of(), true).length)
                .isLessThanOrEqualTo(part.headerLength());
        String body = new String(part.body().in(raw), ISO_8859_1);
        long lines =
                body.chars().filter(c -> c == '\n').count()
                        + (body.isEmpty() || body.endsWith("\n") ? 0 : 1);
        assertThat((long) part.lines()).isEqualTo(lines);
        Part.Nested nested = part.nested();
        if (!part.isMultipart() && nested == null) {
            assertThat(part.decodedSize())
                    .isEqualTo(TransferDecoding.decode(raw, part).bytes().length);
        }
        Range left = part.body();
        for (Part child : part.children()) {
            agrees(raw, summary, child, left);
            left = new Range(child.body().end(), part.body().end() - child.body().end());
        }
        if (nested != null) agrees(raw, summary, nested.root(), part.body());
    }
}
