package casella.relay;

import static org.assertj.core.api.Assertions.assertThat;

import casella.relay.StsFile.Kept;
import casella.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the file of policies stays short whatever domains say, and that one too long is read as far as it goes.
final class StsFileTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant LATER = NOON.plus(Duration.ofDays(1));

    @TempDir
    Path folder;

    private static Kept kept(String id, String more) {
        return new Kept(id, NOON, LATER, StsPolicy.parse("version: STSv1\nmode: enforce\nmx: mx.x.example\n"
                + more
                + "max_age: 86400\n").orElseThrow());
    }

    @Test
    void itIsWrittenAnewWhereMoreWasAddedThanLives() throws IOException {
        Path path = folder.resolve("sts");
        Map<String, Kept> known = new HashMap<>();
        StsFile file = StsFile.open(Disk.real(), path, NOON, known);
        String mx = ("mx: " + "a".repeat(250) + "\n").repeat(49);
        long longest = 0;
        for (int i = 0; i < 200; i++) {
            known.put("x.example", kept(String.valueOf(i), mx));
            file.add("x.example", known.get("x.example"), known);
            longest = Math.max(longest, Files.size(path));
        }
        file.close();
        assertThat(longest).isBetween(1L << 19, (1L << 20) + (128 << 10));
        var read = new HashMap<String, Kept>();
        StsFile.open(Disk.real(), path, NOON, read).close();
        assertThat(read).isEqualTo(known);
    }

    @Test
    void whatIsTooLongIsReadAsFarAsItGoes() throws IOException {
        Path path = folder.resolve("sts");
        Map<String, Kept> known = new HashMap<>(Map.of("x.example", kept("1", "")));
        StsFile.open(Disk.real(), path, NOON, known).close();
        String line = Files.readAllLines(path).getLast() + "\n";
        var text = new StringBuilder("Casella MTA-STS policies, format 1\n").append("y".repeat(1 << 20))
                .append('\n');
        for (int i = 0; i < StsFile.POLICIES_MAX + 1_000; i++) text.append(line.replace("x.example", i
                + ".example"));
        Files.writeString(path, text);
        var read = new HashMap<String, Kept>();
        StsFile.open(Disk.real(), path, NOON, read).close();
        assertThat(read.size()).isBetween(10_000, StsFile.POLICIES_MAX);
        assertThat(read.values().stream().mapToLong(Kept::chars).sum())
                .isLessThanOrEqualTo(StsFile.CHARS_MAX);
        assertThat(Files.size(path)).isLessThan(text.length());
    }

    /// The stored text is what is understood, not what was sent.
    @Test
    void aPolicysTextIsShort() {
        String sent = "version: STSv1\r\nmode: testing\r\nfiller: " + "y".repeat(60_000)
                + "\r\nmx: *.X.example\r\nmx: <a>\r\n"
                + "max_age: 99\r\n";
        StsPolicy policy = StsPolicy.parse(sent).orElseThrow();
        assertThat(policy.text()).isEqualTo("version: STSv1\nmode: testing\nmx: *.x.example\nmax_age: 99\n");
        assertThat(StsPolicy.parse(policy.text())).contains(policy);
        assertThat(StsPolicy.parse(sent + "mx: a.example\r\n".repeat(50))).isEmpty();
    }
}
