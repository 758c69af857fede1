package casella.pop3;

import casella.base.AccountId;
import casella.base.Metrics;
import casella.directory.Authenticator;
import casella.directory.ScramExchange;
import casella.directory.ScramKeys;
import casella.engine.memory.MemoryEngine;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.testkit.TestCertificate;
import casella.testkit.TestStore;
import casella.wire.Listener;
import casella.wire.ListenerConfig;
import casella.wire.TlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A server on a free port over a store in memory, with one account: `anna@posta.example`, password `casella`.
final class Pop3Server implements AutoCloseable {
    private static final Instant RECEIVED = Instant.parse("2026-02-01T12:00:00Z");

    final TestStore store = TestStore.over(new MemoryEngine());
    final Account anna = store.account();
    private final Listener listener;

    Pop3Server(Pop3Config config) throws IOException {
        var pop3 = new Pop3(
                config,
                new OnePassword(anna.id()),
                store.accounts(),
                new TlsContext(TestCertificate.context()),
                Metrics.none());
        listener = Listener.open(
                ListenerConfig.plain("pop3", InetAddress.getLoopbackAddress(), 0), pop3, Metrics.none());
    }

    static Pop3Server start() throws IOException {
        return new Pop3Server(Pop3Config.DEFAULT.withPlainLoginOnLoopback(true));
    }

    int port() {
        return listener.port();
    }

    Mailbox mailbox(String name) {
        Mailbox mailbox = anna.read(view -> view.mailbox(name));
        if (mailbox == null) throw new IllegalArgumentException("no mailbox " + name);
        return mailbox;
    }

    void deliver(String mailbox, byte[] content) {
        var target = List.of(mailbox(mailbox).id());
        anna.add(new NewEmail(content, Summary.of(content), RECEIVED, "", "", target, Keywords.NONE));
    }

    @Override
    public void close() {
        listener.close();
        store.close();
    }

    /// One account and its password.
    private record OnePassword(AccountId id) implements Authenticator {
        @Override
        public Verdict verify(String login, byte[] password, Origin origin) {
            String text = new String(password, StandardCharsets.UTF_8);
            if (login.equals("disabled@posta.example")) return new Verdict.AccountDisabled();
            if (login.equals("late@posta.example")) {
                return new Verdict.TryLater(Duration.ofSeconds(5), "Too many failures", Verdict.Cause.FAILURES);
            }
            if (login.equals("notyet@posta.example")) {
                return new Verdict.NotYet(41_250, Duration.ofSeconds(700), Duration.ofSeconds(90));
            }
            if (!login.equals("anna@posta.example") || !text.equals("casella")) return new Verdict.Denied();
            return new Verdict.Granted(new casella.directory.Account(
                    id, login, "posta", "free", "Anna", casella.directory.Account.State.ACTIVE, RECEIVED, null, "it"));
        }

        @Override
        public ScramKeys scramKeys(String login) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Verdict vouched(Optional<String> login, Origin origin) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScramExchange scram(Origin origin) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Verdict.TryLater> refuses(Origin origin) {
            return Optional.empty();
        }
    }
}
