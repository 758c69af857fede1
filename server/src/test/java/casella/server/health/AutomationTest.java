package casella.server.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Bulkhead;
import casella.base.Fault;
import casella.base.Metrics;
import casella.server.health.Automation.Work;
import casella.store.care.CareFile;
import casella.store.disk.Disk;
import casella.testkit.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is paused is paused before the order is answered, stays so over a restart, and goes on when it is resumed.
class AutomationTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final SteppedClock clock = new SteppedClock();
    private final Bulkhead files = new Bulkhead("test.files", 1, 4);
    private final List<String> turned = new ArrayList<>();

    @AfterEach
    void close() {
        files.close();
    }

    private Automation open() {
        var file = new CareFile(Disk.real(), folder.resolve("care/automation"), files);
        return Automation.open(file, Map.of(
                Work.HEALER, pause -> turned.add("healer " + pause),
                Work.COLLECTOR, pause -> turned.add("collector " + pause)), clock, Metrics.none());
    }

    @Test
    void aPauseOutlivesARestart() {
        try (Automation automation = open()) {
            automation.pause(Work.HEALER, "anna");
            clock.step(Duration.ofMinutes(1));
            assertThat(automation.pause(Work.HEALER, "bruno").by()).isEqualTo("anna");
        }
        assertThat(turned).containsExactly("healer true");

        try (Automation automation = open()) {
            assertThat(turned).containsExactly("healer true", "healer true");
            assertThat(automation.paused()).singleElement().satisfies(one -> {
                assertThat(one.by()).isEqualTo("anna");
                assertThat(one.since()).isEqualTo(clock.now().minusSeconds(60));
            });
            automation.resume(Work.HEALER, "bruno");
            automation.resume(Work.HEALER, "bruno");
            assertThat(turned).containsExactly("healer true", "healer true", "healer false");
        }
        try (Automation automation = open()) {
            assertThat(automation.paused()).isEmpty();
            assertThat(turned).hasSize(3);
        }
    }

    @Test
    void whatCannotBeKeptIsRefusedAndChangesNothing() throws IOException {
        try (Automation automation = open()) {
            Files.writeString(folder.resolve("care"), "a file where the folder should be");

            assertThatThrownBy(() -> automation.pause(Work.COLLECTOR,
                    "anna")).isInstanceOf(Fault.Unavailable.class);

            assertThat(automation.paused()).isEmpty();
            assertThat(turned).isEmpty();
        }
    }

    @Test
    void aNameOfAnOperatorBreaksNoLine() {
        try (Automation automation = open()) {
            automation.pause(Work.COLLECTOR, "anna\nhealer 2026-11-22T12:00:00Z eve");
        }
        try (Automation automation = open()) {
            assertThat(automation.paused()).extracting(Automation.Paused::work).containsExactly(Work.COLLECTOR);
        }
    }
}
