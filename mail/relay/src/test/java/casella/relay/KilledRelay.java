package casella.relay;

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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A process that is killed: keeps messages in a queue, says which are kept, and sends what waits meanwhile.
///
/// Arguments: the queue's folder, the port mail goes to, the first number, how many.
final class KilledRelay {
    private static final int CALLERS = 16;

    private KilledRelay() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[1]);
        int first = Integer.parseInt(arguments[2]);
        int count = Integer.parseInt(arguments[3]);
        LocalQueue queue = LocalQueue.open(Path.of(arguments[0]), QueueLimits.DEFAULT, Clock.system(),
                Metrics.none());
        var config = new RelayConfig("mx.posta.example", port, 20, 5, 50, Duration.ofSeconds(5), true,
                Optional.empty());
        var zone = ZoneFile.of("""
                $ORIGIN example.
                a A 127.0.0.1
                b A 127.0.0.1
                c A 127.0.0.1
                """);
        new Relay(queue, zone, config, (_, _, _) -> {}, Clock.system(), Metrics.none()).start();
        var arrivals = new Arrivals(Clock.system());
        var next = new AtomicInteger(first);
        for (int i = 0; i < CALLERS; i++) {
            Thread.ofVirtual().start(() -> {
                for (int number = next.getAndIncrement(); number < first + count; number =
                        next.getAndIncrement()) {
                    String address = "x@" + (char) ('a' + number % 3) + ".example";
                    byte[] content = ("X-Number: " + number + "\r\n\r\ntext\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
                    queue.keep(
                            new QueuedMessage(
                                    QueueId.random(), Priority.PERSONAL, Clock.system().now(),
                                            "anna@posta.example",
                                    List.of(), List.of(new RemoteItem(arrivals.next(), address,
                                            Notify.UNSAID)),
                                    MailOptions.NONE, null, content),
                            Duration.ofSeconds(20));
                    System.out.println(number);
                }
            });
        }
        // Until it is killed.
        int said = System.in.read();
        System.exit(said < 0 ? 0 : 1);
    }
}
