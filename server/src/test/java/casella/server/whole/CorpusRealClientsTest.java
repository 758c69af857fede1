package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.Corpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what is sent is what is read: every mail of the corpus goes in by SMTP and by LMTP, through the real store,
/// and comes out of imaplib, poplib and mbsync byte for byte behind its trace fields. Nothing in it upsets the log.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class CorpusRealClientsTest {
    private static final Path SCRIPT = Path.of(System.getProperty("casella.root"), "server/src/test/python/fetch_all.py");

    private static List<Corpus.Mail> mails() {
        var mails = new ArrayList<>(Corpus.own());
        mails.addAll(Corpus.shared());
        mails.removeIf(mail -> !mail.travelsBySmtp() || mail.bytes().length == 0);
        return mails;
    }

    @Test
    void everyMailComesOutAsItWentIn(@TempDir Path folder) throws Exception {
        List<Corpus.Mail> mails = mails();
        assertThat(mails).hasSizeGreaterThan(80);
        try (var server = RunningServer.start(folder.resolve("data"))) {
            send(server, "smtp", "EHLO", "anna@posta.example", mails);
            send(server, "lmtp", "LHLO", "bruno@virgola.example", mails);
            for (String who : List.of("anna@posta.example", "bruno@virgola.example")) {
                Path out = Files.createDirectory(folder.resolve(who));
                String imap = "" + server.port("imap");
                run(out, "python3", SCRIPT.toString(), imap, "" + server.port("pop3"), who, "casella", "" + mails.size(), "" + out);
                compare(mails, out.resolve("imap"), false);
                compare(mails, out.resolve("pop"), true);
                mbsync(server, who, out, mails);
            }
            assertThat(server.log()).doesNotContain("Exception").doesNotContain(" ERROR ");
        }
    }

    private static void send(RunningServer server, String door, String hello, String to, List<Corpus.Mail> mails)
            throws IOException {
        try (var client = new LineClient(server.port(door))) {
            client.reply();
            client.send(hello + " test.example");
            client.reply();
            for (Corpus.Mail mail : mails) {
                assertThat(client.deliver("sender@test.example", to, mail.bytes())).as(mail.name()).startsWith("250");
            }
        }
    }

    /// @param ended whether a line end is added where a mail has none at its end: POP3 sends lines
    private static void compare(List<Corpus.Mail> mails, Path folder, boolean ended) throws IOException {
        for (int i = 0; i < mails.size(); i++) {
            byte[] got = Files.readAllBytes(folder.resolve(String.format("%05d", i)));
            String wanted = text(mails.get(i).bytes());
            // SMTP cannot end a message within a line either. RFC 5321 §4.1.1.4
            if (!wanted.endsWith("\r\n")) wanted += "\r\n";
            assertThat(text(got)).as(mails.get(i).name() + (ended ? " by POP3" : " by IMAP")).endsWith(wanted);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void mbsync(RunningServer server, String who, Path folder, List<Corpus.Mail> mails)
            throws IOException, InterruptedException {
        Path maildir = Files.createDirectory(folder.resolve("maildir"));
        Path config = folder.resolve("mbsyncrc");
        Files.writeString(
                config,
                """
                IMAPStore far
                Host 127.0.0.1
                Port %d
                User %s
                Pass casella
                SSLType None
                AuthMechs LOGIN

                MaildirStore near
                Path %s/
                Inbox %s/INBOX

                Channel all
                Far :far:
                Near :near:
                Patterns INBOX
                Create Near
                SyncState *
                """
                        .formatted(server.port("imap"), who, maildir, maildir));
        run(folder, "mbsync", "-c", config.toString(), "all");
        var got = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(maildir.resolve("INBOX"))) {
            for (Path file : files.filter(Files::isRegularFile).filter(f -> !f.getFileName().toString().startsWith(".")).toList()) {
                // mbsync marks what it brought with a header field of its own.
                got.add(text(Files.readAllBytes(file)).replaceFirst("X-TUID: [^\n]*\n", ""));
            }
        }
        assertThat(got).hasSizeGreaterThanOrEqualTo(mails.size());
        var other = new ArrayList<String>();
        for (Corpus.Mail mail : mails) {
            String wanted = text(mail.bytes());
            // A Maildir ends lines with LF; a mail with a bare LF or CR does not come back from that.
            // One without a blank line gets mbsync's mark in an odd place.
            if (!wanted.replace("\r\n", "").matches("[^\r\n]*") || !wanted.contains("\r\n\r\n")) continue;
            String lines = wanted.replace("\r\n", "\n");
            if (got.stream().noneMatch(one -> one.endsWith(lines) || one.endsWith(lines + "\n"))) other.add(mail.name());
        }
        assertThat(other).as("mails that mbsync brought otherwise").isEmpty();
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        boolean ended = process.waitFor(180, java.util.concurrent.TimeUnit.SECONDS);
        if (!ended) process.destroyForcibly();
        assertThat(ended).as(String.join(" ", command)).isTrue();
        assertThat(process.exitValue()).as(text(Files.readAllBytes(output))).isZero();
    }
}
