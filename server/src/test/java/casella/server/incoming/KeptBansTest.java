package casella.server.incoming;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.base.Metrics;
import casella.server.control.BanOrder;
import casella.server.control.Operations;
import casella.server.control.Outcome;
import casella.wire.Bans;
import casella.wire.Network;
import java.io.Reader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Proves that who is shut out is so after a restart, and that operators say who.
final class KeptBansTest {
    @TempDir
    private Path folder;

    private final Bans bans = bans();

    private static Bans bans() {
        return new Bans(5, Duration.ofMinutes(10), List.of(), false, Clock.system(), Metrics.none());
    }

    private String ordered(BanOrder order) {
        Outcome outcome = new BanOrders((_, _, _) -> new Outcome.NotReachable("not asked"), bans)
                .perform(order, Reader.nullReader(), new Operations.Output() {
                    @Override
                    public void row(ObjectNode row) {}

                    @Override
                    public void progress(long count) {}
                });
        return switch (outcome) {
            case Outcome.Done(var facts) -> facts.toString();
            case Outcome.Refused(String why) -> why;
            default -> throw new AssertionError(outcome);
        };
    }

    @Test
    void aRestartForgetsNobody() throws Exception {
        Path file = folder.resolve("bans");
        try (var _ = KeptBans.open(file, bans)) {
            bans.ban(Network.around(InetAddress.ofLiteral("2001:db8::7")), null, "log-ins");
            bans.ban(Network.parse("192.0.2.0/24").orElseThrow(), Duration.ofDays(3), "spam of all kinds");
        }
        Bans after = bans();
        try (var _ = KeptBans.open(file, after)) {
            assertThat(after.list()).isEqualTo(bans.list()).hasSize(2);
        }
    }

    @Test
    void aFileThatMakesNoSenseCostsNoStart() throws Exception {
        Path file = Files.writeString(folder.resolve("bans"), "casella bans, format 9\n");
        try (var _ = KeptBans.open(file, bans)) {
            assertThat(bans.list()).isEmpty();
        }
        Files.writeString(file, """
                casella bans, format 1
                x y z
                192.0.2.7/32 now then 1 log-ins

                192.0.2.8/32 2026-11-24T03:00:00Z 2126-11-24T03:10:00Z 1 log-ins
                """);
        try (var _ = KeptBans.open(file, bans)) {
            assertThat(bans.list()).extracting(one -> one.network().toString())
                    .containsExactly("192.0.2.8/32");
        }
    }

    @Test
    void operatorsSayWho() {
        assertThat(ordered(new BanOrder.BanAdd("192.0.2.7", "12h", null))).contains("192.0.2.7/32",
                "by order");
        assertThat(bans.banned(InetAddress.ofLiteral("192.0.2.7"))).isPresent();
        assertThat(ordered(new BanOrder.BanAdd("2001:db8::7", null, "spam"))).contains("/64");
        assertThat(ordered(new BanOrder.BanList())).contains("\"networks\":2");
        assertThat(ordered(new BanOrder.BanLift("192.0.2.7"))).contains("\"was\":true");
        assertThat(ordered(new BanOrder.BanLift("192.0.2.7"))).contains("\"was\":false");
        assertThat(ordered(new BanOrder.BanAdd("posta.example", null, null))).startsWith("network: must be");
        assertThat(ordered(new BanOrder.BanAdd("0.0.0.0/0", null, null))).contains("too wide");
        assertThat(ordered(new BanOrder.BanAdd("2001:db8::7/128", null, null))).contains("at most /64");
        assertThat(ordered(new BanOrder.BanAdd("192.0.2.7", "long", null))).startsWith("time: must be");
        assertThat(ordered(new BanOrder.BanAdd("192.0.2.7", null, "x\ny"))).startsWith("why: must be");
    }
}
