package casella.server.incident;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.continuity.cohort.Cohorts;
import casella.directory.Brand;
import casella.incident.Desk;
import casella.incident.Incidents;
import casella.incident.Line;
import casella.incident.status.StatusSite;
import casella.incident.status.Uptime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a flood of readers of status pages costs what one does, and that the pages are small and hold no script, whatever a brand is
/// called.
final class StatusPagesTest {
    private static final Brand BRAND = new Brand("posta", "<script>alert(1)</script>\"'&", List.of("posta.localhost"), "#1b6ac9",
            List.of("it", "en"));

    @Test
    void aFloodOfReadersCostsWhatOneDoes(@TempDir Path folder) throws Exception {
        var looked = new AtomicInteger();
        try (Desk desk = Desk.open(folder); var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            var line = new Line(ZoneOffset.UTC, Map.of());
            var pages = new StatusPages(new Incidents(desk, Clock.system(), line, Cohorts.BY_HASH), () -> {
                looked.incrementAndGet();
                return Map.of();
            }, _ -> Uptime.UNKNOWN, line, Map.of("", "/complaints/"), Clock.system());

            Callable<Map<String, StatusSite.File>> reader = () -> pages.of(BRAND);
            for (var page : readers.invokeAll(IntStream.range(0, 2_000).mapToObj(_ -> reader).toList())) {
                for (String language : BRAND.languages()) {
                    StatusSite.File file = Objects.requireNonNull(page.get().get(language + "/index.html"));
                    String html = new String(file.bytes(), StandardCharsets.UTF_8);
                    assertThat(html).contains("&lt;script&gt;").doesNotContain("<script").hasSizeLessThan(50 << 10);
                }
            }
        }
        // Made anew every five seconds while somebody looks.
        assertThat(looked.get()).isBetween(1, 6);
    }
}
