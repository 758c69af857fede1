package casella.smtp;

import casella.base.AccountId;
import casella.base.Admission;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.base.Notices.Notice;
import casella.delivery.Delivery;
import casella.delivery.Envelope;
import casella.delivery.SendingAllowance;
import casella.delivery.Srs;
import casella.directory.Answer;
import casella.directory.Brand;
import casella.directory.DirectorySettings;
import casella.directory.Password;
import casella.directory.Plan;
import casella.directory.Registrar.NewAccount;
import casella.directory.Registrar;
import casella.directory.SqliteDirectory;
import casella.directory.sasl.Mechanisms;
import casella.directory.sasl.TokenSettings;
import casella.directory.sasl.Tokens;
import casella.engine.memory.MemoryEngine;
import casella.queue.LocalQueue;
import casella.queue.QueueLimits;
import casella.store.Account;
import casella.store.Body;
import casella.store.Email;
import casella.testkit.Dialogue;
import casella.testkit.TestCertificate;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import casella.wire.Listener;
import casella.wire.ListenerConfig;
import casella.wire.Network;
import casella.wire.Patience;
import casella.wire.TlsContext;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The three doors over a real directory and the store in memory.
///
/// There are always anna@posta.example (also info@, password `casella`), bruno@virgola.example, gone@posta.example
/// (disabled) and small@posta.example (1 MiB).
final class SmtpStage implements Dialogue.Stage {
    private final Path folder;
    private @Nullable Notice said;
    private final SqliteDirectory directory;
    private final Bulkhead cpu = new Bulkhead("test.delivery", 2, 64);
    private final List<AutoCloseable> opened = new ArrayList<>();
    /// What the doors take for the time; a test may break it.
    private Clock clock = Clock.system();
    /// What was told of mail that was not taken: `sender to recipient from remote: code reason message`.
    final List<String> notTaken = new CopyOnWriteArrayList<>();
    /// Envelopes of the messages that were handed over.
    final List<Envelope> delivered = new CopyOnWriteArrayList<>();
    /// Checks tokens at the doors opened from now on.
    Optional<Tokens> tokens = Optional.empty();
    private TestStore store = TestStore.over(new MemoryEngine());
    private SendingAllowance.Limits sending = SendingAllowance.Limits.NONE;
    private Optional<LocalQueue> elsewhere = Optional.empty();
    private Admittance admittance = Admittance.OPEN;

    SmtpStage(Path folder) {
        this.folder = folder;
        directory = SqliteDirectory.open(folder, DirectorySettings.cheap(), Metrics.none());
        Registrar registrar = directory.registrar();
        registrar.putBrand(new Brand("posta", "Posta", List.of("posta.localhost"), "#1b6ac9", List.of("it", "en")));
        registrar.putBrand(new Brand("virgola", "Virgola", List.of("virgola.localhost"), "#a02c5a", List.of("en")));
        registrar.addDomain("posta", "posta.example");
        registrar.addDomain("virgola", "virgola.example");
        registrar.putPlan(new Plan("tiny", 1 << 20, false, Plan.ServiceLevel.BASIC, 30));
        add("anna@posta.example", "free", List.of("info@posta.example", "postmaster@posta.example"));
        add("bruno@virgola.example", "free", List.of());
        add("gone@posta.example", "free", List.of());
        add("small@posta.example", "tiny", List.of());
        registrar.disable("gone@posta.example");
    }

    private void add(String address, String plan, List<String> aliases) {
        Answer<?> answer = directory.registrar()
                .add(new NewAccount(address, plan, "", null, Password.clear("casella"), aliases, null));
        if (answer instanceof Answer.Refused<?> refused) throw new IllegalStateException(refused.message());
    }

    /// Lets doors opened from now on have another clock.
    void clock(Clock other) {
        clock = other;
    }

    @Override
    public int prepare(Dialogue.Header header) throws IOException {
        SmtpConfig config = SmtpConfig.usual().withHostName("mx.posta.example").withAuthWithoutTls(false);
        Patience patience = Patience.usual();
        said = null;
        tokens = Optional.empty();
        sending = SendingAllowance.Limits.NONE;
        admittance = Admittance.OPEN;
        elsewhere = Optional.empty();
        store = TestStore.over(new MemoryEngine());
        for (String address : List.of("anna@posta.example", "bruno@virgola.example", "small@posta.example")) {
            store.accounts().create(account(address), TestStore.MAILBOXES);
        }
        long inFlight = config.inFlightBytesMax();
        for (String with : header.with()) {
            switch (with) {
                case "log-in in plain text" -> config = config.withAuthWithoutTls(true);
                case "small limits" -> config = small();
                case "an incident" -> said = new Notice(1, "major", "identified", Instant.EPOCH, "Posta lenta.",
                        "Storage is away – back at about 19:00.");
                case "the engine away" -> store.engine().all(Trouble.unavailable());
                case "the vaults away" -> vaults(Trouble.unavailable());
                case "full disks" -> vaults(Trouble.full());
                case "nobody let in" -> directory.admission(new NobodyIn());
                case "no quota left" -> store.quota(10);
                case "tokens" -> tokens = Optional.of(tokens());
                case "a trusted peer" -> config = config.withTrustedPeers(
                        List.of(Network.parse("127.0.0.0/8").orElseThrow()));
                case "few to be sent elsewhere" -> {
                    sending = new SendingAllowance.Limits(2, 3, 100);
                    elsewhere = Optional.of(queue());
                }
                case "a wary house" -> admittance = _ -> new Wary();
                case "no memory left" -> inFlight = 10;
                default -> throw new IllegalArgumentException("unknown: with: " + with);
            }
        }
        for (String need : header.needs()) throw new IllegalArgumentException("unknown: needs: " + need);
        return open(header.on(), config, patience, new Room(inFlight));
    }

    /// Takes mail for other servers.
    private LocalQueue queue() {
        var queue = LocalQueue.open(folder.resolve("queue"), QueueLimits.DEFAULT, Clock.system(), Metrics.none());
        opened.add(queue);
        return queue;
    }

    private void vaults(Trouble trouble) {
        store.firstVault().all(trouble);
        store.secondVault().all(trouble);
    }

    /// Takes no mail of Eve, none for Bruno but the first, and loses patience with the third name that nobody has.
    private static final class Wary implements Admittance.Visit {
        private boolean bruno;
        private int unknown;

        @Override
        public Admittance.Answer come() {
            return new Admittance.Answer.Fine();
        }

        @Override
        public Admittance.Answer mail(String sender) {
            return sender.startsWith("eve@") ? new Admittance.Answer.No(450, "4.7.1", "Too many messages")
                    : new Admittance.Answer.Fine();
        }

        @Override
        public Admittance.Answer recipient(String sender, String recipient) {
            if (!recipient.startsWith("bruno@")) return new Admittance.Answer.Fine();
            boolean first = !bruno;
            bruno = true;
            return first ? new Admittance.Answer.Fine()
                    : new Admittance.Answer.No(554, "5.7.1", "Your address is on the list x for " + sender);
        }

        @Override
        public Admittance.Answer unknown() {
            return ++unknown < 3 ? new Admittance.Answer.Fine()
                    : new Admittance.Answer.Bye("4.7.0", "Too many recipients that nobody has");
        }
    }

    /// Everybody has the same place in the line.
    private record NobodyIn() implements Admission {
        @Override
        public Admission.Answer ask(AccountId account, Admission.Door door) {
            return new Admission.Answer.NotYet(41_250, Duration.ofSeconds(700), Duration.ofSeconds(90));
        }

        @Override
        public boolean holds(AccountId account) {
            return true;
        }
    }

    /// Takes tokens of an issuer, of which there are none.
    private Tokens tokens() throws IOException {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, """
                {"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""");
        var made = new Tokens(
                new TokenSettings(
                        "https://login.posta.example", "mail", file, "email", "mail",
                        "https://login.posta.example/.well-known/openid-configuration"),
                Clock.system());
        opened.add(made);
        return made;
    }

    private static SmtpConfig small() {
        return new SmtpConfig(
                "mx.posta.example", 65_536, 100, 1036, 5, 20, Duration.ofMinutes(1), Duration.ofMinutes(10), 8 << 20,
                false, List.of());
    }

    /// Opens a door and returns its port.
    int open(String on, SmtpConfig config, Patience patience, Room room) throws IOException {
        var tls = new TlsContext(TestCertificate.context());
        Door door = switch (on) {
            case "", "mx" -> Door.MX;
            case "submission", "submissions" -> Door.SUBMISSION;
            case "lmtp" -> Door.LMTP;
            default -> throw new IllegalArgumentException("unknown: on: " + on);
        };
        ListenerConfig listening = ListenerConfig.plain("test", InetAddress.getLoopbackAddress(), 0)
                .withPatience(patience)
                .withCloseTime(Duration.ofMillis(500));
        if (on.equals("submissions")) listening = listening.withTls(tls);
        var delivery = new Delivery(
                directory, store.accounts(), elsewhere, cpu, Clock.system(), Metrics.none())
                .forwards(new Srs(new byte[32], Clock.system()))
                .tells((envelope, _, _) -> delivered.add(envelope));
        var mechanisms = new Mechanisms(directory.authenticator(), true, tokens);
        var service = new SmtpService(
                door, config, tls, delivery, directory, mechanisms, room, clock, Metrics.none(),
                _ -> Optional.ofNullable(said),
                (sender, recipient, remote, code, reason, message) -> notTaken.add(
                        "%s to %s from %s: %d %s %s".formatted(sender, recipient, remote, code, reason, message)),
                new SendingAllowance(_ -> sending, clock, Metrics.none()), admittance);
        Listener listener = Listener.open(listening, service, Metrics.none());
        opened.add(listener);
        return listener.port();
    }

    private AccountId account(String address) {
        return directory.registrar().find(address).orElseThrow().id();
    }

    void changePassword(String address, String password) {
        Answer<?> answer = directory.registrar().setPassword(address, Password.clear(password));
        if (!(answer instanceof Answer.Done<?>)) throw new AssertionError(answer);
    }

    /// Returns the mails an account has, oldest first.
    List<byte[]> mails(String address) {
        Account account = store.accounts().open(account(address));
        List<Email> emails = account.read(view -> {
            var found = new ArrayList<Email>();
            for (var id : view.emails(null, 1000)) {
                Email email = view.email(id);
                if (email != null) found.add(email);
            }
            return found;
        });
        var mails = new ArrayList<byte[]>();
        for (Email email : emails) {
            if (!(account.body(email) instanceof Body.Present(var bytes))) throw new AssertionError("no body");
            mails.add(bytes);
        }
        return mails;
    }

    /// Stops the doors; the store stays.
    void closeDoors() throws Exception {
        for (AutoCloseable listener : opened) listener.close();
        opened.clear();
    }

    @Override
    public void finished() throws Exception {
        closeDoors();
        directory.admission(Admission.OPEN);
        store.close();
    }

    /// Ends it all, the directory too.
    void end() throws Exception {
        finished();
        directory.close();
        cpu.close();
    }
}
