package casella.incident.breach;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Sha256;
import casella.continuity.ladder.Climb;
import casella.directory.Registrar;
import casella.incident.Desk;
import casella.incident.Entry;
import casella.incident.Entry.Opened;
import casella.incident.Entry.Severity;
import casella.incident.Entry.State;
import casella.incident.Entry.Told;
import casella.incident.Incident;
import casella.incident.Words;
import casella.incident.availability.Availability;
import casella.incident.availability.Pass;
import casella.incident.availability.Span;
import casella.incident.availability.Totals;
import casella.incident.losses.LossAccount;
import casella.incident.losses.Tried;
import casella.testkit.SteppedClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that the report and the numbers of a breach say what the record says for the brands concerned, and name nobody.
final class RegulatorReportTest {
    private final SteppedClock clock = new SteppedClock();
    private final long start = clock.now().toEpochMilli();
    private @TempDir Path folder = Path.of("");
    @SuppressWarnings("NullAway.Init") // opened before each test
    private Desk desk;

    @BeforeEach
    void begin() {
        desk = Desk.open(folder);
        clock.step(Duration.ofHours(10));
    }

    @AfterEach
    void end() {
        desk.close();
    }

    /// 30 of `posta` with plan `free`, 4 with `gold` and 3 with `silver`; 20 of `virgola`. Two hours for all of `posta`, three more for
    /// its account 1; one hour for all of `virgola`.
    private Totals totals() {
        var accounts = new ArrayList<Registrar.Member>();
        for (int i = 0; i < 57; i++) {
            String brand = i < 37 ? "posta" : "virgola";
            String plan = i < 30 || i >= 37 ? "free" : i < 34 ? "gold" : "silver";
            accounts.add(new Registrar.Member(new AccountId(i), "owner" + i + "@secret.example", brand, plan, null,
                    clock.now()));
        }
        var _ = desk.<Boolean>write(s -> {
            String scopes = "INSERT OR REPLACE INTO availability_scopes VALUES (?, 'not-let-in', ?, ?)";
            s.change(scopes, "brand posta", start, start + 2 * 3_600_000L);
            s.change(scopes, "brand virgola", start, start + 3_600_000L);
            s.change("INSERT OR REPLACE INTO availability_accounts VALUES (1, ?, 'continuation', ?)",
                    start + 4 * 3_600_000L, start + 7 * 3_600_000L);
            return true;
        });
        var pass = new Pass(new Availability(desk, clock, true), (after, limit) -> after == null ? accounts
                : List.of(), _ -> false);
        return pass.run(new Span(start, start + 10 * 3_600_000L), (_, _) -> {}, _ -> {});
    }

    private Incident incident() {
        var opened = new Opened(new Words("Le caselle, forse, non si aprono", "Mailboxes \"do\" not open"),
                Severity.CRITICAL, List.of("posta"), "");
        var told = new Told(State.RESTORING, new Words("=1+1 di nuovo", "Back soon"), "");
        return new Incident(4, List.of(new Entry(1, clock.now(), "luca.operatore", opened),
                new Entry(2, clock.now(), "luca.operatore", told)));
    }

    private Map<String, String> read() throws IOException {
        var climb = Climb.begin("nuovo", "pack", "/srv/segreta", "pack", "luca.operatore", clock.now(),
                Duration.ofDays(30), null, 100).retired(clock.now(), "marta.operatrice", Map.of("accounts", "3"));
        byte[] zip = new RegulatorReport(incident(), totals(), List.of(climb), clock.now()).zip();
        var files = new LinkedHashMap<String, String>();
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    @Test
    void availabilityIsByBrandAndPlanAndSmallPlansAreTogether() throws IOException {
        List<String> lines = read().getOrDefault("availability.csv", "").lines().toList();
        assertThat(lines).contains(
                "posta,free,30,mailbox,30,1,226800,18000,79.0000",
                "posta,free,30,log-in,30,0,216000,7200,80.0000",
                "posta,free,30,read,1,1,10800,10800,99.0000",
                "posta,free,30,receive,0,0,0,0,100.0000",
                "posta,(others),7,log-in,7,0,50400,7200,80.0000");
        assertThat(lines).hasSize(1 + 2 * 6).noneMatch(line -> line.contains("gold") || line.contains("virgola"));
    }

    @Test
    void theTimelineAndTheMigrationAreInItAndNobodysName() throws IOException {
        Map<String, String> files = read();
        assertThat(files.keySet()).containsExactly("README.txt", "availability.csv", "timeline.csv",
                "migration-nuovo.csv", "SHA256SUMS");
        assertThat(files.get("timeline.csv")).contains("critical,\"Le caselle, forse, non si aprono\",\"Mailboxes \"\"do\"\" not open\"",
                "restoring,'=1+1 di nuovo,Back soon");
        assertThat(files.get("migration-nuovo.csv")).contains(",retired,no,pack was retired,accounts=3");
        assertThat(String.join("", files.values()))
                .doesNotContain("luca", "marta", "segreta", "secret.example", "owner");
        for (String line : files.getOrDefault("SHA256SUMS", "").lines().toList()) {
            String text = files.getOrDefault(line.substring(66), "");
            assertThat(line).startsWith(Sha256.of(text.getBytes(StandardCharsets.UTF_8)).toString());
        }
    }

    @Test
    void theNumbersOfABreachAreThoseOfItsBrands() {
        var mails = new LossAccount(90, 10, 5, 2, 3, 7, 0, 0, 0);
        Numbers posta = Numbers.of(totals(), incident()::concerns, mails, new Tried.Count(9, 4));
        assertThat(posta.accounts()).isEqualTo(37);
        assertThat(posta.people()).isEqualTo(37);
        assertThat(posta.measured()).isEqualTo(1);
        assertThat(posta.millis()).isEqualTo((37 * 2 + 3) * 3_600_000L);
        assertThat(posta.longest()).isEqualTo(5 * 3_600_000L);
        assertThat(posta.mails()).as("filed, waiting, lost, out of reach").isEqualTo(100);
        assertThat(posta.lost()).isEqualTo(2);
        Draft draft = Draft.EMPTY.counted(posta);
        assertThat(draft.people()).isEqualTo(37);
        assertThat(draft.records()).isEqualTo(100);
        Draft uncounted = Draft.EMPTY.counted(Numbers.of(totals(), _ -> true, null, Tried.Count.NONE));
        assertThat(uncounted.people()).isEqualTo(57);
        assertThat(uncounted.records()).isEqualTo(-1);
    }
}
