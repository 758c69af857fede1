package casella.server.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/// Shows the same thing again and again, each time over the last one where somebody looks.
final class Live {
    private static final Duration REDRAW = Duration.ofSeconds(2);
    private static final String TO_THE_TOP = "\u001b[H\u001b[2J";

    private Live() {}

    /// Returns what goes before each showing.
    static String top(Terminal terminal) {
        return terminal.coloured() ? TO_THE_TOP : "";
    }

    /// Shows anew until somebody ends the program, or the server is gone.
    ///
    /// @param showing shows once and returns an exit code
    static int draw(IntSupplier showing) {
        var never = new CountDownLatch(1);
        try {
            while (true) {
                int code = showing.getAsInt();
                if (code == Exit.NOT_REACHABLE) return code;
                boolean _ = never.await(REDRAW.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Exit.DONE;
        }
    }
}
