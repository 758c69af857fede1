package casella.server.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/// How far something is, on standard error: one line that is drawn again on a terminal, plain lines elsewhere.
///
/// ```text
/// [############............]  50 %  1,000 of 2,000 accounts  125/s  8 s left
/// ```
///
/// Drawn at most ten times a second; a plain line at most every five seconds. For one thread.
final class ProgressBar {
    private static final int CELLS = 24;
    private static final long DRAW_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 5_000_000_000L;
    /// Clears from the cursor to the end of the line. ECMA-48 §8.3.41.
    private static final String REST = "\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanos;
    private final long begun;
    private long drawn;
    private boolean any;
    private boolean shown;
    private String line = "";

    /// @param terminal whether somebody looks at it
    ProgressBar(PrintStream out, boolean terminal, LongSupplier nanos) {
        this.out = out;
        this.terminal = terminal;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /// So many are done.
    ///
    /// @param total of so many; 0 when that is not known
    void at(long done, long total, String unit) {
        long now = nanos.getAsLong();
        boolean end = total > 0 && done >= total;
        if (any && !end && now - drawn < (terminal ? DRAW_NANOS : LINE_NANOS)) return;
        any = true;
        drawn = now;
        line = line(done, total, unit, now - begun);
        if (!terminal) {
            out.println(line);
            return;
        }
        draw();
    }

    private void draw() {
        out.print("\r" + line + REST);
        out.flush();
        shown = true;
    }

    static String line(long done, long total, String unit, long elapsed) {
        double seconds = elapsed / 1e9;
        double rate = seconds > 0 ? done / seconds : 0;
        String per = String.format(Locale.ROOT, rate >= 10 || rate == 0 ? "%,.0f/s" : "%.1f/s", rate);
        if (total <= 0) return String.format(Locale.ROOT, "%,d %s  %s", done, unit, per);
        int cells = (int) (CELLS * Math.min(done, total) / total);
        String bar = "#".repeat(cells) + ".".repeat(CELLS - cells);
        String left = rate > 0 && done < total ? "  " + time((long) Math.ceil((total - done) / rate)) + " left" : "";
        return String.format(Locale.ROOT, "[%s] %3d %%  %,d of %,d %s  %s%s", bar, 100 * Math.min(done, total) / total,
                done, total, unit, per, left);
    }

    private static String time(long seconds) {
        if (seconds < 120) return seconds + " s";
        if (seconds < 7_200) return seconds / 60 + " min";
        return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
    }

    /// Makes room for a line of the answer, and draws again after it.
    void aside(Runnable print) {
        if (shown) {
            out.print("\r" + REST);
            out.flush();
        }
        print.run();
        if (shown) draw();
    }

    /// Takes the bar away: what it told is in the answer.
    void end() {
        if (!shown) return;
        out.print("\r" + REST);
        out.flush();
        shown = false;
    }
}
