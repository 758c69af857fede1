package casella.server.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.Clamd;
import casella.testkit.Postfix;
import casella.testkit.Rspamd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Proves with a real rspamd and a real clamd that malware is refused, spam goes to Junk, owners' moves are learned; that urgent mail
/// does not wait for a scanner that hangs, and that mail taken while both were down is scanned when they are back, kill -9 or not.
@EnabledIfSystemProperty(named = "casella.realParts", matches = "true")
final class ScanningTest {
    private static final Duration TIME = Duration.ofSeconds(40);
    private static final String JUNK = "Indesiderata";
    private static final String ANNA = "anna@posta.example";

    @TempDir
    private Path folder;

    private final int port = Postfix.freePort();
    private final int controller = Postfix.freePort();

    private Path config() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), Rspamd.PASSWORD + "\n");
        return Files.writeString(folder.resolve("casella.yaml"), """
                access: {plain-login-on-loopback: yes}
                scanning: {rspamd: "127.0.0.1:%d", rspamd-controller: "127.0.0.1:%d", rspamd-password: %s,
                           clamd: %s, time-max: 20s, refuse-from: never}
                """.formatted(port, controller, password, folder.resolve("clamd/socket")));
    }

    @Test
    void mailIsScannedNowOrLater() throws Exception {
        Path data = folder.resolve("data");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        Path config = config();
        try (var server = RunningServer.serve(data, config)) {
            try (var rspamd = Rspamd.start(folder.resolve("rspamd"), port, controller);
                    var clamd = Clamd.start(folder.resolve("clamd"))) {
                whatTheyFind(server);
                whatOwnersMove(server, rspamd);
                oneThatHangs(server, clamd);
            }
            bothDown(server);
            server.kill();
        }
        try (var server = RunningServer.serve(data, config);
                var _ = Rspamd.start(folder.resolve("rspamd"), port, controller);
                var _ = Clamd.start(folder.resolve("clamd"));
                var imap = LineClient.imap(server.port("imap"), ANNA)) {
            awaited(() -> has(imap, JUNK, "late malware") && has(imap, JUNK, "late spam"), server);
            assertThat(has(imap, "INBOX", "late and clean")).isTrue();
            assertThat(has(imap, "INBOX", "late malware") || has(imap, "INBOX", "late spam")).isFalse();
            assertThat(keyword(imap, "late malware")).contains("$malware");
            assertThat(keyword(imap, "late spam")).doesNotContain("$malware");
            assertThat(server.stop()).isZero();
        }
    }

    private static void whatTheyFind(RunningServer server) throws Exception {
        assertThat(smtp(server, "malware", Clamd.eicar())).startsWith("550 5.7.1").contains("Malware");
        assertThat(smtp(server, "spam", Rspamd.gtube())).startsWith("250");
        assertThat(smtp(server, "clean", "hello anna")).startsWith("250");
        try (var client = new LineClient(server.port("submission"))) {
            client.reply();
            ask(client, "EHLO laptop.example", "250");
            byte[] plain = "\0carlo@posta.example\0casella".getBytes(UTF_8);
            ask(client, "AUTH PLAIN " + Base64.getEncoder().encodeToString(plain), "235");
            assertThat(client.deliver("carlo@posta.example", ANNA, mail("ours", Clamd.eicar())))
                    .startsWith("550 5.7.1");
            assertThat(client.deliver("carlo@posta.example", ANNA, mail("our spam", Rspamd.gtube())))
                    .as("owners are not asked whether it is spam").startsWith("250");
        }
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            assertThat(has(imap, JUNK, "spam")).isTrue();
            assertThat(has(imap, "INBOX", "clean")).isTrue();
            assertThat(has(imap, "INBOX", "our spam")).isTrue();
            assertThat(has(imap, "INBOX", "malware") || has(imap, JUNK, "malware")).isFalse();
        }
    }

    private static void whatOwnersMove(RunningServer server, Rspamd rspamd) throws Exception {
        assertThat(smtp(server, "pills",
                "buy our wonderful cheap replica watches and pills now, limited offer"))
                .startsWith("250");
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            move(imap, "INBOX", "pills", JUNK);
            awaited(() -> rspamd.spamLearned() == 1, server);
            assertThat(rspamd.hamLearned()).isZero();
            move(imap, JUNK, "pills", "INBOX");
            awaited(() -> rspamd.hamLearned() == 1, server);
        }
    }

    private static void oneThatHangs(RunningServer server, Clamd clamd) throws Exception {
        signal("STOP", clamd.pid());
        long start = System.nanoTime();
        assertThat(smtp(server, "Il tuo codice: 482913", "Il tuo codice di verifica: 482913.\r\n"
                + Clamd.eicar()))
                .startsWith("250");
        // Within a second; five times that where other tests run beside this one. Others wait for 20.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            assertThat(has(imap, "INBOX", "Il tuo codice: 482913")).isTrue();
            signal("CONT", clamd.pid());
            awaited(() -> has(imap, JUNK, "Il tuo codice: 482913"), server);
            assertThat(keyword(imap, "Il tuo codice: 482913")).contains("$malware");
        }
    }

    private static void bothDown(RunningServer server) throws Exception {
        assertThat(smtp(server, "late malware", Clamd.eicar())).startsWith("250");
        assertThat(smtp(server, "late spam", Rspamd.gtube())).startsWith("250");
        assertThat(smtp(server, "late and clean", "hello anna")).startsWith("250");
        try (var imap = LineClient.imap(server.port("imap"), ANNA)) {
            assertThat(has(imap, "INBOX", "late malware") && has(imap, "INBOX", "late spam")).isTrue();
        }
    }

    private static byte[] mail(String subject, String text) {
        return ("From: Servizio <noreply@servizio.example>\r\nTo: <" + ANNA + ">\r\nSubject: " + subject
                + "\r\nDate: Tue, 24 Nov 2026 03:00:00 +0000\r\nMessage-ID: <" + subject.hashCode()
                + "@servizio.example>\r\nAuto-Submitted: auto-generated\r\n\r\n" + text + "\r\n")
                        .getBytes(UTF_8);
    }

    /// Brings a mail from another server, and returns the answer.
    private static String smtp(RunningServer server, String subject, String text) throws IOException {
        try (var client = new LineClient(server.port("smtp"))) {
            client.reply();
            ask(client, "EHLO mail.servizio.example", "250");
            return client.deliver("noreply@servizio.example", ANNA, mail(subject, text));
        }
    }

    private static void ask(LineClient client, String command, String code) throws IOException {
        client.send(command);
        assertThat(client.reply()).as(command).startsWith(code);
    }

    private static List<String> found(LineClient imap, String mailbox, String subject) throws IOException {
        var _ = imap.command("s1", "SELECT " + mailbox);
        String answer = imap.command("s2", "UID SEARCH SUBJECT \"" + subject + "\"").stream()
                .filter(line -> line.startsWith("* SEARCH")).findFirst().orElse("");
        return List.of(answer.replaceFirst("^\\* SEARCH ?", "").split(" "));
    }

    private static boolean has(LineClient imap, String mailbox, String subject) {
        try {
            return !found(imap, mailbox, subject).getFirst().isEmpty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String keyword(LineClient imap, String subject) throws IOException {
        String uid = found(imap, JUNK, subject).getFirst();
        return imap.command("k", "UID FETCH " + uid + " (FLAGS)").getFirst();
    }

    private static void move(LineClient imap, String from, String subject, String to) throws IOException {
        String uid = found(imap, from, subject).getFirst();
        assertThat(imap.command("m", "UID MOVE " + uid + " " + to).getLast()).startsWith("m OK");
    }

    private static void signal(String signal, long process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process)).start().waitFor())
                .isZero();
    }

    private static void awaited(BooleanSupplier that, RunningServer server) throws InterruptedException {
        long end = System.nanoTime() + TIME.toNanos();
        while (System.nanoTime() < end) {
            if (that.getAsBoolean()) return;
            var _ = new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("not so in time\n" + server.log());
    }
}
