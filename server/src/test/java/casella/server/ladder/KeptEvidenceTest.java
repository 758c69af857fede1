package casella.server.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Bulkhead;
import casella.base.Fault;
import casella.continuity.ladder.Climb;
import casella.server.config.DataConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what was measured on a vault's way outlives its end, the loss of one copy, and never stands in anybody's way.
final class KeptEvidenceTest {
    private static final Instant AT = Instant.parse("2027-01-31T09:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final Bulkhead threads = new Bulkhead("test.files", 1, 4);
    private final Climb climb = Climb.begin("nuovo", "pack", "/srv/a folder", "pack", "luca", AT, Duration.ofDays(30),
            null, 100).retired(AT.plusSeconds(60), "marta", Map.of("accounts", "3"));
    private DataConfig data = DataConfig.of(Path.of("/nowhere"));
    private KeptEvidence kept = new KeptEvidence(data, threads);

    @BeforeEach
    void open() {
        data = DataConfig.of(folder);
        kept = new KeptEvidence(data, threads);
    }

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void itIsReadAsItWasKept() {
        assertThat(kept.of("nuovo")).isEmpty();
        kept.keep(climb);
        assertThat(new KeptEvidence(data, threads).of("nuovo")).contains(climb);
        assertThat(kept.of("altro")).isEmpty();
        assertThat(climb.evidence().getLast().measured()).containsEntry("accounts", "3");
        assertThat(climb.evidence()).extracting(one -> one.by() + " " + one.what())
                .containsExactly("luca added", "marta retired");
    }

    @Test
    void allThereIsIsListedOnceFromEitherPlace() throws IOException {
        assertThat(kept.all()).isEmpty();
        kept.keep(climb);
        Climb other = Climb.begin("altro-2", "files", "/srv/b", "rocksdb", "luca", AT, Duration.ofDays(30), null, 100);
        kept.keep(other);
        Files.writeString(data.care().resolve("evidence-rotto"), "nothing that can be read");
        Files.delete(data.registry().resolve("evidence-altro-2"));
        assertThat(kept.all()).containsExactly(other, climb);
    }

    @Test
    void oneCopyIsEnoughAndNoneIsNothingThatStops() throws IOException {
        kept.keep(climb);
        Path first = data.registry().resolve("evidence-nuovo");
        Path second = data.care().resolve("evidence-nuovo");
        Files.writeString(first, Files.readString(first).replace("luca", "anna"));
        assertThat(kept.of("nuovo")).contains(climb);
        Files.delete(first);
        assertThat(kept.of("nuovo")).contains(climb);
        Files.writeString(second, Files.readString(second).replace("crc32c", "crc32"));
        assertThat(kept.of("nuovo")).isEmpty();
    }

    @Test
    void whatIsInOnePlaceAloneIsNotKept() throws IOException {
        Files.createDirectories(data.care().resolve("evidence-nuovo").resolve("something"));
        assertThatThrownBy(() -> kept.keep(climb)).isInstanceOf(Fault.Unavailable.class)
                .hasMessageContaining("cannot be written down");
    }
}
