package casella.server.health;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// The record of what operators ordered: a line each in `audit.log`, synced, which only ever grows.
///
/// ```text
/// 2027-01-31T03:12:09Z <operating system's user> <order and what it is about> <how it ended>
/// ```
///
/// Secrets are not in it: orders leave them out of their own words.
public final class Audit implements AutoCloseable {
    /// Who gives the order that is being carried out, where that is known.
    public static final ScopedValue<String> BY = ScopedValue.newInstance();

    /// Its name, in the data folder.
    public static final String FILE = "audit.log";

    private static final Duration TIME = Duration.ofSeconds(5);
    private static final int LINE_CHARS_MAX = 2_000;

    private final Path file;
    private final Clock clock;
    private final Bulkhead files = new Bulkhead("audit.files", 1, 64);

    /// @param file made at the first line
    public Audit(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /// Returns who gives the order that this thread carries out.
    public static String by() {
        return BY.isBound() ? BY.get() : "unknown";
    }

    /// Adds a line. One that cannot be kept is logged, and the order stands.
    public void note(String by, String order, String ended) {
        String words = by + " " + order + " " + ended;
        String line = words.replaceAll("\\p{Cntrl}", "?");
        if (line.length() > LINE_CHARS_MAX) line = line.substring(0, LINE_CHARS_MAX);
        String text = clock.now() + " " + line + "\n";
        try {
            files.call(TIME, () -> append(text));
        } catch (Fault e) {
            Log.event(Event.AUDIT_NOT_KEPT, e, "line", words.length());
        }
    }

    private boolean append(String text) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write(StandardCharsets.UTF_8.encode(text));
            out.force(true);
            return true;
        } catch (IOException e) {
            Log.event(Event.AUDIT_NOT_KEPT, e, "file", file.getFileName());
            return false;
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
