package casella.server.whole;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Server;
import casella.server.cli.Cli;
import casella.server.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that an account is held, wiped and erased by command, that the certificate is complete when every
/// place of a real server has confirmed, and that the collector tells how it is.
final class ErasedAccountTest {
    private static final String ANNA = "anna@posta.example";

    private record Result(int code, String out, String err) {}

    private static Result casella(Path data, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = Stream.concat(Stream.of(arguments), Stream.of("--data",
                data.toString())).toArray(String[]::new);
        int code = Cli.run(
                new Terminal(InputStream.nullInputStream(), new PrintStream(out), new PrintStream(err),
                        Map.of(), data),
                new Server(),
                all);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// A certificate that was changed is none.
    private static void changedIsNone(Path data, Path signed) throws IOException {
        String text = Files.readString(signed);
        int at = text.indexOf("\"payload\" : \"") + 40;
        Files.writeString(signed, text.substring(0, at) + (text.charAt(at) == 'A' ? 'B' : 'A')
                + text.substring(at + 1));
        Result changed = casella(data, "proof", "check", signed.toString());
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.err()).contains("Signature is wrong");
    }

    private static Path config(Path folder) throws IOException {
        Path zone = Files.writeString(folder.resolve("zone"), "; casella: servfail elsewhere.example\n");
        return Files.writeString(folder.resolve("casella.yaml"),
                "access: {plain-login-on-loopback: yes}\ndns: {zone-file: " + zone + "}\n");
    }

    /// Leaves mail for another server, of which no name server tells.
    private static void submitted(RunningServer server) throws IOException {
        try (var client = new LineClient(server.port("submission"))) {
            client.reply();
            client.send("EHLO laptop.example");
            client.reply();
            byte[] plain = ("\0" + ANNA + "\0casella").getBytes(StandardCharsets.UTF_8);
            client.send("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
            assertThat(client.reply()).startsWith("235");
            assertThat(client.deliver(ANNA, "x@elsewhere.example", "\r\nriga\r\n".getBytes(StandardCharsets.UTF_8)))
                    .startsWith("250");
        }
    }

    @Test
    void anAccountIsHeldWipedAndErased(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        try (var demo = RunningServer.start(data)) {
            assertThat(demo.stop()).isZero();
        }
        try (var server = RunningServer.serve(data, config(folder))) {
            try (var client = LineClient.lmtp(server.port("lmtp"))) {
                String mail = "Subject: uno\r\n\r\nriga\r\n";
                assertThat(client.deliver("x@test.example", ANNA,
                        mail.getBytes(StandardCharsets.UTF_8))).startsWith("250");
            }
            submitted(server);
            assertThat(casella(data, "queue", "outgoing").out()).contains("\n1 recipients");
            Result status = casella(data, "collect", "status");
            assertThat(status.code()).as(status.out() + status.err()).isZero();
            assertThat(status.out()).contains("state: idle");
            Result run = casella(data, "collect", "run");
            assertThat(run.code()).as(run.out() + run.err()).isZero();
            assertThat(run.out()).contains("condemned: 0");

            assertThat(casella(data, "account", "erase", ANNA,
                    "--yes").err()).contains("must be wiped first");
            assertThat(casella(data, "account", "hold", ANNA).code()).isZero();
            assertThat(casella(data, "account", "wipe", ANNA, "--yes").code()).isZero();
            Result held = casella(data, "account", "erase", ANNA, "--yes");
            assertThat(held.out() + held.err()).contains("is held");
            assertThat(casella(data, "account", "release", ANNA).code()).isZero();
            lookedAtTwice(data);
            Result ordered = casella(data, "account", "erase", ANNA, "--yes");
            assertThat(ordered.code()).as(ordered.out() + ordered.err()).isEqualTo(1);
            Path early = folder.resolve("early.json");
            Files.writeString(early, ordered.out());
            Result soon = casella(data, "proof", "check", early.toString());
            assertThat(soon.out() + soon.err()).contains("not confirmed yet", "The erasure is not complete");
            assertThat(soon.code()).isEqualTo(1);

            Path signed = folder.resolve("certificate.json");
            Result complete = casella(data, "account", "erase", ANNA, "--yes", "--to", signed.toString());

            assertThat(complete.code()).as(complete.out() + complete.err()).isZero();
            assertThat(complete.out())
                    .contains("vault.pack: has nothing left", "vault.rocksdb: has nothing left", "queue: has",
                            "tail: has", "engine: has", "set-aside: has nothing left", "\ncomplete 20");
            assertThat(casella(data, "queue", "outgoing").out()).startsWith("0 recipients");
            Result checked = casella(data, "proof", "check", signed.toString());
            assertThat(checked.code()).as(checked.out() + checked.err()).isZero();
            assertThat(checked.out()).contains("signed by ", complete.out().strip());
            changedIsNone(data, signed);
            assertThat(server.stop()).isZero();
        }
        Result after = casella(data, "verify", "--all");
        assertThat(after.code()).as(after.out() + after.err()).isZero();
        assertThat(casella(data, "account", "erase", ANNA, "--yes").out()).isEqualTo(casella(data, "account",
                "erase", ANNA, "--yes").out());
        try (var server = RunningServer.start(data)) {
            assertThat(server.stop()).isZero();
        }
    }

    /// A look orders nothing: the second says the same as the first.
    private static void lookedAtTwice(Path data) {
        Result looked = casella(data, "account", "erase", ANNA, "--dry-run");
        assertThat(looked.code()).as(looked.out() + looked.err()).isZero();
        assertThat(looked.out()).containsPattern("[1-9]\\d* bytes of mail")
                .contains("would be erased from engine, tail, vault.", "nothing was done");
        assertThat(casella(data, "account", "erase", ANNA, "--dry-run").out()).isEqualTo(looked.out());
    }
}
