package casella.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Prometheus' own promtool takes the rules that are shipped, and fires each for the figures that mean it, and none for a
/// server that is well; each rule names a page that is there, and there is no page without a rule.
class PrometheusRulesTest {
    private static final String AWAY = "server-does-not-answer";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /// @param name as Prometheus writes it, with labels
    /// @param values in promtool's form, one a minute
    private record Series(String name, String values) {}

    private static Series of(String name, String values) {
        return new Series(name, values);
    }

    private static final List<Series> WELL = List.of(
            of("up{job=\"casella\"}", "1x30"),
            of("casella_directory_logins_total{protocol=\"imap\",outcome=\"granted\"}", "0+60x30"),
            of("casella_directory_logins_total{protocol=\"imap\",outcome=\"denied\"}", "0+600x30"),
            of("casella_directory_logins_total{protocol=\"imap\",outcome=\"away\"}", "0+1x30"),
            of("casella_continuation_accounts", "0x30"),
            of("casella_debt_lost", "0x30"),
            of("casella_debt_objects", "900-10x30"),
            of("casella_debt_oldest_seconds", "700x30"),
            of("casella_queue_takes", "1x30"),
            of("casella_queue_urgent_seconds", "60x30"),
            of("casella_archive_oldest_seconds", "900x30"),
            of("casella_scanning_down_seconds{scanner=\"rspamd\"}", "300x30"),
            of("casella_scanning_oldest_seconds", "3600x30"),
            of("casella_disk_free_bytes{folder=\"queue\"}", "110x30"),
            of("casella_disk_bytes{folder=\"queue\"}", "1000x30"),
            of("casella_tls_certificate_seconds", "1296000x30"),
            of("casella_part_breaker{part=\"engine\"}", "1x30"),
            of("casella_directory_read_only", "0x30"),
            of("casella_quarantine_accounts", "0x30"),
            of("casella_accounts_apart", "0x30"),
            of("casella_collect_braked", "0x30"),
            of("casella_automation_paused{work=\"healer\"}", "0x30"),
            of("casella_losses_lost", "0x30"),
            of("casella_breaches_due{when=\"soon\"}", "0x30"),
            of("casella_breaches_due{when=\"over\"}", "0x30"),
            of("casella_complaints_overdue", "0x30"),
            of("casella_reopen_halted", "0x30"),
            of("casella_admission_rate", "0x30"),
            of("casella_reopen_active", "0x30"),
            of("casella_standby_accounts", "0x30"));

    private static List<Series> ill(Symptom symptom) {
        return switch (symptom) {
            case LOG_IN -> List.of(of("casella_directory_logins_total{protocol=\"imap\",outcome=\"away\"}",
                    "0+80x30"));
            case FOLDERS_CLOSED -> List.of(of("casella_continuation_accounts", "0x5 3x25"));
            case MAIL_LOST -> List.of(of("casella_debt_lost", "1x30"));
            case MAIL_REFUSED -> List.of(of("casella_queue_takes", "1x5 0x25"));
            case URGENT_LATE -> List.of(of("casella_queue_urgent_seconds", "61x30"));
            case DEBT_GROWING -> List.of(of("casella_debt_objects", "500+10x30"));
            case TAIL_UNARCHIVED -> List.of(of("casella_archive_oldest_seconds", "901x30"));
            case DISK_FULL -> List.of(of("casella_disk_free_bytes{folder=\"queue\"}", "200-1x30"));
            case CERTIFICATE -> List.of(of("casella_tls_certificate_seconds", "1000000x30"));
            case PART_GONE -> List.of(of("casella_part_breaker{part=\"engine\"}", "0x5 2x25"));
            case DIRECTORY -> List.of(of("casella_directory_read_only", "1x30"));
            case ACCOUNTS_SET_ASIDE -> List.of(of("casella_quarantine_accounts", "1x30"));
            case ACCOUNTS_APART -> List.of(of("casella_accounts_apart", "1x30"));
            case COLLECTOR_ASKS -> List.of(of("casella_collect_braked", "1x30"));
            case LADDER_HALTED -> List.of(of("casella_ladder_halted", "1x30"));
            case MAIL_UNSCANNED -> List.of(of("casella_scanning_down_seconds{scanner=\"rspamd\"}", "0x5 301x25"));
            case PAUSED -> List.of(of("casella_automation_paused{work=\"healer\"}", "1x30"));
            case COUNTED_LOST -> List.of(of("casella_losses_lost", "2x30"));
            case BREACH_DUE -> List.of(of("casella_breaches_due{when=\"over\"}", "1x30"));
            case COMPLAINTS_LATE -> List.of(of("casella_complaints_overdue", "3x30"));
            case REOPEN_HALTED -> List.of(of("casella_reopen_halted", "1x30"));
            case LOG_IN_STORM -> List.of(of("casella_admission_rate", "0x5 40x25"));
            case REOPENING -> List.of(of("casella_reopen_active", "1x30"));
            case STANDBY -> List.of(of("casella_standby_accounts", "1x30"));
        };
    }

    @Test
    void theRulesAreTheOnesCheckedIn() {
        Golden.compare("docs/operations/prometheus-rules.yml", PrometheusRules.text());
    }

    @Test
    void eachRuleFiresForWhatItMeansAndForNothingElse() throws Exception {
        Files.writeString(folder.resolve("rules.yml"), PrometheusRules.text());
        var tests = new StringBuilder("rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n");
        test(tests, List.of(), "");
        for (Symptom symptom : Symptom.values()) test(tests, ill(symptom), symptom.id());
        test(tests, List.of(of("up{job=\"casella\"}", "0x30")), AWAY);
        Files.writeString(folder.resolve("tests.yml"), tests);

        assertThat(promtool("check", "rules", "rules.yml")).contains("SUCCESS");
        assertThat(promtool("test", "rules", "tests.yml")).contains("SUCCESS");
    }

    /// A server that is well but for `instead`, and the one alert it has then; empty for none.
    private static void test(StringBuilder out, List<Series> instead, String fires) {
        out.append("  - interval: 1m\n    input_series:\n");
        List<String> others = instead.stream().map(Series::name).toList();
        Stream.concat(WELL.stream().filter(series -> !others.contains(series.name())),
                instead.stream()).forEach(series ->
                out.append("      - series: '").append(series.name()).append("'\n        values: '")
                        .append(series.values()).append("'\n"));
        out.append("    promql_expr_test:\n");
        out.append("      - expr: count by (alertname) (ALERTS{alertstate=\"firing\"})\n        eval_time: 20m\n");
        if (fires.isEmpty()) out.append("        exp_samples: []\n");
        else out.append("        exp_samples: [{labels: '{alertname=\"").append(fires).append("\"}', value: 1}]\n");
    }

    private String promtool(String... arguments) throws IOException, InterruptedException {
        var command = Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList();
        Process process =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void eachRuleHasItsPageAndEachPageItsRule() throws IOException {
        Path root = Path.of(System.getProperty("casella.root", ".."));
        List<String> wanted = Stream.concat(Stream.of(Symptom.values()).map(Symptom::id), Stream.of(AWAY,
                "README"))
                .sorted()
                .toList();
        try (Stream<Path> pages = Files.list(root.resolve("docs/operations/runbooks"))) {
            assertThat(pages.map(page -> page.getFileName().toString().replace(".md",
                    "")).sorted()).isEqualTo(wanted);
        }
        for (Symptom symptom : Symptom.values()) {
            String page = Files.readString(root.resolve(symptom.runbook()));
            assertThat(page).startsWith("# " + symptom.title()).contains("```").contains("casella ");
        }
    }
}
