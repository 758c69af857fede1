package casella.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Proves what is shown of how far something is: a bar that is drawn over on a terminal, plain lines elsewhere.
final class ProgressBarTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long nanos;

    private ProgressBar bar(boolean terminal) {
        return new ProgressBar(new PrintStream(err, true, StandardCharsets.UTF_8), terminal, () -> nanos);
    }

    private String shown() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private void after(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void aTerminalSeesABarWithShareCountRateAndTimeLeft() {
        ProgressBar bar = bar(true);
        after(Duration.ofSeconds(8));
        bar.at(1_000, 2_000, "accounts");

        assertThat(shown()).isEqualTo(
                "\r[############............]  50 %  1,000 of 2,000 accounts  125/s  8 s left\u001b[K");
        String first = shown();
        bar.at(1_001, 2_000, "accounts"); // too soon to be seen
        assertThat(shown()).isEqualTo(first);
        bar.aside(() -> err.writeBytes("row\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(shown()).contains("\r\u001b[Krow\n\r[####");
        bar.at(2_000, 2_000, "accounts");
        assertThat(shown()).endsWith("\r[########################] 100 %  2,000 of 2,000 accounts  250/s\u001b[K");
        bar.end();
        assertThat(shown()).endsWith("\r\u001b[K");
    }

    @Test
    void aFileSeesPlainLinesAndFewOfThem() {
        ProgressBar bar = bar(false);
        for (int i = 1; i <= 60; i++) {
            after(Duration.ofSeconds(1));
            bar.at(i, 60, "accounts");
        }
        bar.aside(() -> {});
        bar.end();

        assertThat(shown()).doesNotContain("\r", "\u001b");
        assertThat(shown().lines()).hasSize(13)
                .first().isEqualTo("[........................]   1 %  1 of 60 accounts  1.0/s  59 s left");
        assertThat(shown().lines().toList().getLast()).startsWith("[########################] 100 %  60 of 60");
    }

    @Test
    void whatHasNoKnownEndHasNoBar() {
        assertThat(ProgressBar.line(500, 0, "rows", Duration.ofSeconds(2).toNanos())).isEqualTo("500 rows  250/s");
        assertThat(ProgressBar.line(1, 100_000, "accounts", Duration.ofSeconds(1).toNanos())).endsWith("27 h 46 min left");
        assertThat(ProgressBar.line(0, 10, "accounts", 0)).isEqualTo(
                "[........................]   0 %  0 of 10 accounts  0/s");
    }
}
