package casella.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.config.DataConfig;
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
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Proves that the control socket answers every line, whatever it says, and keeps to its limits.
class ControlSocketTest {
    private static final Operations.Output SILENT = new Operations.Output() {
        @Override
        public void row(ObjectNode row) {}

        @Override
        public void progress(long count) {}
    };

    @TempDir Path folder;
    private final ConcurrentLinkedQueue<Order> orders = new ConcurrentLinkedQueue<>();
    private final CountDownLatch hold = new CountDownLatch(1);
    private ControlSocket socket;
    private Path path;

    @BeforeEach
    void open() {
        path = folder.resolve("control.sock");
        socket = ControlSocket.open(path, (order, _, out) -> perform(order, out));
    }

    @AfterEach
    void close() {
        hold.countDown();
        socket.close();
    }

    private Outcome perform(Order order, Operations.Output out) {
        orders.add(order);
        return switch (order) {
            case Order.PlanList _ -> {
                for (int i = 0; i < 3; i++) out.row(Json.object().put("name", "p" + i));
                yield new Outcome.Done(Json.object());
            }
            case Order.BrandList _ -> {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                yield new Outcome.Done(Json.object());
            }
            default -> new Outcome.Refused("order: not in this test");
        };
    }

    private String ask(String bytes) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            ByteBuffer out = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
            try {
                while (out.hasRemaining()) channel.write(out);
                channel.shutdownOutput();
            } catch (java.io.IOException e) {
                return "closed";
            }
            var in = new java.io.ByteArrayOutputStream();
            var some = ByteBuffer.allocate(4_096);
            try {
                while (channel.read(some.clear()) >= 0) in.write(some.array(), 0, some.position());
            } catch (java.io.IOException e) {
                return "closed";
            }
            return in.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void everyOrderIsTheSameAfterTheSocket() {
        List<Order> all = List.of(
                new Order.Status(), new Order.Debt(), new Order.AccountAdd("a@b", null, "N", null, "secret"),
                new Order.AccountList(), new Order.AccountPassword("a@b", "secret"),
                        new Order.AccountState("a@b", "active"),
                new Order.AccountPlan("a@b", "p", null), new Order.AliasAdd("a@b", "c@b"),
                        new Order.AliasRemove("a@b", "c@b"),
                new Order.BrandAdd("n", "t", List.of("h"), "#000000", List.of("it")),
                        new Order.DomainAdd("b", "d"),
                new Order.PlanAdd("p", 1L << 40, true, "basic", 3, null, null, null), new Order.PlanList());
        var rows = new ArrayList<ObjectNode>();
        Operations.Output output = new Operations.Output() {
            @Override
            public void row(ObjectNode row) {
                rows.add(row);
            }

            @Override
            public void progress(long count) {}
        };

        for (Order order : all) ControlClient.to(path).orElseThrow().perform(order, Reader.nullReader(),
                output);

        // asking whether somebody is there is a connection without an order
        assertThat(orders).containsExactlyElementsOf(all);
        assertThat(rows).extracting(row -> row.path("name").asString()).containsExactly("p0", "p1", "p2");
        assertThat(all.toString()).doesNotContain("secret");
    }

    @Test
    void whatIsNoOrderIsRefused() throws Exception {
        for (String line : List.of(
                "", "nonsense", "{}", "[]", "{\"order\":\"nothing\"}", "{\"order\":\"status\",\"more\":1}",
                        "null",
                "{\"order\":\"java.lang.Object\"}", "{\"order\":\"account-add\"", "\u00ff\u00fe")) {
            assertThat(ask(line + "\n")).as(line)
                    .isIn("{\"refused\":\"order: is none this server knows\"}\n", "");
        }
        assertThat(ask("x".repeat(70_000))).isIn("", "closed");
        assertThat(orders).isEmpty();
    }

    @Test
    void randomBytesNeverStopIt() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            ask("{\"order\":" + new String(noise, StandardCharsets.ISO_8859_1));
        }
        assertThat(ask("{\"order\":\"plan-list\"}\n")).as("seed %d", seed).endsWith("{\"done\":{}}\n");
    }

    @Test
    void oneOrderThatTakesLongHoldsUpNoOther() throws Exception {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < ControlSocket.CONNECTIONS_MAX - 1; i++) {
            threads.add(Thread.ofVirtual().start(() -> ControlClient.to(path)
                    .orElseThrow()
                    .perform(new Order.BrandList(), Reader.nullReader(), SILENT)));
        }
        while (orders.size() < ControlSocket.CONNECTIONS_MAX - 1) Thread.onSpinWait();

        assertThat(ask("{\"order\":\"plan-list\"}\n")).endsWith("{\"done\":{}}\n");
        hold.countDown();
        for (Thread thread : threads) thread.join();
    }

    @Test
    void aServerThatGoesAwayIsNotReachable() throws Exception {
        ControlClient client = ControlClient.to(path).orElseThrow();
        var outcome = new ArrayList<Outcome>();
        Thread waiting = Thread.ofVirtual()
                .start(() -> outcome.add(client.perform(new Order.BrandList(), Reader.nullReader(), SILENT)));
        while (orders.isEmpty()) Thread.onSpinWait();

        socket.close();
        waiting.join();

        assertThat(outcome.getFirst()).isInstanceOf(Outcome.NotReachable.class);
        assertThat(ControlClient.to(path)).isEmpty();
    }

    @Test
    void aPathLongerThanTheNameOfASocketIsReachedAllTheSame() throws Exception {
        Path far = Files.createDirectories(folder.resolve("x".repeat(100))).resolve("control.sock");

        try (var _ = ControlSocket.open(far, (_, _, _) -> new Outcome.Refused("heard"))) {
            assertThat(far).exists();
            ControlClient client = ControlClient.to(far).orElseThrow();
            assertThat(client.perform(new Order.Debt(), Reader.nullReader(), SILENT))
                    .isEqualTo(new Outcome.Refused("heard"));
        }
        assertThat(far).doesNotExist();
    }

    @Test
    void theFolderIsItsOwnersAndTheLockEndsWithIt() throws Exception {
        DataConfig layout = DataConfig.of(folder.resolve("data"));
        try (DataFolder first = ((DataFolder.Taken.Held) DataFolder.take(layout)).folder()) {
            assertThat(first.layout().engine()).isDirectory();
            assertThat(DataFolder.take(layout))
                    .isEqualTo(new DataFolder.Taken.Busy(ProcessHandle.current().pid()));
            var modes = Files.getPosixFilePermissions(layout.run());
            assertThat(java.nio.file.attribute.PosixFilePermissions.toString(modes)).isEqualTo("rwx------");
        }
        assertThat(DataFolder.take(layout)).isInstanceOfSatisfying(DataFolder.Taken.Held.class, held ->
                held.folder().close());
    }
}
