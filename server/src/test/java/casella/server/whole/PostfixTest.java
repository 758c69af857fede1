package casella.server.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.authenticity.DkimVerifier;
import casella.base.Clock;
import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import casella.server.voice.BrandKeys;
import casella.testkit.Exim;
import casella.testkit.Postfix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an owner's mail goes to a real Postfix and comes from one: over TLS, large, beyond ASCII, with reports of what
/// became of it both ways.
final class PostfixTest {
    private static final Duration TIME = Duration.ofSeconds(40);
    private static final String ANNA = "anna@posta.example";

    @TempDir
    private Path folder;

    private Path config(int port) throws IOException {
        Path zone = Files.writeString(folder.resolve("zone"), """
                $ORIGIN example.
                remote MX 10 mx.remote
                mx.remote A 127.0.0.1
                mx.remote TXT "v=spf1 a -all"
                exim MX 10 mx.exim
                mx.exim A 127.0.0.2
                exim TXT "v=spf1 ip4:127.0.0.0/8 -all"
                remote TXT "v=spf1 ip4:127.0.0.1 -all"
                _dmarc.remote TXT "v=DMARC1; p=reject"
                """);
        return Files.writeString(folder.resolve("casella.yaml"), """
                mail: {hostname: mx.posta.example}
                access: {plain-login-on-loopback: yes}
                dns: {zone-file: %s}
                relay: {port: %d, private-networks: yes}
                smtp: {unchecked-peers: []}
                """.formatted(zone, port));
    }

    @Test
    void mailGoesThereAndComesBack() throws Exception {
        Path data = folder.resolve("data");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        int port = Postfix.freePort();
        try (var server = RunningServer.serve(data, config(port));
                var postfix = Postfix.start(folder.resolve("postfix"), port, server.port("smtp"))) {
            toThere(server, postfix);
            fromThere(server, postfix);
            goesOn(data, server, postfix);
            eximToo(server, postfix, port);
            operatorsHaveTheirWay(data, server, postfix);
            assertThat(server.stop()).isZero();
        }
    }

    private void toThere(RunningServer server, Postfix postfix) throws Exception {
        try (var client = new LineClient(server.port("submission"))) {
            client.reply();
            ask(client, "EHLO laptop.example", "250");
            byte[] plain = ("\0" + ANNA + "\0casella").getBytes(UTF_8);
            ask(client, "AUTH PLAIN " + Base64.getEncoder().encodeToString(plain), "235");
            ask(client, "MAIL FROM:<" + ANNA + "> RET=FULL ENVID=first", "250");
            ask(client, "RCPT TO:<b@remote.example> NOTIFY=SUCCESS ORCPT=rfc822;b@remote.example", "250");
            ask(client, "RCPT TO:<refused@remote.example>", "250");
            ask(client, "RCPT TO:<carlo@posta.example>", "250");
            ask(client, "DATA", "354");
            client.send("Subject: out\r\nX-Number: 1\r\nMessage-ID: <out@posta.example>\r\n\r\n..dots\r\n.");
            assertThat(client.reply()).startsWith("250");
        }
        String there = there(postfix, "X-Number: 1");
        assertThat(there)
                .contains("Return-Path: <" + ANNA + ">", "with ESMTPS",
                        "Received: from mx.posta.example (authenticated submission)")
                .endsWith("\n\n.dots\n");
        assertThat(there.split("Return-Path:", -1)).as("written once").hasSize(2);
        inbox(server, "carlo@posta.example", mail -> mail.contains("X-Number: 1"));
        String failed = inbox(server, ANNA, mail -> mail.contains("Action: failed"));
        assertThat(failed).startsWith("Return-Path: <>\r\n").contains(
                "Final-Recipient: rfc822; refused@remote.example", "Status: 5.1.1",
                        "Original-Envelope-Id: first",
                "Content-Type: message/rfc822", ".dots");
        String delivered = inbox(server, ANNA, mail -> mail.contains("Action: delivered"));
        assertThat(delivered).contains("Original-Envelope-Id: first",
                "Original-Recipient: rfc822;b@remote.example", "(Postfix)");
    }

    private void fromThere(RunningServer server, Postfix postfix) throws Exception {
        String large = "0123456789 abcdefghijklmnopqrstuvwxyz\r\n".repeat(250_000);
        try (var client = new LineClient(postfix.port())) {
            client.reply();
            ask(client, "EHLO sender.example", "250");
            assertThat(client.deliver("b@remote.example", ANNA,
                    ("X-Number: 2\r\nFrom: b@remote.example\r\nSubject: large\r\n\r\n"
                    + large).getBytes(UTF_8)))
                    .startsWith("250");
            ask(client, "MAIL FROM:<citt\u00e0@remote.example> SMTPUTF8 ENVID=second", "250");
            ask(client, "RCPT TO:<" + ANNA + "> NOTIFY=SUCCESS", "250");
            ask(client, "DATA", "354");
            client.send("X-Number: 3\r\nFrom: b@remote.example\r\nSubject: perch\u00e9\r\n\r\n.");
            assertThat(client.reply()).startsWith("250");
            assertThat(client.deliver("b@remote.example", "nobody@posta.example",
                    "X-Number: 4\r\nFrom: b@remote.example\r\n\r\n".getBytes(UTF_8)))
                    .startsWith("250");
        }
        assertThat(inbox(server, ANNA, mail -> mail.contains("X-Number: 2"))).contains("with ESMTPS")
                .contains("Authentication-Results: mx.posta.example;",
                        "spf=pass smtp.mailfrom=b@remote.example",
                        "dmarc=pass")
                .endsWith(large);
        assertThat(inbox(server, ANNA, mail -> mail.contains("X-Number: 3"))).contains("with UTF8SMTPS",
                "Subject: perch\u00e9");
        assertThat(there(postfix, "Action: delivered")).contains("Original-Envelope-Id: second",
                "Final-Recipient: rfc822; " + ANNA);
        // We refuse at RCPT, and Postfix tells its own sender.
        assertThat(there(postfix, "X-Number: 4")).contains("5.1.1", "No such recipient here");
    }

    /// What an address here passes on gets there in a name that finds back, and reports do.
    private void goesOn(Path data, RunningServer server, Postfix postfix) throws Exception {
        assertThat(casella(data, 0, "forward", "set", "info@posta.example", "c@remote.example", ANNA))
                .contains("info@posta.example -> c@remote.example, " + ANNA);
        casella(data, 0, "forward", "set", "@posta.example", "refused@remote.example");
        assertThat(casella(data, 0, "forward", "list")).contains("@posta.example -> refused@remote.example");
        try (var client = new LineClient(postfix.port())) {
            client.reply();
            ask(client, "EHLO sender.example", "250");
            for (String to : List.of("info", "whoever")) {
                ask(client, "MAIL FROM:<b@remote.example> ENVID=" + to, "250");
                ask(client, "RCPT TO:<" + to + "@posta.example> NOTIFY=SUCCESS,FAILURE", "250");
                ask(client, "DATA", "354");
                client.send("X-Number: on-" + to + "\r\nFrom: b@remote.example\r\nSubject: on\r\n\r\n.");
                assertThat(client.reply()).startsWith("250");
            }
        }
        assertThat(there(postfix, "Return-Path: <SRS0")).contains("X-Number: on-info").containsPattern(
                "Return-Path: <SRS0=[0-9a-z]{8}=[0-9a-z]{2}=remote.example=b@posta.example>");
        inbox(server, ANNA, mail -> mail.contains("X-Number: on-info"));
        assertThat(there(postfix, "Action: expanded")).contains("Original-Envelope-Id: info",
                "info@posta.example");
        assertThat(there(postfix, "Original-Envelope-Id: whoever")).contains("Action: failed",
                "refused@remote.example");
        casella(data, 0, "forward", "remove", "@posta.example");
        assertThat(casella(data, 1, "forward", "remove", "@posta.example")).contains("goes nowhere else");
    }

    /// And so does Exim, at the same port of another address.
    private void eximToo(RunningServer server, Postfix postfix, int port) throws Exception {
        Path tls = postfix.certificate();
        try (var exim = Exim.start(Path.of(System.getProperty("casella.root", "..")).toAbsolutePath()
                .normalize(), folder.resolve("exim"), port,
                server.port("smtp"), tls, tls.resolveSibling("key.pem"))) {
            awaited(() -> List.of(answers(port)), "yes"::equals, exim::log);
            try (var client = new LineClient(server.port("submission"))) {
                client.reply();
                ask(client, "EHLO laptop.example", "250");
                byte[] plain = ("\0" + ANNA + "\0casella").getBytes(UTF_8);
                ask(client, "AUTH PLAIN " + Base64.getEncoder().encodeToString(plain), "235");
                ask(client, "MAIL FROM:<" + ANNA + "> ENVID=exim", "250");
                ask(client, "RCPT TO:<b@exim.example> NOTIFY=SUCCESS", "250");
                ask(client, "RCPT TO:<refused@exim.example>", "250");
                ask(client, "RCPT TO:<carlo@posta.example>", "250");
                ask(client, "DATA", "354");
                client.send("X-Number: 6\r\nFrom: <" + ANNA + ">\r\nSubject: out\r\n\r\n..dots\r\n.");
                assertThat(client.reply()).startsWith("250");
            }
            assertThat(awaited(() -> texts(exim.mails()), mail -> mail.contains("X-Number: 6"), exim::log))
                    .contains("with esmtps").endsWith("\n\n.dots\n");
            assertThat(inbox(server, ANNA, mail -> mail.contains("Original-Envelope-Id: exim")
                    && mail.contains("Action: failed"))).contains("nobody is refused");
            inbox(server, ANNA, mail -> mail.contains("Action: delivered")
                    && mail.contains("b@exim.example"));
            try (var client = new LineClient("127.0.0.2", port)) {
                client.reply();
                ask(client, "EHLO sender.example", "250");
                byte[] mail = ("X-Number: 7\r\nFrom: b@exim.example\r\nSubject: in\r\n\r\n"
                        + "0123456789 abcdefghijklmnopqrstuvwxyz\r\n".repeat(50_000)).getBytes(UTF_8);
                assertThat(client.deliver("b@exim.example", ANNA, mail)).startsWith("250");
            }
            assertThat(inbox(server, ANNA, mail -> mail.contains("X-Number: 7"))).contains("with ESMTPS",
                    "mx.exim.example");
        }
    }

    private static String answers(int port) {
        try (var socket = new Socket("127.0.0.2", port)) {
            return socket.getInputStream().read() > 0 ? "yes" : "no";
        } catch (IOException e) {
            return "no";
        }
    }

    private static List<String> texts(List<byte[]> mails) {
        return mails.stream().map(one -> new String(one, UTF_8)).toList();
    }

    /// What is put off there is shown, held, redirected and sent, or ended, as operators say.
    private void operatorsHaveTheirWay(Path data, RunningServer server, Postfix postfix) throws Exception {
        assertThat(casella(data, 0, "brand", "dkim", "posta")).contains("k=rsa", "k=ed25519");
        try (var client = new LineClient(server.port("submission"))) {
            client.reply();
            ask(client, "EHLO laptop.example", "250");
            byte[] plain = ("\0" + ANNA + "\0casella").getBytes(UTF_8);
            ask(client, "AUTH PLAIN " + Base64.getEncoder().encodeToString(plain), "235");
            ask(client, "MAIL FROM:<" + ANNA + ">", "250");
            ask(client, "RCPT TO:<later@remote.example>", "250");
            ask(client, "DATA", "354");
            client.send("X-Number: 5\r\nFrom: Anna <" + ANNA + ">\r\nSubject: signed\r\n\r\ntext  \r\n.");
            assertThat(client.reply()).startsWith("250");
        }
        String waits = awaited(() -> List.of(casella(data, 0, "queue", "outgoing")), text ->
                text.contains("450 4.2.0"), server::log);
        assertThat(waits).contains("deferred", "later@remote.example", "1 recipients");
        String message = waits.split(" ")[0];
        assertThat(casella(data, 0, "queue", "outgoing", "--account", ANNA)).contains(message);
        assertThat(casella(data, 0, "queue", "outgoing", "--domain", "other.example"))
                .contains("0 recipients");
        assertThat(casella(data, 0, "queue", "destinations")).contains("remote.example",
                "1 recipients at 1 domains");
        assertThat(casella(data, 1, "queue", "hold")).contains("say one of them");
        assertThat(casella(data, 0, "queue", "hold", "--domain", "remote.example"))
                .contains("1 recipients held");
        assertThat(casella(data, 0, "queue", "outgoing", "--message", message)).contains("held");
        assertThat(casella(data, 1, "queue", "redirect", "--message", message, "--to", ANNA))
                .contains("domain of this server");
        assertThat(casella(data, 0, "queue", "redirect", "--message", message, "--to", "c@remote.example"))
                .contains("1 recipients would be redirected; say --confirm");
        casella(data, 0, "queue", "redirect", "--message", message, "--to", "c@remote.example", "--confirm");
        assertThat(casella(data, 0, "queue", "release", "--all")).contains("1 recipients released");
        casella(data, 0, "queue", "retry", "--all");
        String there = there(postfix, "X-Number: 5");
        assertThat(there).contains("Delivered-To: c@remote.example");
        signedTwice(data, there.replace("\n", "\r\n").getBytes(UTF_8));
        assertThat(casella(data, 0, "queue", "cancel", "--all", "--confirm"))
                .contains("0 recipients cancelled");
    }

    /// By RSA and by Ed25519, with keys of the author's domain, and not where a word was changed.
    private static void signedTwice(Path data, byte[] mail) {
        try (var keys = BrandKeys.open(data.resolve("keys"), Clock.system())) {
            assertThat(DkimVerifier.verify(mail, keys)).hasSize(2).allMatch(one ->
                    one instanceof DkimVerifier.Result.Valid);
            byte[] changed = new String(mail, UTF_8).replace("Subject: signed", "Subject: singed")
                    .getBytes(UTF_8);
            assertThat(DkimVerifier.verify(changed, keys)).noneMatch(one ->
                    one instanceof DkimVerifier.Result.Valid);
        }
    }

    private static String casella(Path data, int code, String... order) {
        var out = new ByteArrayOutputStream();
        var terminal = new Terminal(
                InputStream.nullInputStream(), new PrintStream(out), new PrintStream(out), Map.of(), data);
        List<String> words = new ArrayList<>(List.of(order));
        words.addAll(List.of("--data", data.toString()));
        assertThat(Cli.run(terminal, new Server(), words.toArray(String[]::new))).as(out.toString(UTF_8))
                .isEqualTo(code);
        return out.toString(UTF_8);
    }

    private static void ask(LineClient client, String command, String code) throws IOException {
        client.send(command);
        assertThat(client.reply()).as(command).startsWith(code);
    }

    private static String there(Postfix postfix, String part) throws Exception {
        return awaited(() -> postfix.mails().stream().map(one -> new String(one, UTF_8)).toList(), mail ->
                mail.contains(part),
                postfix::log);
    }

    private static String inbox(RunningServer server, String owner,
            Predicate<String> which) throws Exception {
        try (var imap = LineClient.imap(server.port("imap"), owner)) {
            return awaited(() -> imap.bodies("INBOX").values().stream().map(one -> new String(one, UTF_8))
                    .toList(), which,
                    server::log);
        }
    }

    private interface Looking {
        List<String> look() throws IOException;
    }

    private interface Saying {
        String log();
    }

    private static String awaited(Looking looking, Predicate<String> which,
            Saying otherwise) throws Exception {
        long end = System.nanoTime() + TIME.toNanos();
        while (System.nanoTime() < end) {
            for (String mail : looking.look()) if (which.test(mail)) return mail;
            new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("not there in time\n" + otherwise.log());
    }
}
