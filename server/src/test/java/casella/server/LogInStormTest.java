package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.engine.rocksdb.RocksEngine;
import casella.engine.rocksdb.RocksEngineConfig;
import casella.server.config.Config;
import casella.server.control.ControlClient;
import casella.server.control.DataFolder;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.store.disk.Disk;
import casella.store.engine.Engine;
import casella.store.vault.Vault;
import casella.testkit.FaultyEngine;
import casella.testkit.FaultyVault;
import casella.testkit.Trouble;
import casella.vault.pack.PackConfig;
import casella.vault.pack.PackVault;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Proves over a whole server that a storm of log-ins on a slow store and a slow vault never has an account served by
/// something else, that owners go on coming in meanwhile, and that the server recovers from it without falling back.
final class LogInStormTest {
    private static final int OWNERS = 32;
    private static final Duration SLOW = Duration.ofMillis(200);
    private static final Duration WINDOW = Duration.ofMillis(500);
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private @Nullable FaultyEngine engine;
    private @Nullable FaultyVault pack;

    private Launch.Running start(Path folder) throws Exception {
        String yaml =
                """
                data:
                  folder: %s
                listen:
                  {smtp: 0, submission: 0, submission-tls: 0, lmtp: 0, imap: 0, imap-tls: 0, pop3: 0,
                   pop3-tls: 0, http: 0, operations: 0}
                store:
                  return-after: 5s
                """
                        .formatted(folder);
        var loaded = (Config.Loaded.Good) Config.text(yaml, new Config.Overrides(null, 0));
        var held = (DataFolder.Taken.Held) DataFolder.take(loaded.config().data());
        Launch.Running server = new Server(new Technologies() {
            @Override
            public Engine engine(Path at) {
                engine = new FaultyEngine(RocksEngine.open(at, RocksEngineConfig.standard()));
                return engine;
            }

            @Override
            public Vault pack(Path at) {
                pack = new FaultyVault(PackVault.open("pack", at, Disk.real(), PackConfig.standard()));
                return pack;
            }
        }).start(loaded.config(), held.folder(), true);
        var client = ControlClient.to(DataFolder.socket(loaded.config().data())).orElseThrow();
        var csv = new StringBuilder("address,password\n");
        for (int i = 0; i < OWNERS; i++) csv.append(owner(i)).append(",casella\n");
        assertThat(client.perform(new Order.AccountImport(), new StringReader(csv.toString()), new Quiet()))
                .isInstanceOf(Outcome.Done.class);
        return server;
    }

    private static final class Quiet implements Operations.Output {
        @Override
        public void row(ObjectNode row) {}

        @Override
        public void progress(long count) {}
    }

    private static String owner(int number) {
        return "storm" + number + "@posta.example";
    }

    private static int port(Launch.Running server, String name) {
        for (String word : server.announcement().getFirst().split(" ")) {
            if (word.startsWith(name + "=")) return Integer.parseInt(word.substring(name.length() + 1));
        }
        throw new IllegalStateException("no port " + name);
    }

    /// What clients did, by how it ended.
    private static final class Count {
        final ConcurrentHashMap<String, AtomicInteger> ended = new ConcurrentHashMap<>();
        volatile boolean over;

        void one(String how) {
            ended.computeIfAbsent(how, _ -> new AtomicInteger()).incrementAndGet();
        }

        int of(String how) {
            return ended.getOrDefault(how, new AtomicInteger()).get();
        }
    }

    /// Logs in and looks into INBOX, again and again, as a client does that knows no patience.
    private static void logIn(Launch.Running server, String owner, Count count) {
        while (!count.over) {
            try (var client = new PromptClient(port(server, "imap"))) {
                client.line();
                String told = client.ask("a LOGIN " + owner + " casella");
                if (told.startsWith("a OK")) {
                    told = client.ask("b SELECT INBOX");
                    count.one(told.startsWith("b OK") ? "in" : "failed");
                } else {
                    count.one(told.contains("We let everyone in a few at a time") ? "not yet" : "failed");
                    pass(Duration.ofMillis(100));
                }
            } catch (IOException e) {
                count.one("failed");
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void once(Launch.Running server, String owner) {
        try (var client = new PromptClient(port(server, "imap"))) {
            client.line();
            client.ask("a LOGIN " + owner + " casella");
            client.ask("b SELECT INBOX");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String order(PromptClient client, String line) throws IOException {
        client.send(line);
        return client.reply();
    }

    /// Delivers, again and again.
    private static void deliver(Launch.Running server, Count count) {
        try (var client = new PromptClient(port(server, "lmtp"))) {
            client.line();
            order(client, "LHLO test.example");
            while (!count.over) {
                order(client, "MAIL FROM:<x@test.example>");
                order(client, "RCPT TO:<anna@posta.example>");
                order(client, "DATA");
                count.one(order(client, "Subject: s\r\n\r\nriga\r\n.").startsWith("250") ? "taken" : "refused");
            }
        } catch (IOException e) {
            if (!count.over) count.one("refused");
        }
    }

    private static List<Thread> begin(int times, IntConsumer work) {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < times; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> work.accept(number)));
        }
        return threads;
    }

    private static void pass(Duration time) throws InterruptedException {
        NEVER.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Returns how many mails were taken in each of so many windows.
    private static List<Integer> taken(Count count, int windows) throws InterruptedException {
        var taken = new ArrayList<Integer>();
        for (int i = 0; i < windows; i++) {
            int before = count.of("taken");
            pass(WINDOW);
            taken.add(count.of("taken") - before);
        }
        return taken;
    }

    private static double figure(Launch.Running server, String name) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            URI at = URI.create("http://127.0.0.1:" + port(server, "operations") + "/metrics");
            HttpRequest request = HttpRequest.newBuilder(at).build();
            String all = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Matcher matcher = Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE).matcher(all);
            return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
        }
    }

    @Test
    void aStormSwitchesNobodyAndIsRecoveredFromWithoutARelapse(@TempDir Path folder) throws Exception {
        try (var server = start(folder)) {
            FaultyEngine slowEngine = Objects.requireNonNull(engine);
            FaultyVault slowVault = Objects.requireNonNull(pack);
            // The first log-in founds an account, and its hash is remembered: who storms was there before.
            for (Thread thread : begin(OWNERS, number -> once(server, owner(number)))) thread.join();
            var mail = new Count();
            List<Thread> senders = begin(4, _ -> deliver(server, mail));
            taken(mail, 1);
            List<Integer> calm = taken(mail, 4);
            double usual = calm.stream().mapToInt(Integer::intValue).average().orElseThrow();

            assertThat(usual).as("mails in half a second").isGreaterThan(10);

            slowEngine.all(Trouble.slow(SLOW));
            slowVault.all(Trouble.slow(SLOW));
            var logIns = new Count();
            List<Thread> clients = begin(OWNERS, number -> logIn(server, owner(number), logIns));
            double damped = 0;
            for (int i = 0; i < 6; i++) {
                pass(Duration.ofSeconds(1));
                damped = Math.max(damped, figure(server, "casella_admission_rate"));
                assertThat(figure(server, "casella_part_breaker{part=\"engine\"}")).as("the probe lane answers").isZero();
            }
            int in = logIns.of("in");

            slowEngine.heal();
            slowVault.heal();
            List<Integer> after = taken(mail, 10);
            logIns.over = true;
            mail.over = true;

            assertThat(damped).as("they stood in line").isPositive();
            assertThat(logIns.of("not yet")).isPositive();
            assertThat(in).as("owners came in while it was slow: " + logIns.ended).isGreaterThan(5);
            assertThat(figure(server, "casella_standby_accounts")).isZero();
            assertThat(figure(server, "casella_continuation_accounts")).isZero();
            assertThat(figure(server, "casella_standby_switches_total{outcome=\"opened\"}")).isZero();
            assertThat(mail.of("refused")).as("mail is taken all the time").isZero();
            assertThat(logIns.of("in")).as("and they go on coming in").isGreaterThan(in);
            recovered(usual, after);
            for (Thread thread : clients) assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
            for (Thread thread : senders) assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        }
    }

    /// Once it is well again it stays well: no window after the first good one falls back to a storm's.
    private static void recovered(double usual, List<Integer> after) {
        int back = 0;
        while (back < after.size() && after.get(back) < usual / 5) back++;
        assertThat(back).as("windows until it was back at a fifth of %.0f: %s", usual, after).isLessThan(8);
        assertThat(after.subList(back, after.size())).as("no relapse, usual is %.0f: %s", usual, after)
                .allMatch(taken -> taken >= usual / 20);
    }
}
