package casella.server.health;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
    private static final int BLOCK_BYTES = 1 << 16;
    /// So far back it is read.
    private static final long READ_BYTES_MAX = 256L << 20;
    private static final Pattern LINE =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z) (\\S+) (\\w+(?:\\[.*\\])?)"
            + " (begins|done|done, and found something wrong|refused: .*|not reachable: .*)");

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

    /// A line.
    ///
    /// @param order and what it is about
    /// @param ended `begins`, `done`, `done, and found something wrong`, `refused: …` or `not reachable: …`
    public record Line(Instant at, String by, String order, String ended) {}

    /// Returns the newest lines, the newest first. A line that is none is passed over.
    ///
    /// @param limit so many at most
    /// @param before only what is older; null for all
    /// @throws Fault.Unavailable if the file cannot be read now
    public List<Line> newest(int limit, @Nullable Instant before) {
        return files.call(TIME, () -> read(limit, before));
    }

    private List<Line> read(int limit, @Nullable Instant before) {
        var found = new ArrayList<Line>();
        if (!Files.exists(file)) return found;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = in.size();
            long least = Math.max(0, end - READ_BYTES_MAX);
            byte[] rest = {};
            while (end > least && found.size() < limit) {
                long begin = Math.max(least, end - BLOCK_BYTES);
                byte[] block = block(in, begin, end, rest);
                int first = begin == 0 ? 0 : behindLineEnd(block);
                lines(new String(block, first, block.length - first, StandardCharsets.UTF_8), before, limit,
                        found);
                rest = Arrays.copyOf(block, first);
                end = begin;
            }
            return found;
        } catch (IOException e) {
            throw new Fault.Unavailable("The record of orders cannot be read", Map.of(), e);
        }
    }

    /// Returns the bytes from `begin` to `end`, and `rest` behind them.
    private static byte[] block(FileChannel in, long begin, long end, byte[] rest) throws IOException {
        var block = ByteBuffer.allocate((int) (end - begin) + rest.length);
        block.limit((int) (end - begin));
        while (block.hasRemaining()) if (in.read(block, begin
                + block.position()) < 0) throw new IOException("it ended early");
        block.limit(block.capacity());
        return block.put(rest).array();
    }

    private static int behindLineEnd(byte[] block) {
        for (int i = 0; i < block.length; i++) if (block[i] == '\n') return i + 1;
        return block.length;
    }

    private static void lines(String text, @Nullable Instant before, int limit, List<Line> found) {
        for (String one : text.lines().toList().reversed()) {
            if (found.size() >= limit) return;
            Matcher line = LINE.matcher(one);
            if (!line.matches()) continue;
            Instant at = Instant.parse(line.group(1));
            if (before == null || at.isBefore(before)) {
                found.add(new Line(at, line.group(2), line.group(3), line.group(4)));
            }
        }
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
