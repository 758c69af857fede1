package casella.server.incoming;

import casella.base.Bulkhead;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.server.proof.KeyFile;
import casella.wire.Bans;
import casella.wire.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Has who is shut out still be so after a restart: one file, written anew soon after something changed.
///
/// ```text
/// casella bans, format 1
/// NETWORK SINCE UNTIL TIMES WHY        times as 2026-11-24T03:00:00Z, WHY to the end of the line
/// ```
/// A file that cannot be read or written costs what it holds, and no start: whoever guesses is shut out again soon.
final class KeptBans implements AutoCloseable {
    private static final String FIRST = "casella bans, format 1";
    private static final Pattern LINE = Pattern.compile("(\\S+) (\\S+) (\\S+) (\\d{1,6}) (.{0,200})");
    private static final Duration FILE_TIME = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long BYTES_MAX = 64L << 20;

    private final Path file;
    private final Bans bans;
    private final Bulkhead disk = new Bulkhead("bans", 1, 4);
    private final Semaphore changes = new Semaphore(0);
    private final Thread writing;
    private volatile boolean closed;

    private KeptBans(Path file, Bans bans) {
        this.file = file;
        this.bans = bans;
        this.writing = Thread.ofVirtual().name("bans").unstarted(this::keep);
    }

    /// Reads the file and keeps `bans` in it from now on.
    static KeptBans open(Path file, Bans bans) {
        var kept = new KeptBans(file, bans);
        try {
            bans.know(kept.disk.call(FILE_TIME, () -> read(file)));
        } catch (Fault e) {
            Log.event(Event.WIRE_BANS_NOT_KEPT, e);
        }
        bans.onChange(kept.changes::release);
        kept.writing.start();
        return kept;
    }

    private static List<Bans.Ban> read(Path file) throws IOException {
        try {
            if (Files.size(file) > BYTES_MAX) throw new IOException("the file of bans is too large");
            List<String> lines = Files.readAllLines(file);
            if (lines.isEmpty() || !lines.getFirst()
                    .equals(FIRST)) throw new IOException("not a file of bans that this version reads");
            var all = new ArrayList<Bans.Ban>();
            for (String line : lines.subList(1, lines.size())) ban(line).ifPresent(all::add);
            return all;
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /// A line that makes no sense is passed over.
    static Optional<Bans.Ban> ban(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) return Optional.empty();
        try {
            Instant since = Instant.parse(parts.group(2));
            Instant until = Instant.parse(parts.group(3));
            int times = Integer.parseInt(parts.group(4));
            return Network.parse(parts.group(1)).map(network ->
                    new Bans.Ban(network, since, until, parts.group(5), times));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    static String line(Bans.Ban ban) {
        return ban.network() + " " + ban.since() + " " + ban.until() + " " + ban.times() + " " + ban.why();
    }

    private void keep() {
        try {
            // Whoever closes it wakes it: what was changed before is written first.
            while (true) {
                changes.acquire();
                changes.drainPermits();
                boolean last = closed;
                write();
                if (last) return;
                // Many are shut out at once when somebody guesses from many networks: they are written together.
                if (changes.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) changes.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        var text = new StringBuilder(FIRST).append('\n');
        for (Bans.Ban one : bans.all()) text.append(line(one)).append('\n');
        try {
            disk.call(FILE_TIME, () -> {
                KeyFile.write(file, text.toString(), KeyFile.OWNER_ALONE);
                return true;
            });
        } catch (Fault e) {
            Log.event(Event.WIRE_BANS_NOT_KEPT, e);
        }
    }

    @Override
    public void close() {
        closed = true;
        changes.release();
        try {
            writing.join(FILE_TIME);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        disk.close();
    }
}
