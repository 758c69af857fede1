package casella.pop3;

import casella.testkit.Dialogue;
import casella.testkit.Trouble;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Proves, command by command over a real socket, what a POP3 client is answered: good, bad and refused.
class DialoguesTest {
    private static final Path TESTS = Path.of(System.getProperty("casella.root", "../..")).resolve("protocols/pop3/src/test");

    @TestFactory
    Stream<DynamicTest> dialogues() throws Exception {
        return Dialogue.all(TESTS.resolve("dialogues"), new Server());
    }

    /// Understands `with: 3 messages`, `with: a message of dots`, `with: no plain passwords`, `with: small limits`,
    /// `with: vaults away` and `with: engine away`.
    private static final class Server implements Dialogue.Stage {
        private @Nullable Pop3Server server;

        @Override
        public int prepare(Dialogue.Header header) throws Exception {
            var config = Pop3Config.DEFAULT.withPlainLoginOnLoopback(!header.with().contains("no plain passwords"));
            if (header.with().contains("small limits")) {
                config = new Pop3Config(config.idleTimeout(), config.loginTimeout(), 1, 3, true);
            }
            var started = new Pop3Server(config);
            server = started;
            for (String with : header.with()) prepare(started, with);
            return started.port();
        }

        private static void prepare(Pop3Server server, String with) {
            switch (with) {
                case "no plain passwords", "small limits" -> {}
                case "a message of dots" ->
                        server.deliver("INBOX", "Subject: dots\r\n\r\n.\r\n..two\r\nnot.\r\n\n.bare\r\nno end".getBytes(StandardCharsets.US_ASCII));
                case "vaults away" -> {
                    server.store.firstVault().reads(Trouble.unavailable());
                    server.store.secondVault().reads(Trouble.unavailable());
                }
                case "engine away" -> server.store.engine().reads(Trouble.unavailable());
                default -> {
                    int count = Integer.parseInt(with.substring(0, with.indexOf(' ')));
                    for (int i = 1; i <= count; i++) {
                        String text = "Subject: message " + i + "\r\n\r\nText " + i + "\r\nsecond\r\nthird\r\n";
                        server.deliver("INBOX", text.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            }
        }

        @Override
        public void finished() {
            Pop3Server started = server;
            if (started != null) started.close();
            server = null;
        }
    }
}
