package casella.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Fault;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Searches for bytes that make reading a mail, or a stored summary, throw or disagree with itself.
final class SummaryFuzzTest {
    /// Rounds of the random search in a normal run.
    private static final int ROUNDS = 1_000;

    private static final List<String> PIECES =
            List.of(
                    "\r\n",
                    "\n",
                    "\r",
                    "\r\n\r\n",
                    "--",
                    "--b",
                    "--b--",
                    "\r\n--b\r\n",
                    "\r\n--c--\r\n",
                    "boundary=b",
                    "boundary=\"c\"",
                    "Content-Type: multipart/mixed; boundary=b\r\n",
                    "Content-Type: message/rfc822\r\n\r\n",
                    "multipart/digest;",
                    "Content-Transfer-Encoding: base64\r\n",
                    "Content-Transfer-Encoding: quoted-printable\r\n",
                    "=?utf-8?q?=",
                    "?=",
                    "charset=utf-16",
                    "charset=iso-2022-jp",
                    "filename*0*=utf-8''%",
                    "To: <",
                    "Date: ",
                    ":",
                    ";",
                    "\"",
                    "(",
                    "\0",
                    "Content-Disposition: attachment\r\n",
                    "References: <a@b>",
                    "<!--",
                    "<style>",
                    "&#x10FFFF;",
                    "\u00c3\u00a8");

    @FuzzTest
    void aMailIsReadWhateverItsBytes(byte[] raw) {
        read(raw);
    }

    @FuzzTest
    void aStoredSummaryIsReadOrCorrupt(byte[] stored) {
        try {
            Summary summary = Summary.decode(stored);
            assertThat(Summary.decode(summary.encode())).isEqualTo(summary);
        } catch (Fault.Corrupt expected) {
            assertThat(expected.facts()).isNotEmpty();
        }
    }

    @Test
    void mutatedMailsAreRead() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<byte[]> seeds = seeds();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] raw = mutated(seeds.get(random.nextInt(seeds.size())), random);
            try {
                read(raw);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    private static void read(byte[] raw) {
        Summary summary = Summary.of(raw);
        assertThat(Summary.decode(summary.encode())).isEqualTo(summary);
        assertThat(summary.preview().length()).isLessThanOrEqualTo(Preview.CHARS_MAX);
        check(raw, summary.root(), 0, raw.length);
        SearchText.body(raw, summary, 10_000);
        SearchText.header(raw, summary.root().header(), 10_000);
        Headers headers = Headers.of(raw, summary.root().header());
        for (HeaderField field : headers.all()) {
            field.asText();
            field.asAddresses();
            field.asDate();
            field.asUrls();
        }
        BaseSubject.of(summary.envelope().subject() == null ? "" : summary.envelope().subject());
    }

    private static void check(byte[] raw, Part part, int from, int until) {
        assertThat(part.headerOffset()).isBetween(from, until);
        assertThat(part.headerOffset() + part.headerLength()).isEqualTo(part.bodyOffset());
        assertThat(part.body().end()).isBetween(part.bodyOffset(), until);
        if (part.type().equals("text")) BodyValue.of(raw, part, 100);
        assertThat(part.name() == null || part.name().length() <= raw.length).isTrue();
        int left = part.bodyOffset();
        for (Part child : part.children()) {
            check(raw, child, left, part.body().end());
            left = child.body().end();
        }
        Part.Nested nested = part.nested();
        if (nested != null) check(raw, nested.root(), part.bodyOffset(), part.body().end());
    }

    private static List<byte[]> seeds() throws IOException {
        Path corpus =
                Path.of(System.getProperty("casella.root", "../.."))
                        .resolve("quality/testkit/src/main/resources/casella/corpus");
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(corpus)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".eml")).sorted().toList()) {
                if (Files.size(file) < 4_000) seeds.add(Files.readAllBytes(file));
            }
        }
        assertThat(seeds).hasSizeGreaterThan(50);
        return seeds;
    }

    private static byte[] mutated(byte[] seed, Random random) {
        StringBuilder text = new StringBuilder(new String(seed, ISO_8859_1));
        for (int changes = 1 + random.nextInt(8); changes > 0; changes--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(40));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, text.substring(at, end));
                case 2 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                default -> {
                    if (at < text.length()) text.setCharAt(at, (char) random.nextInt(256));
                }
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }
}
