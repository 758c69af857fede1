package casella.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Proves that we see the parts, and decode the bodies, that Apache James Mime4j expects of its own
/// test mails, but for the differences listed here with their reasons.
final class Mime4jAgreementTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("casella.root", "../.."))
                    .resolve("../shared/data/eml/mime4j/core/src/test/resources")
                    .normalize();

    private static final String ENCODED =
            "an encoded message is against RFC 2046 §5.2.1; its offsets are those of the mail";
    private static final String NO_PARTS = "a multipart without parts is text, so that it is read";
    private static final String EXACT =
            "a boundary line holds nothing but the boundary (decision 0020)";
    private static final String SPACES = "a boundary does not end with spaces (RFC 2046 §5.1.1)";
    private static final String LONG = "a boundary over the limit is none";
    private static final String CUT = "an incomplete last base64 group gives the bytes it has";
    private static final String HEADER = "where a broken header ends (decision 0022)";

    /// Mails we read differently, and why.
    private static final Map<String, String> DIFFERENT =
            Map.ofEntries(
                    Map.entry("bad-newlines-multiple-parts-base64", ENCODED),
                    Map.entry("badbound", NO_PARTS),
                    Map.entry("base64encoded-rfc822message", ENCODED),
                    Map.entry("base64encoded-rfc822message-nested", ENCODED),
                    Map.entry("basic-plain-with-bad-header-separator", HEADER),
                    Map.entry("ending-boundaries", EXACT),
                    Map.entry("frag", CUT),
                    Map.entry("hdr-fakeout", HEADER),
                    Map.entry("malformedHeader-noheader", HEADER),
                    Map.entry("malformedHeaderStartsBody-nocrlfcrlf", HEADER),
                    Map.entry("malformedHeaderStartsBody-noheader", HEADER),
                    Map.entry("missing-boundary", NO_PARTS),
                    Map.entry("missing-inner-boundary", NO_PARTS),
                    Map.entry("missing-inner-start-boundary", NO_PARTS),
                    Map.entry("multi-2gifs-base64", ENCODED),
                    Map.entry("multi-frag", CUT),
                    Map.entry("multipartnopart", NO_PARTS),
                    Map.entry("very-long-boundary", SPACES),
                    Map.entry("very-very-long-boundary", LONG),
                    Map.entry("weird-boundary", SPACES));

    @Test
    void partsAndBodiesAreThoseExpected() throws Exception {
        if (!Files.isDirectory(FOLDER)) {
            System.out.println("shared mails: absent, nothing compared with Mime4j's expectations");
            return;
        }
        Map<String, String> found = new TreeMap<>();
        int compared = 0;
        for (Path mail : mails()) {
            String name = mail.getFileName().toString().replace(".msg", "");
            Path expected = mail.resolveSibling(name + "_decoded.xml");
            if (!Files.exists(expected)) continue;
            compared++;
            byte[] raw = Files.readAllBytes(mail);
            List<String> wanted = new ArrayList<>();
            wanted(element(expected), wanted);
            List<String> seen = new ArrayList<>();
            seen(
                    raw,
                    Summary.of(raw).root(),
                    expected.resolveSibling(name + "_decoded"),
                    "1",
                    seen);
            if (!wanted.equals(seen)) found.put(name, wanted + "\n  ours " + seen);
        }

        assertThat(compared).isGreaterThan(70);
        assertThat(found.keySet())
                .as(found.toString())
                .containsExactlyInAnyOrderElementsOf(DIFFERENT.keySet());
    }

    private static List<Path> mails() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(f -> f.toString().endsWith(".msg")).sorted().toList();
        }
    }

    private static Element element(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
    }

    private static void wanted(Element element, List<String> out) {
        for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (!(n instanceof Element child)) continue;
            switch (child.getTagName()) {
                case "message", "multipart" -> {
                    out.add(child.getTagName());
                    wanted(child, out);
                    out.add("end");
                }
                case "body-part" -> wanted(child, out);
                case "text-body", "binary-body" -> out.add(child.getAttribute("name"));
                default -> {}
            }
        }
    }

    private static void seen(byte[] raw, Part part, Path prefix, String number, List<String> out)
            throws IOException {
        Part.Nested nested = part.nested();
        if (part.isMultipart()) {
            out.add("multipart");
            int child = 1;
            for (Part p : part.children()) seen(raw, p, prefix, number + "_" + child++, out);
            out.add("end");
        } else if (nested != null) {
            out.add("message");
            seen(raw, nested.root(), prefix, number + "_1", out);
            out.add("end");
        } else {
            String text = prefix + "_" + number + ".txt";
            Path file =
                    Files.exists(Path.of(text))
                            ? Path.of(text)
                            : Path.of(prefix + "_" + number + ".bin");
            boolean equal = Files.exists(file) && same(raw, part, Files.readAllBytes(file));
            out.add(file.getFileName() + (equal ? "" : " (other bytes)"));
        }
    }

    private static boolean same(byte[] raw, Part part, byte[] expected) {
        return lines(TransferDecoding.decode(raw, part).bytes()).equals(lines(expected));
    }

    private static String lines(byte[] bytes) {
        return new String(bytes, ISO_8859_1).replace("\r\n", "\n");
    }
}
