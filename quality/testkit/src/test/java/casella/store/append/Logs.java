package casella.store.append;

import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.testkit.SimulatedDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What the tests of the append log share: small logs on simulated disks, and what is in them.
final class Logs {
    static final Path FOLDER = Path.of("log");
    static final Duration TIME = Duration.ofSeconds(20);

    /// What a reopened log holds.
    record Contents(List<String> records, long torn, long damaged) {}

    private Logs() {}

    static AppendConfig config() {
        return config(Duration.ofSeconds(5));
    }

    static AppendConfig config(Duration breakerAge) {
        return new AppendConfig("test", "TEST", 4096, 1 << 20, 0.05, breakerAge);
    }

    static AppendLog open(SimulatedDisk disk) {
        return AppendLog.open(disk, FOLDER, config());
    }

    static Append record(String text, boolean vital) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        int middle = body.length / 2;
        return new Append(
                1,
                Arrays.copyOf(body, middle),
                Arrays.copyOfRange(body, middle, body.length),
                vital,
                new Append.Progress() {});
    }

    static Ticket<Void> append(AppendLog log, String text) {
        return log.append(record(text, false));
    }

    static void await(Ticket<Void> ticket) {
        var _ = ticket.await(Deadline.in(TIME));
    }

    static void keep(AppendLog log, String... texts) {
        for (String text : texts) await(append(log, text));
    }

    /// Opens the log, reads all of it, closes it.
    static Contents contents(SimulatedDisk disk) {
        try (AppendLog log = open(disk)) {
            return contents(log);
        }
    }

    static Contents contents(AppendLog log) {
        List<String> records = new ArrayList<>();
        long torn = 0;
        long damaged = 0;
        for (Segment segment : log.segments()) {
            Scanned scanned =
                    log.scan(segment, 0, (_, _, body) ->
                            records.add(new String(body, StandardCharsets.UTF_8)));
            torn += scanned.torn().size();
            damaged += scanned.damaged().size();
        }
        return new Contents(records, torn, damaged);
    }

    /// Returns `count` different texts of 0 to 900 bytes more than a number.
    static List<String> texts(int count, long seed) {
        var random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] filling = new byte[random.nextInt(random.nextInt(4) == 0 ? 900 : 60)];
            for (int b = 0; b < filling.length; b++) filling[b] = (byte) ('a' + random.nextInt(26));
            texts.add(i + " " + new String(filling, StandardCharsets.UTF_8));
        }
        return texts;
    }

    /// Appends texts in bursts of up to four, waiting for each burst; returns those that were answered.
    static List<String> life(AppendLog log, List<String> texts, long seed) {
        var random = new Random(seed);
        List<String> answered = new ArrayList<>();
        for (int i = 0; i < texts.size(); ) {
            int burst = Math.min(1 + random.nextInt(4), texts.size() - i);
            List<Ticket<Void>> tickets = new ArrayList<>();
            for (int k = 0; k < burst; k++) tickets.add(append(log, texts.get(i + k)));
            for (int k = 0; k < burst; k++) {
                try {
                    await(tickets.get(k));
                    answered.add(texts.get(i + k));
                } catch (Fault e) {
                    // not answered: nothing is promised of it
                }
            }
            i += burst;
        }
        return answered;
    }
}
