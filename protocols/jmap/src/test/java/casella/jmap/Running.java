package casella.jmap;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Given;
import casella.base.Metrics;
import casella.base.Notices;
import casella.delivery.Delivery;
import casella.delivery.SendingAllowance;
import casella.directory.Authenticator;
import casella.engine.memory.MemoryEngine;
import casella.queue.LocalQueue;
import casella.queue.QueueLimits;
import casella.store.Account;
import casella.store.Service;
import casella.store.continuation.Continuations;
import casella.testkit.SimulatedDisk;
import casella.testkit.TestStore;
import casella.testkit.Trouble;
import casella.testkit.WaitingMail;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A server on a port of its own, with a directory in memory, and a client that talks to it.
final class Running implements AutoCloseable {
    static final Instant AWAY_SINCE = Instant.parse("2026-11-22T10:30:00Z");

    static final MailSettings PROGRAMS = new MailSettings(ZoneId.of("Europe/Rome"), "mx.posta.example",
            List.of(new MailSettings.Door("IMAP", 993, "TLS"), new MailSettings.Door("SMTP", 465, "TLS")));

    final SmallDirectory directory = new SmallDirectory();
    final TestStore store = TestStore.over(new MemoryEngine());
    final DiskUploads uploads;
    final JmapServer server;
    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 64);
    private final WaitingMail waiting = new WaitingMail();
    private final Continuations continuations = Continuations.open(
            new SimulatedDisk(1), Path.of("/continuation"), waiting, waiting, cpu, Clock.system(),
                    Metrics.none());
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    final String base;
    private final Optional<LocalQueue> queue;

    /// What the operators say; a test sets it.
    static final class Saying implements Notices {
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        private volatile Optional<Notice> now = Optional.empty();

        void say(@Nullable Notice notice) {
            now = Optional.ofNullable(notice);
            listeners.forEach(Runnable::run);
        }

        @Override
        public Optional<Notice> of(Listener listener) {
            return now;
        }

        @Override
        public void onChange(Runnable then) {
            listeners.add(then);
        }
    }

    final Saying notices = new Saying();
    /// Which programs owners used: account, door, name.
    final Set<String> used = ConcurrentHashMap.newKeySet();
    final Map<AccountId, List<Given.Credit>> given = new ConcurrentHashMap<>();
    final OwnPages own = new OwnPages();
    final HelpsMade help = new HelpsMade();
    volatile PublicPages status = PublicPages.NONE;
    final SetupAsked setup = new SetupAsked();
    final FormFilledIn complaints = new FormFilledIn();
    final FormFilledIn news = new FormFilledIn();
    final OneSecondAddress second = new OneSecondAddress();

    /// Has a continuation serve an account, and a mail wait for it.
    ArrivalId continued(Account account, byte[] mail) {
        waiting.name(account, "Received during the fault");
        store.accounts().continueWith(continuations);
        continuations.begin(account.id());
        ArrivalId arrival = store.accounts().nextArrival();
        waiting.keep(account.id(), arrival, Instant.parse("2026-11-22T10:00:00Z"), mail);
        return arrival;
    }

    /// Has no content be readable, and the account's owner be told so, until [#contentsBack].
    void contentsAway(Account account) {
        store.firstVault().all(Trouble.unavailable());
        store.secondVault().all(Trouble.unavailable());
        store.accounts().service(
                id -> id.equals(account.id()) ? new Service(Service.State.CONTENTS_AWAY, AWAY_SINCE)
                        : Service.ALWAYS);
    }

    void contentsBack() {
        store.firstVault().heal();
        store.secondVault().heal();
        store.accounts().service(_ -> Service.ALWAYS);
    }

    /// Has nothing that waits be read from now on.
    void queueAway(AccountId account) {
        waiting.away(true);
        continuations.came(account);
    }

    /// Ends all continuations: accounts are served as always.
    void over() {
        store.accounts().continueWith(_ -> null);
    }

    /// Public keys by selector and domain.
    final Map<String, PublicKey> brandKeys = new ConcurrentHashMap<>();

    Running(Path folder) {
        this(folder, config -> config);
    }

    Running(Path folder, UnaryOperator<JmapConfig> change) {
        this(folder, change, null);
    }

    /// @param authenticator null for the small directory's
    Running(Path folder, UnaryOperator<JmapConfig> change, @Nullable Authenticator authenticator) {
        this(folder, change, authenticator, null);
    }

    /// @param elsewhere how much may be sent to other servers; null where nothing is
    Running(Path folder, UnaryOperator<JmapConfig> change, @Nullable Authenticator authenticator,
            SendingAllowance.@Nullable Limits elsewhere) {
        queue = elsewhere == null ? Optional.empty()
                : Optional.of(LocalQueue.open(
                        folder.resolve("queue"), QueueLimits.DEFAULT, Clock.system(), Metrics.none()));
        SendingAllowance.Limits sending = elsewhere == null ? SendingAllowance.Limits.NONE : elsewhere;
        JmapConfig d = JmapConfig.defaults(folder.resolve("uploads"));
        JmapConfig config = change.apply(new JmapConfig(
                "127.0.0.1",
                0,
                null,
                null,
                d.uploads(),
                true,
                d.requestBytesMax(),
                d.callsMax(),
                d.requestsMax(),
                d.objectsInGetMax(),
                d.objectsInSetMax(),
                d.uploadBytesMax(),
                d.concurrentUploadsMax(),
                d.uploadSpoolBytesMax(),
                d.uploadExpiry(),
                d.mailBytesMax(),
                Duration.ofSeconds(10),
                d.sessionIdle(),
                d.sessionLife(),
                d.sessionsMax(),
                d.sessionsPerAccountMax(),
                d.streamsPerAccountMax(),
                d.connectionsMax()));
        var delivery = new Delivery(directory, store.accounts(), queue, cpu, Clock.system(), Metrics.none());
        uploads = new DiskUploads(
                config.uploads(), config.uploadSpoolBytesMax(), config.uploadExpiry(), Clock.system());
        server = JmapServer.start(new JmapServer.Parts(
                config,
                directory,
                authenticator == null ? directory : authenticator,
                store.accounts(),
                delivery,
                new SendingAllowance(_ -> sending, Clock.system(), Metrics.none()),
                uploads,
                cpu,
                Clock.system(),
                Metrics.none(),
                "mx.posta.example",
                (domain, selector) -> brandKeys.get(selector + "." + domain),
                notices,
                (account, door, app) -> used.add(account + " " + door + " " + app),
                account -> given.getOrDefault(account, List.of()),
                own,
                help,
                second,
                (host, path) -> status.page(host, path),
                complaints,
                news,
                PROGRAMS, setup,
                null));
        base = "http://127.0.0.1:" + server.port();
    }

    /// Makes an account with an address, its mailboxes and nothing in them.
    Account account(String address) {
        return store.accounts().create(directory.add(address).id(), TestStore.MAILBOXES);
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
    }

    HttpRequest.Builder as(String address, String path) {
        String both = address + ":" + SmallDirectory.PASSWORD;
        String basic = "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
        return to(path).header("Authorization", basic);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Posts a request body to the API and returns the answer's body.
    JsonNode api(String address, String body) {
        HttpResponse<String> response = send(
                as(address, "/jmap/api").header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (Json.NotJson e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        server.close();
        uploads.close();
        queue.ifPresent(LocalQueue::close);
        store.close();
        cpu.close();
        client.close();
    }
}
