package casella.imap;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.base.Notices.Notice;
import casella.directory.Authenticator;
import casella.directory.ScramExchange;
import casella.directory.ScramKeys;
import casella.engine.memory.MemoryEngine;
import casella.message.Summary;
import casella.store.Account;
import casella.store.Keywords;
import casella.store.Mailbox;
import casella.store.NewEmail;
import casella.store.Service;
import casella.testkit.TestCertificate;
import casella.store.continuation.Continuations;
import casella.testkit.SimulatedDisk;
import casella.testkit.Trouble;
import casella.testkit.WaitingMail;
import casella.testkit.TestStore;
import casella.wire.Listener;
import casella.wire.ListenerConfig;
import casella.wire.TlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A server on a free port over a store in memory, with one account: `anna@posta.example`, password `casella`.
final class ImapServer implements AutoCloseable {
    static final Instant RECEIVED = Instant.parse("2026-02-01T12:00:00Z");

    final TestStore store = TestStore.over(new MemoryEngine());
    final Account anna = store.account();
    private final Bulkhead cpu = new Bulkhead("imap-test.cpu", 2, 64);
    private final WaitingMail waiting = new WaitingMail();
    private final Continuations continuations = Continuations.open(
            new SimulatedDisk(1), Path.of("/continuation"), waiting, waiting, cpu, Clock.system(),
                    Metrics.none());
    private final Listener listener;
    private volatile @Nullable Notice said;
    private volatile String concerned = "";
    /// Which programs owners used: account, door, name.
    final Set<String> used = ConcurrentHashMap.newKeySet();

    ImapServer(ImapConfig config) throws IOException {
        this(config, "it");
    }

    /// @param language anna's
    ImapServer(ImapConfig config, String language) throws IOException {
        var imap = new Imap(
                config,
                new OnePassword(anna.id(), language),
                store.accounts(),
                new TlsContext(TestCertificate.context()),
                cpu,
                Metrics.none(),
                Clock.system())
                .notices(listener -> Optional.ofNullable(said).filter(_ -> listener.app()
                        .contains(concerned)))
                .apps((account, door, app) -> used.add(account + " " + door + " " + app));
        listener = Listener.open(
                ListenerConfig.plain("imap", InetAddress.getLoopbackAddress(), 0), imap, Metrics.none());
    }

    /// Has the operators say something, or nothing any more.
    void says(@Nullable Notice notice) {
        saysTo("", notice);
    }

    /// Has them say it to those who use a program of that name.
    void saysTo(String app, @Nullable Notice notice) {
        concerned = app;
        said = notice;
    }

    static ImapServer start() throws IOException {
        return new ImapServer(ImapConfig.DEFAULT.withPlainLoginOnLoopback(true));
    }

    /// Takes engine and vaults away, and has a continuation serve anna.
    void everythingAway() {
        waiting.name(anna, "Ricevuti durante il guasto");
        store.engine().all(Trouble.unavailable());
        store.firstVault().all(Trouble.unavailable());
        store.secondVault().all(Trouble.unavailable());
        store.accounts().continueWith(continuations);
        continuations.begin(anna.id());
        store.accounts().look(anna.id());
    }

    /// Has the account served as always, after [#everythingAway].
    void everythingBack() {
        store.engine().all(Trouble.none());
        store.firstVault().all(Trouble.none());
        store.secondVault().all(Trouble.none());
        store.accounts().continueWith(_ -> null);
        store.accounts().service(_ -> Service.ALWAYS);
        store.accounts().look(anna.id());
    }

    /// Has the standby serve the account: everything works.
    void onStandby() {
        store.accounts().service(_ -> new Service(Service.State.STANDBY, RECEIVED));
        store.accounts().look(anna.id());
    }

    /// Has no content be readable, while the engine is well; until [#everythingBack].
    void contentsAway() {
        store.firstVault().reads(Trouble.unavailable());
        store.secondVault().reads(Trouble.unavailable());
        store.accounts().service(_ -> new Service(Service.State.CONTENTS_AWAY, RECEIVED));
        store.accounts().look(anna.id());
    }

    /// Has a message wait for anna, received at [#RECEIVED].
    void waits(byte[] content) {
        waiting.keep(anna.id(), store.accounts().nextArrival(), RECEIVED, content);
        if (continuations.came(anna.id())) store.accounts().look(anna.id());
    }

    int port() {
        return listener.port();
    }

    /// Puts a message into a mailbox of anna's, received at [#RECEIVED].
    void deliver(String mailbox, byte[] content, String... keywords) {
        Mailbox target = anna.read(view -> view.mailbox(mailbox));
        if (target == null) throw new IllegalArgumentException("no mailbox " + mailbox);
        var email = new NewEmail(
                content, Summary.of(content), RECEIVED, "", "", List.of(target.id()), Keywords.of(keywords));
        anna.add(email);
    }

    @Override
    public void close() {
        listener.close();
        continuations.close();
        store.close();
        cpu.close();
    }

    /// One account and its password.
    private record OnePassword(AccountId id, String language) implements Authenticator {
        @Override
        public Verdict verify(String login, byte[] password, Origin origin) {
            String text = new String(password, StandardCharsets.UTF_8);
            if (login.equals("disabled@posta.example")) return new Verdict.AccountDisabled();
            if (login.equals("late@posta.example")) {
                return new Verdict.TryLater(java.time.Duration.ofSeconds(5), "Too many failures",
                        Verdict.Cause.FAILURES);
            }
            if (login.equals("notyet@posta.example")) {
                return new Verdict.NotYet(41_250, java.time.Duration.ofSeconds(700),
                        java.time.Duration.ofSeconds(90));
            }
            if (login.equals("later@posta.example")) {
                return new Verdict.TryLater(java.time.Duration.ofSeconds(5), "Not now", Verdict.Cause.AWAY);
            }
            if (!login.equals("anna@posta.example") || !text.equals("casella")) return new Verdict.Denied();
            return new Verdict.Granted(new casella.directory.Account(
                    id, login, "posta", "free", "Anna", casella.directory.Account.State.ACTIVE, RECEIVED,
                            null, language));
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
