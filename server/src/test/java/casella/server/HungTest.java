package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.config.Config;
import casella.server.control.DataFolder;
import casella.store.engine.Engine;
import casella.store.vault.Vault;
import casella.testkit.FaultyEngine;
import casella.testkit.FaultyVault;
import casella.testkit.Trouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves promise 2 against parts that hang: with every call into a vault, or into the engine, hanging, log-in, idle
/// sessions and other sessions go on, and each client gets a reply in time.
final class HungTest {
    private static final Duration REPLY = Duration.ofSeconds(15);
    private static final String ANNA = "anna@posta.example";

    private final List<FaultyVault> vaults = new ArrayList<>();
    private final List<FaultyEngine> engines = new ArrayList<>();

    private Launch.Running start(Path folder) throws Exception {
        String yaml =
                """
                data:
                  folder: %s
                listen: {smtp: 0, submission: 0, submission-tls: 0, lmtp: 0, imap: 0, imap-tls: 0, pop3: 0, pop3-tls: 0, http: 0, operations: 0}
                store:
                  read-timeout: 1s
                  write-timeout: 1s
                """
                        .formatted(folder);
        var loaded = (Config.Loaded.Good) Config.text(yaml, new Config.Overrides(null, 0));
        var around = new Storage.Around(this::engine, this::vault);
        var held = (DataFolder.Taken.Held) DataFolder.take(loaded.config().data());
        return new Server(around).start(loaded.config(), held.folder(), true);
    }

    private Engine engine(Engine real) {
        var faulty = new FaultyEngine(real);
        engines.add(faulty);
        return faulty;
    }

    private Vault vault(Vault real) {
        var faulty = new FaultyVault(real);
        vaults.add(faulty);
        return faulty;
    }

    private static int port(Launch.Running server, String name) {
        for (String word : server.announcement().getFirst().split(" ")) {
            if (word.startsWith(name + "=")) return Integer.parseInt(word.substring(name.length() + 1));
        }
        throw new IllegalStateException("no port " + name);
    }

    /// A session of a line protocol that must be answered in time.
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) REPLY.toMillis());
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        String ask(String line) throws IOException {
            send(line);
            String tag = line.split(" ")[0];
            while (true) {
                String answer = in.readLine();
                if (answer.startsWith(tag + " ") || answer.startsWith("+")) return answer;
            }
        }

        void send(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        String smtp() throws IOException {
            String line = in.readLine();
            while (line.charAt(3) == '-') line = in.readLine();
            return line;
        }

        String untilStarts(String start) throws IOException {
            String line = in.readLine();
            while (!line.startsWith(start)) line = in.readLine();
            return line;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String deliver(int port) throws IOException {
        try (var client = new Client(port)) {
            client.smtp();
            client.send("LHLO test.example");
            client.smtp();
            client.send("MAIL FROM:<x@test.example>");
            client.smtp();
            client.send("RCPT TO:<" + ANNA + ">");
            String rcpt = client.smtp();
            if (!rcpt.startsWith("250")) return rcpt;
            client.send("DATA");
            client.smtp();
            client.send("Subject: ciao\r\n\r\ntesto\r\n.");
            return client.smtp();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aHungVaultCostsNobodyAnything(int which, @TempDir Path folder) throws Exception {
        try (var server = start(folder)) {
            FaultyVault vault = vaults.get(which);
            try (var idle = new Client(port(server, "imap"))) {
                assertThat(idle.ask("a LOGIN " + ANNA + " casella")).startsWith("a OK");
                assertThat(idle.ask("b SELECT INBOX")).startsWith("b OK");
                assertThat(idle.ask("c IDLE")).startsWith("+");
                vault.all(Trouble.hung());
                assertThat(deliver(port(server, "lmtp"))).startsWith("250");
                assertThat(idle.untilStarts("* ")).contains("EXISTS");
                try (var other = new Client(port(server, "imap"))) {
                    assertThat(other.ask("a LOGIN " + ANNA + " casella")).startsWith("a OK");
                    assertThat(other.ask("b SELECT INBOX")).startsWith("b OK");
                    assertThat(other.ask("c FETCH 1:* BODY.PEEK[]")).startsWith("c OK");
                }
            } finally {
                vault.heal();
            }
        }
    }

    @Test
    void aHungEngineHoldsNoSessionsThatDoNotAskIt(@TempDir Path folder) throws Exception {
        try (var server = start(folder)) {
            try (var idle = new Client(port(server, "imap"))) {
                assertThat(idle.ask("a LOGIN " + ANNA + " casella")).startsWith("a OK");
                assertThat(idle.ask("b SELECT INBOX")).startsWith("b OK");
                assertThat(idle.ask("c IDLE")).startsWith("+");
                engines.getFirst().all(Trouble.hung());
                assertThat(deliver(port(server, "lmtp"))).startsWith("451");
                try (var other = new Client(port(server, "imap"))) {
                    assertThat(other.ask("a LOGIN " + ANNA + " casella")).startsWith("a OK");
                    assertThat(other.ask("b SELECT INBOX")).startsWith("b NO [UNAVAILABLE]");
                    assertThat(other.ask("c NOOP")).startsWith("c OK");
                }
                engines.getFirst().heal();
                assertThat(deliver(port(server, "lmtp"))).startsWith("250");
                assertThat(idle.untilStarts("* ")).contains("EXISTS");
                idle.send("DONE");
                assertThat(idle.untilStarts("c ")).startsWith("c OK");
            } finally {
                engines.getFirst().heal();
            }
        }
    }
}
