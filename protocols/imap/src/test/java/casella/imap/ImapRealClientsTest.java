package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.Corpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves that clients people use read every mail of the corpus byte for byte, and write back: imaplib, mbsync, mutt.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
class ImapRealClientsTest {
    private static final Path TESTS = Path.of(System.getProperty("casella.root", "../..")).resolve("protocols/imap/src/test");

    private static List<Corpus.Mail> mails() {
        var mails = new ArrayList<>(Corpus.own());
        mails.addAll(Corpus.shared());
        mails.removeIf(mail -> mail.bytes().length == 0);
        return mails;
    }

    private static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TERM", "xterm");
        Process process = builder.start();
        boolean ended = process.waitFor(40, TimeUnit.SECONDS);
        if (!ended) process.destroyForcibly();
        String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        assertThat(ended).as("%s ends; it said: %s", command.getFirst(), said).isTrue();
        assertThat(process.exitValue()).as("%s: %s", command.getFirst(), said).isZero();
        return said;
    }

    @Test
    void pythonReadsTheCorpusByteForByte(@TempDir Path folder) throws Exception {
        Path expected = Files.createDirectory(folder.resolve("expected"));
        try (ImapServer server = ImapServer.start()) {
            int number = 0;
            for (Corpus.Mail mail : mails()) {
                server.deliver("INBOX", mail.bytes());
                Files.write(expected.resolve(String.format("%05d", ++number)), mail.bytes());
            }

            String said = run(
                    folder,
                    List.of("python3", TESTS.resolve("python/imaplib_check.py").toString(), "" + server.port(), "" + expected));

            assertThat(said).endsWith("all well\n");
        }
    }

    @Test
    void mbsyncFetchesTheCorpusAndBringsChangesBack(@TempDir Path folder) throws Exception {
        try (ImapServer server = ImapServer.start()) {
            var expected = new ArrayList<String>();
            for (Corpus.Mail mail : mails()) {
                // A Maildir ends lines with LF; mails with a bare LF or CR do not come back from that.
                if (!mail.travelsBySmtp() || !hasHeader(mail.bytes())) continue;
                server.deliver("INBOX", mail.bytes());
                expected.add(lines(mail.bytes()));
            }
            Path inbox = mbsync(server, folder);

            var missing = new ArrayList<>(expected);
            List<String> got = contents(inbox);
            got.forEach(missing::remove);
            assertThat(missing).as("mails that did not come as they are").isEmpty();
            assertThat(got).hasSameSizeAs(expected);

            Path first = files(inbox).getFirst();
            Files.move(first, inbox.resolve("cur").resolve(first.getFileName().toString().replaceAll(":2,.*", "") + ":2,FT"));
            Files.writeString(inbox.resolve("new/1700000000.1.here"), "Subject: from here\n\nHello\n");
            int before = files(inbox).size();
            mbsync(server, folder);

            casella.store.Mailbox now = server.anna.read(view -> view.mailbox("INBOX"));
            assertThat(now).isNotNull();
            // The trashed one is expunged on both sides, the new one is there.
            assertThat(now.count()).isEqualTo(before - 1);
            assertThat(files(inbox)).hasSize(before - 1);
            assertThat(now.uidNext()).isEqualTo(before + 1);
        }
    }

    private static Path mbsync(ImapServer server, Path folder) throws Exception {
        Path mail = folder.resolve("mail");
        Files.createDirectories(mail);
        Path config = folder.resolve("mbsyncrc");
        Files.writeString(
                config,
                """
                IMAPStore far
                Host 127.0.0.1
                Port %d
                User anna@posta.example
                Pass casella
                SSLType None
                AuthMechs LOGIN

                MaildirStore near
                Path %s/
                Inbox %s/INBOX
                SubFolders Verbatim

                Channel all
                Far :far:
                Near :near:
                Patterns *
                Create Near
                Expunge Both
                SyncState *
                """
                        .formatted(server.port(), mail, mail));
        run(folder, List.of("mbsync", "-c", config.toString(), "all"));
        return mail.resolve("INBOX");
    }

    @Test
    void muttSavesAMessageAndDeletesIt(@TempDir Path folder) throws Exception {
        try (ImapServer server = ImapServer.start()) {
            server.deliver("INBOX", Files.readAllBytes(TESTS.resolve("messages/mixed.eml")));
            Path saved = folder.resolve("saved");
            Path settings = folder.resolve("muttrc");
            Files.createDirectory(folder.resolve("Mail")); // or mutt asks for it
            Files.writeString(
                    settings,
                    """
                    set imap_user="anna@posta.example"
                    set imap_pass="casella"
                    set ssl_starttls=no
                    set ssl_force_tls=no
                    set confirmcreate=no
                    set confirmappend=no
                    set delete=yes
                    set mbox_type=mbox
                    set header_cache=""
                    set resolve=no
                    set wait_key=no
                    folder-hook . 'push "<refresh><copy-message>%s<enter><delete-message><sync-mailbox><quit>"'
                    """
                            .formatted(saved));
            // mutt wants a terminal; Python has one to lend.
            String terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
            String inbox = "imap://127.0.0.1:" + server.port() + "/INBOX";
            run(folder, List.of("python3", "-c", terminal, "mutt", "-n", "-F", settings.toString(), "-f", inbox));

            String mbox = Files.readString(saved);
            assertThat(mbox).contains("Attivit=C3=A0 di marzo", "SGVsbG8sIHdvcmxk");
            casella.store.Mailbox now = server.anna.read(view -> view.mailbox("INBOX"));
            assertThat(now).isNotNull();
            assertThat(now.count()).as("the deleted one is expunged").isZero();
        }
    }

    private static List<Path> files(Path maildir) throws IOException {
        var all = new ArrayList<Path>();
        for (String place : List.of("cur", "new")) {
            try (Stream<Path> files = Files.list(maildir.resolve(place))) {
                files.sorted().forEach(all::add);
            }
        }
        return all;
    }

    private static List<String> contents(Path maildir) throws IOException {
        var all = new ArrayList<String>();
        for (Path file : files(maildir)) {
            // mbsync marks what it stores with a line of its own.
            all.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).replaceFirst("X-TUID: .{12}\n", ""));
        }
        return all;
    }

    /// Where there is no whole header mbsync makes one, to put its own line into.
    private static boolean hasHeader(byte[] mail) {
        String text = lines(mail);
        int blank = text.indexOf("\n\n");
        return blank > 0 && text.substring(0, blank).lines().allMatch(line -> line.matches("[ \t].*|[!-9;-~]+:.*"));
    }

    private static String lines(byte[] mail) {
        return new String(mail, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
    }
}
