package casella.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Mails to try everything with: our own, those of other projects where they are at hand, and
/// monsters made on demand.
///
/// Our own are resources, `casella/corpus/*.eml`; `index.txt` beside them says why each is there.
public final class Corpus {
    private static final String FOLDER = "/casella/corpus/";

    /// One mail.
    ///
    /// @param name unique in its list; of a shared mail, its path
    public record Mail(String name, byte[] bytes) {

        /// Returns whether SMTP can carry it byte for byte: not empty, every line ended by CR LF,
        /// no CR or LF by itself, no line over 998 bytes, no NUL. RFC 5321 §4.1.1.4, RFC 5322
        /// §2.1.1.
        public boolean travelsBySmtp() {
            int line = 0;
            for (int i = 0; i < bytes.length; i++) {
                boolean crBefore = i > 0 && bytes[i - 1] == '\r';
                if (crBefore != (bytes[i] == '\n') || bytes[i] == 0) return false;
                line = bytes[i] == '\n' ? 0 : line + 1;
                if (line > 999) return false;
            }
            return bytes.length > 0 && line == 0;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// A mail too big to keep as a file.
    public record Monster(String name, Supplier<byte[]> maker) {
        public byte[] bytes() {
            return maker.get();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Corpus() {}

    /// Returns the mails made for this project, in the order of their index.
    public static List<Mail> own() {
        List<Mail> mails = new ArrayList<>();
        for (String line : new String(resource("index.txt"), StandardCharsets.UTF_8).split("\n")) {
            if (line.isBlank() || line.startsWith("#")) continue;
            String name = line.substring(0, line.indexOf(' '));
            mails.add(new Mail(name, resource(name + ".eml")));
        }
        return List.copyOf(mails);
    }

    /// Returns the mail of our own with this name.
    public static byte[] own(String name) {
        return resource(name + ".eml");
    }

    /// Returns the mails in `shared/data/eml` beside the checkout, sorted by path; empty, with one
    /// printed line, where there is no such folder.
    public static List<Mail> shared() {
        Path folder =
                Path.of(System.getProperty("casella.root", "."))
                        .resolve("../shared/data/eml")
                        .normalize();
        if (!Files.isDirectory(folder)) {
            System.out.println("shared mails: absent, only our own corpus is used");
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Mail> mails = new ArrayList<>();
            for (Path file :
                    files.filter(Files::isRegularFile).filter(Corpus::isMail).sorted().toList()) {
                mails.add(new Mail(folder.relativize(file).toString(), Files.readAllBytes(file)));
            }
            return List.copyOf(mails);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isMail(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".eml")
                || name.endsWith(".msg")
                || (name.startsWith("msg_") && name.endsWith(".txt"));
    }

    /// Returns what the default limits must survive: deep nesting, one line of 20 MB, a header
    /// without end, 50 MiB.
    public static List<Monster> monsters() {
        String crlf = "\r\n";
        return List.of(
                new Monster("nested-multiparts-10000", () -> nested(10_000)),
                new Monster(
                        "nested-messages-10000",
                        () -> repeated("Content-Type: message/rfc822\r\n\r\n", 10_000, "x")),
                new Monster(
                        "parts-100000",
                        () -> repeated("--b\r\n\r\nx\r\n", 100_000, "--b--\r\n", multipart("b"))),
                new Monster(
                        "line-20-MB",
                        () -> repeated("abcdefghi ", 2_000_000, crlf, "Subject: long\r\n\r\n")),
                new Monster(
                        "header-line-20-MB",
                        () -> repeated("abcdefghi ", 2_000_000, crlf, "Subject: ")),
                new Monster(
                        "header-fields-500000",
                        () -> repeated("X-A: b\r\n", 500_000, crlf, "Subject: many\r\n")),
                new Monster(
                        "boundary-like-lines",
                        () -> repeated("--b-\r\n", 2_000_000, "--b--\r\n", multipart("b"))),
                new Monster("angle-brackets", () -> repeated("<", 1_000_000, crlf, "To: ")),
                new Monster("encoded-words", () -> repeated("=?", 1_000_000, crlf, "Subject: ")),
                new Monster("nuls-1-MB", () -> new byte[1_000_000]),
                new Monster(
                        "50-MiB",
                        () ->
                                Arrays.copyOf(
                                        repeated(
                                                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd\r\n",
                                                819_200,
                                                crlf,
                                                "Subject: big\r\n\r\n"),
                                        50 * 1024 * 1024)));
    }

    private static String multipart(String boundary) {
        return "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n";
    }

    private static byte[] nested(int depth) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < depth; i++)
            out.append(multipart("b" + i)).append("--b").append(i).append("\r\n");
        return out.append("\r\nbottom\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] repeated(String piece, int times, String end) {
        return repeated(piece, times, end, "");
    }

    private static byte[] repeated(String piece, int times, String end, String start) {
        byte[] one = piece.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream(one.length * times + 256);
        out.writeBytes(start.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < times; i++) out.writeBytes(one);
        out.writeBytes(end.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static byte[] resource(String name) {
        try (InputStream in = Corpus.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) throw new IllegalArgumentException("corpus: no mail named " + name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
