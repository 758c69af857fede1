package casella.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.directory.Argon2;
import casella.incident.Desk;
import casella.incident.staff.Role;
import casella.incident.staff.Staff;
import casella.server.control.AuditedOperations;
import casella.server.control.ControlSocket;
import casella.server.control.Json;
import casella.server.control.Operations;
import casella.server.control.Order;
import casella.server.control.Outcome;
import casella.server.health.Audit;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves what becomes of an order whose caller hangs up, at both doors, with sockets that close.
class HangUpTest {
    /// More than any buffer on the way holds: whoever writes it all notices that nobody is there.
    private static final int ROWS = 20_000;
    private static final String LONG = "x".repeat(1_000);

    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile boolean carriedOut;
    private volatile boolean heardAtTheEnd = true;
    private Desk desk;
    private Staff staff;
    private Audit audit;
    private StaffApi api;
    private WebServer server;
    private ControlSocket control;
    private Path socket;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        desk = Desk.open(folder.resolve("desk"));
        staff = new Staff(desk, new Argon2(8, 1, 1), Clock.system());
        audit = new Audit(folder.resolve("audit.log"), Clock.system());
        Operations audited = new AuditedOperations(this::perform, audit);
        Operations all = (order, body, out) -> {
            try {
                return audited.perform(order, body, out);
            } finally {
                answered.countDown();
            }
        };
        api = StaffApi.open(staff, all, null, folder.resolve("handed"), Clock.system());
        server = WebServer.builder().host("127.0.0.1").port(0).shutdownHook(false)
                .routing((HttpRouting.Builder routing) -> api.route(routing)).build().start();
        socket = folder.resolve("control.sock");
        control = ControlSocket.open(socket, all);
    }

    @AfterEach
    void close() {
        gone.countDown();
        control.close();
        server.stop();
        api.close();
        audit.close();
        staff.close();
        desk.close();
    }

    private Outcome perform(Order order, Reader body, Operations.Output out) {
        out.row(Json.object().put("row", 0));
        told.countDown();
        await(gone);
        for (int i = 1; i < ROWS; i++) out.row(Json.object().put("row", i).put("text", LONG));
        out.progress(ROWS, ROWS, "rows");
        heardAtTheEnd = out.heard();
        carriedOut = true;
        return new Outcome.Found(Json.object());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Gives an order by the network, reads its first row, and hangs up.
    private void givenByTheNetwork(String order, String fields) throws Exception {
        staff.put("carla", Set.of(Role.OPERATOR), "una frase lunga abbastanza");
        String key = staff.key("carla", "test", Duration.ofDays(1));
        try (var client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.getOutputStream().write(("POST /api/v1/orders/" + order + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + "Authorization: Bearer " + key + "\r\nAccept: application/x-ndjson\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + fields.length() + "\r\n\r\n" + fields)
                            .getBytes(StandardCharsets.US_ASCII));
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            String line = "";
            while (!line.contains("\"row\":0")) line = String.valueOf(in.readLine());
        }
        after();
    }

    /// Likewise, from the command line.
    private void givenAtTheMachine(String order) throws Exception {
        try (var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(socket));
            client.write(ByteBuffer.wrap((order + "\n").getBytes(StandardCharsets.UTF_8)));
            var in = new BufferedReader(new InputStreamReader(Channels.newInputStream(client),
                    StandardCharsets.UTF_8));
            assertThat(in.readLine()).contains("\"row\":0");
        }
        after();
    }

    private void after() {
        await(told);
        gone.countDown();
        await(answered);
    }

    private List<String> ends() {
        return audit.newest(10, null).stream().map(line -> line.order() + " " + line.ended()).toList();
    }

    @Test
    void anOrderGivenByTheNetworkGoesOnToItsEndAndTheEndIsWrittenDown() throws Exception {
        givenByTheNetwork("rebuild", "{\"from\": \"pack\"}");

        assertThat(carriedOut).isTrue();
        assertThat(heardAtTheEnd).isFalse();
        assertThat(ends()).containsExactly("Rebuild[account=null, from=pack] done, and found something wrong",
                "Rebuild[account=null, from=pack] begins");
    }

    @Test
    void anOrderGivenAtTheMachineGoesOnToItsEndAndTheEndIsWrittenDown() throws Exception {
        givenAtTheMachine("{\"order\": \"rebuild\", \"from\": \"pack\"}");

        assertThat(carriedOut).isTrue();
        assertThat(heardAtTheEnd).isFalse();
        assertThat(ends()).containsExactly("Rebuild[account=null, from=pack] done, and found something wrong",
                "Rebuild[account=null, from=pack] begins");
    }

    @Test
    void whatOnlyLooksIsNotGoneOnWithForNobody() throws Exception {
        givenByTheNetwork("queue-list", "{}");

        assertThat(carriedOut).isFalse();
        assertThat(ends()).isEmpty();
    }
}
