package casella.incident.compensation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.directory.Plan;
import casella.directory.Registrar;
import casella.base.AccountId;
import casella.incident.Csv;
import casella.incident.availability.AwayMillis;
import casella.incident.availability.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proves what rules say, what is refused with its line, and that each plan of each brand must be named.
final class RulesFileTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final String ONE = """
            version: 1
            rules:
              - rule: room
                brands: [posta]
                plans: [free, plus]
                away: mailbox
                longer-than: 24h
                quota: 20%
            """;

    private static AwayMillis mailbox(long millis) {
        return new AwayMillis(0, millis, 0, 0, 0, millis);
    }

    @Test
    void theFirstThatFitsCounts() {
        Rules rules = RulesFile.read(ONE + """
              - rule: less
                brands: all
                plans: [free]
                away: read
                longer-than: 90m
                months: 1
              - {rule: none, brands: all, plans: plus, nothing: {it: no, en: no}}
            """);

        assertThat(rules.of("posta", "free", mailbox(24 * HOUR + 1)).map(Rule::name)).contains("room");
        assertThat(rules.of("posta", "free", mailbox(24 * HOUR)).map(Rule::name)).as("longer than").contains("less");
        assertThat(rules.of("virgola", "free", mailbox(48 * HOUR)).map(Rule::name)).contains("less");
        assertThat(rules.of("posta", "free", mailbox(HOUR)).map(Rule::name)).isEmpty();
        assertThat(rules.of("virgola", "plus", new AwayMillis(0, 0, 0, 1, 0, 0)).map(Rule::name)).contains("none");
        assertThat(rules.of("posta", "free", new AwayMillis(0, 0, 90 * HOUR, 0, 0, 0))).isEmpty();
        assertThat(rules.digest()).hasSize(64).isNotEqualTo(RulesFile.read(ONE).digest());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "longer-than: 24h | longer-than: a day | line 7: longer-than: must be a time",
        "away: mailbox    | away: imap         | line 6: away: must be mailbox",
        "quota: 20%       | quota: -5%         | line 8: quota: must be a share",
        "quota: 20%       | quota: 0%          | line 8: quota: must be a share",
        "quota: 20%       | quota: 2000%       | line 8: quota: must be a share",
        "quota: 20%       | months: 0          | line 8: months: must be 1 to 120",
        "quota: 20%       | gift: 20%          | line 8: there is no 'gift'",
        "quota: 20%       | away: read         | line 8: away: is there twice",
        "quota: 20%       | nothing: why       | line 8: must be keys with values: en, it",
        "brands: [posta]  | x: 1               | line 4: there is no 'x'",
        "rule: room       | rule: My Rule      | line 3: rule: must be 1 to 40",
        "version: 1       | version: 2         | line 1: version: must be 1",
        "rules:           | rules: {}          | is no YAML",
        "plans: [free, plus] | plans: all      | line 3: plans: must be named",
    })
    void whatIsWrongIsNamedWithItsLine(String right, String wrong, String why) {
        assertThat(ONE).contains(right);
        assertThatThrownBy(() -> RulesFile.read(ONE.replace(right, wrong)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }

    @Test
    void aReasonIsSaidInBothLanguagesAndTwoRulesHaveTwoNames() {
        assertThatThrownBy(() -> RulesFile.read(ONE.replace("quota: 20%", "nothing: {it: no}")))
                .hasMessageContaining("line 8: en: is missing");
        assertThatThrownBy(() -> RulesFile.read(ONE + ONE.substring(ONE.indexOf("  - rule"))))
                .hasMessageContaining("'room' is there twice");
        assertThatThrownBy(() -> RulesFile.read("")).hasMessageContaining("empty");
        assertThatThrownBy(() -> RulesFile.read("x".repeat(30_000))).hasMessageContaining("24,000");
    }

    @Test
    void eachPlanOfEachBrandConcernedMustBeNamed() {
        Rules rules = RulesFile.read(ONE);
        List<String> both = List.of("posta", "virgola");

        assertThat(rules.wrong(List.of("posta"), both, List.of("free", "plus"))).isEmpty();
        assertThat(rules.wrong(both, both, List.of("free", "plus"))).hasSize(2)
                .first().asString().startsWith("plan 'free' of brand 'virgola' is named by no rule").contains("nothing:");
        assertThat(rules.wrong(List.of("posta"), both, List.of("free", "plus", "gold"))).hasSize(1)
                .first().asString().contains("'gold'");
        assertThat(rules.wrong(List.of("posta"), both, List.of("free"))).containsExactly("rule 'room': there is no plan 'plus'");
        assertThat(rules.wrong(List.of(), List.of("virgola"), List.of("free", "plus")))
                .containsExactly("rule 'room': there is no brand 'posta'");
    }

    @Test
    void anAccountIsOwedForTheTimeItWasThereAlone() {
        var window = new Span(0, 100 * HOUR);
        var plans = List.of(new Plan("free", 10_000_000, false, Plan.ServiceLevel.BASIC, 30));
        var decision = new Decision(RulesFile.read(ONE), window, plans);

        assertThat(decision.of(member(Instant.EPOCH), mailbox(50 * HOUR)))
                .contains(new Owed("posta", "free", "room", 20, 2_000_000, 0));
        assertThat(decision.of(member(Instant.ofEpochMilli(90 * HOUR)), mailbox(50 * HOUR)))
                .as("ten hours of it").contains(new Owed("posta", "free", "", 0, 0, 0));
        assertThat(decision.of(member(Instant.ofEpochMilli(100 * HOUR)), mailbox(50 * HOUR))).isEqualTo(Optional.empty());
        assertThat(decision.of(member(Instant.EPOCH), mailbox(0))).isEmpty();
    }

    private static Registrar.Member member(Instant created) {
        return new Registrar.Member(new AccountId(5), "a@posta.example", "posta", "free", null, created);
    }

    @Test
    void aSpreadsheetComputesNothingOfWhatBillingReads() {
        assertThat(Csv.row(List.of("a", "b,c", "say \"no\"", "", "two\nlines")))
                .isEqualTo("a,\"b,c\",\"say \"\"no\"\"\",,\"two\nlines\"\r\n");
        assertThat(Csv.row(List.of("=1+1", "+39", "-5", "@sum(a)", "\t=1", "\r=2", "a=b")))
                .isEqualTo("'=1+1,'+39,'-5,'@sum(a),'\t=1,\"'\r=2\",a=b\r\n");
        assertThat(Csv.row(List.of("=HYPERLINK(\"http://x\")"))).isEqualTo("\"'=HYPERLINK(\"\"http://x\"\")\"\r\n");
    }
}
