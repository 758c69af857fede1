package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.config.Config;
import casella.server.control.ControlClient;
import casella.server.control.DataFolder;
import casella.server.control.DrillOrder;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.store.vault.Vault;
import casella.testkit.Gate;
import casella.vault.rocksdb.RocksVault;
import casella.vault.rocksdb.RocksVaultConfig;
import java.io.IOException;
import java.io.Reader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Proves drills on a whole server with clients: the fault is real and ends, what the report says is what happened, and
/// nothing is begun that was not asked for plainly.
final class DrillTest {
    private static final String ANNA = "anna@posta.example";
    private static final String CARLO = "carlo@posta.example";
    private static final Pattern OURS = Pattern.compile("Subject: (drill .*)");

    private static final Operations.Output SILENT = new Operations.Output() {
        @Override
        public void row(ObjectNode row) {}

        @Override
        public void progress(long count) {}
    };

    private final Gate gate = new Gate();
    private final ConcurrentLinkedQueue<String> units = new ConcurrentLinkedQueue<>();

    private Launch.Running start(Path folder, boolean demo) throws Exception {
        String yaml =
                """
                data:
                  folder: %s
                listen:
                  {smtp: 0, submission: 0, submission-tls: 0, lmtp: 0, imap: 0, imap-tls: 0, pop3: 0,
                   pop3-tls: 0,
                   http: 0, operations: 0}
                store:
                  read-timeout: 30s
                  write-timeout: 30s
                  return-after: 3s
                """
                        .formatted(folder);
        var loaded = (Config.Loaded.Good) Config.text(yaml, new Config.Overrides(null, 0));
        var held = (DataFolder.Taken.Held) DataFolder.take(loaded.config().data());
        var gated = new Technologies() {
            @Override
            public Vault rocksdb(Path at) {
                return RocksVault.open("rocksdb", at, RocksVaultConfig.standard(), gate);
            }
        };
        Launch.Running running = new Server(gated).start(loaded.config(), held.folder(), demo);
        return new Launch.Running() {
            @Override
            public List<String> announcement() {
                return running.announcement();
            }

            @Override
            public void close() {
                running.close();
                held.folder().close();
            }
        };
    }

    private static int port(Launch.Running server, String name) {
        for (String word : server.announcement().getFirst().split(" ")) {
            if (word.startsWith(name + "=")) return Integer.parseInt(word.substring(name.length() + 1));
        }
        throw new IllegalStateException("no port " + name);
    }

    private static Path socket(Path folder) {
        return folder.resolve("run").resolve("control.sock");
    }

    private Outcome order(Path folder, String name, @Nullable String cohort, @Nullable String time) {
        var out = new Operations.Output() {
            @Override
            public void row(ObjectNode row) {}

            @Override
            public void progress(long count) {}

            @Override
            public void progress(long done, long total, String unit) {
                units.add(unit);
            }
        };
        return ask(folder, new DrillOrder.DrillRun(name, cohort, time, null, null, null), out);
    }

    private static Outcome ask(Path folder, Order order, Operations.Output out) {
        return ControlClient.to(socket(folder)).orElseThrow().perform(order, Reader.nullReader(), out);
    }

    private static boolean engine(Path folder, String state) {
        String parts = ask(folder, new Order.Status(), SILENT).toString();
        return parts.contains("\"name\":\"engine\",\"state\":\"" + state + "\"");
    }

    private static String refusal(Outcome outcome) {
        return ((Outcome.Refused) outcome).message();
    }

    /// Gives accounts back as soon as that can be: by themselves they go two minutes after they were turned, at the earliest.
    private void bringBack(Path folder) throws InterruptedException {
        until("the fault is over", () -> told("the fault is over"));
        until("the engine is whole", () -> engine(folder, "whole"));
        until("accounts are back", () -> ask(folder, new Order.StandbyReturn(null), SILENT).exitCode() == 0
                && ask(folder, new Order.StandbyList(), SILENT).toString().contains("\"accounts\":0"));
    }

    private FutureTask<Outcome> begin(Path folder, String name, @Nullable String cohort,
            @Nullable String time) {
        var task = new FutureTask<>(() -> order(folder, name, cohort, time));
        Thread.ofVirtual().start(task);
        return task;
    }

    private static String deliver(Launch.Running server, String subject) throws IOException {
        return PromptClient.deliver(port(server, "lmtp"), "LHLO", ANNA, subject);
    }

    private static List<String> subjects(Launch.Running server) throws IOException {
        try (var client = PromptClient.imap(port(server, "imap"), ANNA)) {
            assertThat(client.ask("s SELECT INBOX")).startsWith("s OK");
            List<String> answer = client.all("f FETCH 1:* BODY.PEEK[]");
            assertThat(answer.getLast()).startsWith("f OK");
            var found = new ArrayList<String>();
            for (String line : answer) {
                Matcher subject = OURS.matcher(line);
                if (subject.matches()) found.add(subject.group(1));
            }
            return found;
        }
    }

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        var never = new CountDownLatch(1);
        for (int i = 0; i < 3_000; i++) {
            if (holds.getAsBoolean()) return;
            never.await(20, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError("not within a minute: " + what);
    }

    private boolean told(String words) {
        return units.stream().anyMatch(unit -> unit.contains(words));
    }

    private static List<String> audit(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("audit.log"));
    }

    private static String timeline(JsonNode facts) {
        var all = new StringBuilder();
        for (JsonNode moment : facts.path("timeline")) {
            all.append(moment.path("what").asString("")).append('\n');
        }
        return all.toString();
    }

    @Test
    void anEngineThatHangsInADrillIsAPauseForOwnersAndTheReportSaysSo(@TempDir Path folder) throws Exception {
        try (var server = start(folder, true); var idle = PromptClient.imap(port(server, "imap"), ANNA)) {
            assertThat(idle.ask("b SELECT INBOX")).startsWith("b OK");
            assertThat(idle.ask("c IDLE")).startsWith("+");
            FutureTask<Outcome> drill = begin(folder, "engine-hung", null, "3s");
            until("the fault is on", () -> told("the engine hangs"));
            assertThat(deliver(server, "drill one")).startsWith("250");
            assertThat(idle.untilStarts("* ")).contains("EXISTS");
            assertThat(subjects(server)).containsExactly("drill one");
            bringBack(folder);
            Outcome outcome = drill.get(60, TimeUnit.SECONDS);
            assertThat(outcome).isInstanceOf(Outcome.Done.class);
            JsonNode facts = ((Outcome.Done) outcome).facts();
            assertThat(facts.path("passed").asBoolean(false)).isTrue();
            assertThat(facts.path("darkMinutes").asDouble(1)).isZero();
            for (String none : List.of("lost", "duplicated", "refused", "identifiersChanged",
                    "wrongBytesServed")) {
                assertThat(facts.path(none).asInt(-1)).as(none).isZero();
            }
            assertThat(facts.path("accepted").asInt(0)).isGreaterThan(3);
            // It hung: nobody was answered before the probe lane had failed. Somebody stood in, within five
            // times 2 s.
            assertThat(facts.path("timeToDialToneMillis").asLong(0)).isBetween(500L, 10_000L);
            assertThat(facts.path("urgentNoticeMillis").asLong(-1)).isBetween(0L, 10_000L);
            assertThat(timeline(facts)).containsSubsequence(
                    "the engine hangs", "engine is gone", "the fault ends", "engine is whole",
                            "everything is as before");
            Path report = Path.of(facts.path("folder").asString(""));
            assertThat(report).hasParent(folder.resolve("drills"));
            String kept = Files.readString(report.resolve("report.json"));
            assertThat(Json.MAPPER.readTree(kept)).isEqualTo(facts);
            assertThat(report.resolve("report.md")).content().contains("PASSED", "| `lost` | 0 |");
            assertThat(report.resolve("plot.svg")).content().startsWith("<svg").endsWith("</svg>\n");
            assertThat(report.resolve("samples.csv")).content().contains(",read,1,right,standby");
            String who = " " + System.getProperty("user.name") + " ";
            assertThat(audit(folder)).anyMatch(line -> line.contains(who + "DrillRun[name=engine-hung"));
            assertThat(audit(folder)).anyMatch(line -> line.contains(who
                    + "drill engine-hung --cohort all PASSED"));
            assertThat(deliver(server, "drill two")).startsWith("250");
            assertThat(subjects(server)).containsExactly("drill one", "drill two");
            idle.send("DONE");
            assertThat(idle.untilStarts("c ")).startsWith("c OK");
        }
    }

    @Test
    void aVaultThatLiesIsNeverBelievedAndItsCopiesAreFoundRightAgain(@TempDir Path folder) throws Exception {
        try (var server = start(folder, true)) {
            assertThat(deliver(server, "drill one")).startsWith("250");
            FutureTask<Outcome> drill = begin(folder, "vault-lying", "all", "2s");
            until("the fault is on", () -> told("the first vault lies"));
            assertThat(subjects(server)).containsExactly("drill one");
            Outcome outcome = drill.get(60, TimeUnit.SECONDS);
            assertThat(outcome).as(outcome.toString()).isInstanceOf(Outcome.Done.class);
            JsonNode facts = ((Outcome.Done) outcome).facts();
            assertThat(facts.path("lies").asLong(0)).isPositive();
            assertThat(facts.path("repaired").asLong(0)).isPositive();
            assertThat(facts.path("wrongBytesServed").asInt(-1)).isZero();
            assertThat(facts.path("readsFailed").asInt(-1)).isZero();
        }
    }

    @Test
    void realOwnersAreHitOnlyByWhoSaysWhomAndForHowLong(@TempDir Path folder) throws Exception {
        start(folder, true).close();
        try (var _ = start(folder, false)) {
            assertThat(refusal(order(folder, "engine-hung", null, null)))
                    .contains("not a demo", "--cohort all --for 60s");
            assertThat(order(folder, "engine-hung", "all", null)).isInstanceOf(Outcome.Refused.class);
            assertThat(order(folder, "engine-hung", null, "2s")).isInstanceOf(Outcome.Refused.class);
            assertThat(refusal(order(folder, "engine-hung", "everyone", "2s")))
                    .contains("must be all, the name of a cohort");
            assertThat(order(folder, "engine-hung", "all", "11m")).isInstanceOf(Outcome.Refused.class);
            assertThat(refusal(order(folder, "flood", "all", "2s"))).contains("engine-hung, engine-gone");
            var ofOne = new DrillOrder.DrillRun("vault-gone", "all", "2s", "pack", null, null);
            assertThat(refusal(ask(folder, ofOne, SILENT))).contains("only technology-gone");
            var unknown = new DrillOrder.DrillRun("technology-gone", "all", "2s", "paper", null, null);
            assertThat(refusal(ask(folder, unknown, SILENT))).contains("there are pack, rocksdb");
            assertThat(folder.resolve("drills")).doesNotExist();
        }
    }

    @Test
    @Tag("long")
    void anEngineThatHangsForOneOwnerAloneIsAPauseForHimAndNothingForAnybodyElse(@TempDir Path folder)
            throws Exception {
        start(folder, true).close();
        try (var server = start(folder, false);
                var idle = PromptClient.imap(port(server, "imap"), ANNA);
                var other = PromptClient.imap(port(server, "imap"), CARLO)) {
            assertThat(idle.ask("b SELECT INBOX")).startsWith("b OK");
            assertThat(idle.ask("c IDLE")).startsWith("+");
            FutureTask<Outcome> drill = begin(folder, "engine-hung", ANNA, "5s");
            until("the fault is on", () -> told("the engine hangs"));
            assertThat(other.ask("d SELECT INBOX")).startsWith("d OK");
            assertThat(deliver(server, "drill one")).startsWith("250");
            assertThat(idle.untilStarts("* ")).contains("EXISTS");
            assertThat(subjects(server)).contains("drill one");
            assertThat(other.ask("e FETCH 1:* (FLAGS)")).startsWith("e OK");
            // Anna, and the drill's own account that shares her fate.
            assertThat(ask(folder, new Order.StandbyList(), SILENT).toString()).contains("\"accounts\":2");
            String status = ask(folder, new Order.Status(), SILENT).toString();
            assertThat(status).contains("\"apart\":2");
            assertThat(ask(folder, new Order.Doctor(), SILENT).toString())
                    .contains("accounts-have-trouble-of-their-own", "2 accounts");
            assertThat(engine(folder, "whole")).isTrue();
            bringBack(folder);
            Outcome outcome = drill.get(60, TimeUnit.SECONDS);
            assertThat(outcome).as(outcome.toString()).isInstanceOf(Outcome.Done.class);
            JsonNode facts = ((Outcome.Done) outcome).facts();
            assertThat(facts.path("darkMinutes").asDouble(1)).isZero();
            assertThat(facts.path("timeToDialToneMillis").asLong(0)).isBetween(300L, 10_000L);
            for (String none : List.of("lost", "duplicated", "identifiersChanged")) {
                assertThat(facts.path(none).asInt(-1)).as(none).isZero();
            }
            assertThat(timeline(facts)).doesNotContain("engine is gone");
        }
    }

    @Test
    void logInAndMailGoOnWithoutTheDirectoryAndNobodyIsMade(@TempDir Path folder) throws Exception {
        try (var server = start(folder, true)) {
            FutureTask<Outcome> drill = begin(folder, "directory-gone", null, "2s");
            until("the fault is on", () -> told("the directory is gone"));
            assertThat(deliver(server, "drill one")).startsWith("250");
            assertThat(subjects(server)).containsExactly("drill one");
            var somebody = new Order.AccountAdd("carla@posta.example", null, null, null, "segretissima");
            assertThat(ask(folder, somebody, SILENT)).isInstanceOf(Outcome.Refused.class);
            until("the doctor names it", () -> ask(folder, new Order.Doctor(), SILENT).toString()
                    .contains("it is served from its snapshot [DRILL directory-gone, cohort all, by order of "));
            Outcome outcome = drill.get(60, TimeUnit.SECONDS);
            assertThat(outcome).as(outcome.toString()).isInstanceOf(Outcome.Done.class);
            assertThat(timeline(((Outcome.Done) outcome).facts()))
                    .containsSubsequence("directory is degraded", "the fault ends", "directory is whole");
            assertThat(ask(folder, somebody, SILENT)).isInstanceOf(Outcome.Done.class);
            assertThat(refusal(order(folder, "clock-jump", ANNA, null))).contains("say --cohort all");

            outcome = order(folder, "clock-jump", null, "1s");
            assertThat(outcome).as(outcome.toString()).isInstanceOf(Outcome.Done.class);
            JsonNode checks = ((Outcome.Done) outcome).facts().path("checks");
            assertThat(checks.size()).isEqualTo(5);
            assertThat(timeline(((Outcome.Done) outcome).facts())).containsSubsequence(
                    "with the clock 61 minutes ahead the collector stands and asks, and deleted nothing",
                    "61 minutes behind", "25 hours ahead", "25 hours behind", "the collector goes on");
            assertThat(ask(folder, new Order.CollectStatus(), SILENT).toString()).doesNotContain("clock");
        }
    }

    /// The server itself goes on: what is killed is one beside it, over files of its own, which go with it.
    @Test
    @Tag("long")
    void aProcessThatIsKilledComesBackWithAllItAnswered(@TempDir Path folder) throws Exception {
        try (var _ = start(folder, true)) {
            Outcome outcome = order(folder, "node-killed", null, "15s");
            assertThat(outcome).as(outcome.toString()).isInstanceOf(Outcome.Done.class);
            JsonNode facts = ((Outcome.Done) outcome).facts();
            assertThat(facts.path("accepted").asInt(0)).isGreaterThan(5);
            assertThat(facts.path("darkMinutes").asDouble(0)).as("it was away").isPositive();
            assertThat(facts.path("timeToDialToneMillis").asLong(0)).isBetween(300L, 15_000L);
            assertThat(timeline(facts)).containsSubsequence("the server's process is killed",
                    "the process serves again", "everything is as before");
            assertThat(folder.resolve("drills").resolve("node")).doesNotExist();
        }
    }

    @Test
    void aDrillEndsWhenSomethingElseGoes(@TempDir Path folder) throws Exception {
        try (var _ = start(folder, true)) {
            begin(folder, "engine-hung", "all", "10m");
            until("the fault is on", () -> told("the engine hangs"));
            gate.shut();
            try {
                until("the fault is over", () -> told("the fault is over"));
                until("the engine is whole", () -> engine(folder, "whole"));
            } finally {
                gate.open();
            }
        }
        assertThat(audit(folder)).anyMatch(line ->
                line.contains("drill engine-hung --cohort all ABORTED: vault.rocksdb is gone"));
    }

    @Test
    void aDrillOutlivesItsClientAndEndsWithTheServer(@TempDir Path folder) throws Exception {
        var server = start(folder, true);
        try {
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(socket(folder)));
                String order = "{\"order\":\"drill-run\",\"name\":\"engine-hung\",\"time\":\"10m\"}\n";
                client.write(ByteBuffer.wrap(order.getBytes(StandardCharsets.UTF_8)));
                until("the engine is gone", () -> engine(folder, "gone"));
            }
            assertThat(refusal(order(folder, "vault-lying", null, null))).contains("one at a time");
        } finally {
            server.close();
        }
        assertThat(audit(folder)).anyMatch(line ->
                line.endsWith("engine-hung --cohort all ABORTED: the server was stopped"));
    }
}
