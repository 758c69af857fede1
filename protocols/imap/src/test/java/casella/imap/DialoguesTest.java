package casella.imap;

import casella.base.Notices.Notice;
import casella.testkit.Dialogue;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Proves, command by command and byte by byte over a real socket, what a client is answered: good, bad and refused.
class DialoguesTest {
    private static final Path TESTS = Path.of(System.getProperty("casella.root",
            "../..")).resolve("protocols/imap/src/test");

    @TestFactory
    Stream<DynamicTest> dialogues() throws Exception {
        return Dialogue.all(TESTS.resolve("dialogues"), new Server());
    }

    /// Understands `with: plain.eml in INBOX`, `with: 3 messages in INBOX`, `with: no plain passwords`, `with: small limits`,
    /// `with: engine away`, `with: nothing can be written`, `with: vaults away` and, for an account that is continued,
    /// `with: everything away` and after it `with: plain.eml waits`, and `with: an English owner`. Anything of these that is
    /// trouble may also happen later, and `everything back` and `on standby`.
    private static final class Server implements Dialogue.Stage {
        private @Nullable ImapServer server;

        @Override
        public int prepare(Dialogue.Header header) throws Exception {
            ImapConfig config =
                    ImapConfig.DEFAULT.withPlainLoginOnLoopback(!header.with()
                            .contains("no plain passwords"));
            if (header.with().contains("small limits")) {
                config = new ImapConfig(
                        config.idleTimeout(), config.loginTimeout(), 8_192, 4_096, 65_536, 2, 4, true);
            }
            var started = new ImapServer(config, header.with().contains("an English owner") ? "en-GB" : "it");
            server = started;
            for (String with : header.with()) {
                if (with.endsWith(" waits")) {
                    String name = with.substring(0, with.indexOf(' '));
                    started.waits(Files.readAllBytes(TESTS.resolve("messages").resolve(name)));
                } else if (with.contains(" in ")) deliver(started, with);
                else trouble(started, with);
            }
            return started.port();
        }

        private static void trouble(ImapServer server, String with) {
            switch (with) {
                case "no plain passwords", "small limits", "an English owner" -> {}
                case "vaults away" -> {
                    server.store.firstVault().reads(Trouble.unavailable());
                    server.store.secondVault().reads(Trouble.unavailable());
                }
                case "everything away" -> server.everythingAway();
                case "an incident is opened" -> server.says(new Notice(1, "major", "investigating",
                        Instant.EPOCH,
                        "La posta è lenta – perché? Non c’è più fretta…", "Mail is slow"));
                case "an incident of Thunderbird is opened" -> server.saysTo("Thunderbird",
                        new Notice(2, "minor", "identified", Instant.EPOCH, "Thunderbird è lento.", "Slow"));
                case "the incident is over" -> server.says(null);
                case "contents away" -> server.contentsAway();
                case "everything back" -> server.everythingBack();
                case "on standby" -> server.onStandby();
                case "engine away" -> server.store.engine().all(Trouble.unavailable());
                case "nothing can be written" -> server.store.engine().writes(Trouble.unavailable());
                default -> throw new IllegalArgumentException("unknown: " + with);
            }
        }

        private static void deliver(ImapServer server, String with) throws Exception {
            String[] what = with.split(" in ", 2);
            if (what[0].endsWith(".eml")) {
                server.deliver(what[1], Files.readAllBytes(TESTS.resolve("messages").resolve(what[0])));
                return;
            }
            int count = Integer.parseInt(what[0].substring(0, what[0].indexOf(' ')));
            for (int i = 1; i <= count; i++) {
                String text = "Subject: message " + i + "\r\n\r\nText " + i + "\r\n";
                server.deliver(what[1], text.getBytes(StandardCharsets.US_ASCII));
            }
        }

        @Override
        public void happen(String what) {
            trouble(Objects.requireNonNull(server), what);
        }

        @Override
        public void finished() {
            ImapServer started = server;
            if (started != null) started.close();
            server = null;
        }
    }
}
