package casella.relay;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Arrivals;
import casella.base.Clock;
import casella.base.Metrics;
import casella.dns.ZoneFile;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.queue.LocalQueue;
import casella.queue.Priority;
import casella.queue.QueueId;
import casella.queue.QueueLimits;
import casella.queue.QueuedMessage;
import casella.queue.RemoteItem;
import casella.queue.RemoteQueue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that domains whose servers hang do not slow the others: with the same recipients, and with a fifth of the domains
/// hanging, the healthy ones have all of their mail.
final class ManyDomainsTest {
    private static final Duration TIME = Duration.ofMinutes(10);
    private static final int EACH = 50;

    @TempDir
    private Path folder;

    @Test
    void aFifthHangs() throws Exception {
        compare(50, 10, 5_000);
    }

    @Test
    @Tag("long")
    void aFifthOfAThousandHangs() throws Exception {
        compare(1_000, 200, 100_000);
    }

    private void compare(int domains, int hanging, int recipients) throws Exception {
        double alone = rate("alone", domains, 0, recipients);
        double beside = rate("beside", domains, hanging, recipients);
        System.out.printf(
                "%d recipients to %d domains: %.0f/s with none that hangs, %.0f/s for the healthy with %d that hang%n", recipients,
                domains, alone, beside, hanging);
        // A fifth less is to be sent; the rest is noise of the machine.
        assertThat(beside).isGreaterThan(alone / 5);
    }

    /// Returns recipients of healthy domains a second.
    private double rate(String name, int domains, int hanging, int recipients) throws Exception {
        try (var healthy = new Sink("127.0.0.1", 0);
                var hung = new Sink("127.0.0.2", healthy.port());
                var queue = LocalQueue.open(folder.resolve(name), QueueLimits.DEFAULT, Clock.system(),
                        Metrics.none())) {
            hung.says = _ -> Sink.HANG;
            var zone = new StringBuilder("$ORIGIN example.\n");
            for (int i = 0; i < domains; i++) zone.append("d%d A 127.0.0.%d%n".formatted(i, i < hanging ? 2
                    : 1));
            keep(queue, domains, recipients);
            var config = new RelayConfig(
                    "mx.posta.example", healthy.port(), 500, 20, 100, Duration.ofSeconds(5), true,
                            Optional.empty());
            long began = System.nanoTime();
            int wanted = recipients / domains * (domains - hanging);
            try (var _ = new Relay(queue, ZoneFile.of(zone.toString()), config, (_, _, _) -> {},
                    Clock.system(),
                    Metrics.none()).start()) {
                long end = began + TIME.toNanos();
                while (healthy.rcpts() < wanted) {
                    assertThat(System.nanoTime()).as("in time, %d of %d", healthy.rcpts(), wanted)
                            .isLessThan(end);
                    new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            assertThat(healthy.rcpts()).isEqualTo(wanted);
            assertThat(hung.connections.get()).as("one for each").isLessThanOrEqualTo(hanging);
            return wanted / seconds;
        }
    }

    /// Messages of [#EACH] recipients each, at as many domains.
    private static void keep(LocalQueue queue, int domains, int recipients) throws InterruptedException {
        var arrivals = new Arrivals(Clock.system());
        byte[] content = ("Subject: s\r\n\r\n" + "text\r\n".repeat(300)).getBytes(StandardCharsets.US_ASCII);
        var threads = new ArrayList<Thread>();
        int part = recipients / EACH / 10;
        for (int t = 0; t < 10; t++) {
            int first = t * part * EACH;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int m = 0; m < part; m++) {
                    var items = new ArrayList<RemoteItem>();
                    for (int i = 0; i < EACH; i++) {
                        int number = first + m * EACH + i;
                        items.add(new RemoteItem(
                                arrivals.next(), "r" + number + "@d" + number % domains + ".example",
                                        Notify.UNSAID));
                    }
                    queue.keep(
                            new QueuedMessage(
                                    QueueId.random(), Priority.PERSONAL, Clock.system().now(),
                                            "anna@posta.example",
                                    List.of(), items, MailOptions.NONE, null, content),
                            Duration.ofSeconds(60));
                }
            }));
        }
        for (Thread thread : threads) thread.join();
        assertThat(queue.remote().list(new RemoteQueue.Which.All(), null, 1)).hasSize(1);
    }
}
