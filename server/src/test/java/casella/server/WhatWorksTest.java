package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Metric;
import casella.continuity.cohort.Cohort;
import casella.continuity.reopen.Progress;
import casella.continuity.reopen.Reopening;
import casella.incident.availability.Cause;
import casella.incident.availability.Conditions.Standing;
import casella.incident.availability.Scope;
import casella.server.health.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Proves that what does not work for a whole scope is seen in the server's own figures, and only while it is so.
final class WhatWorksTest {
    private static final Standing NO_QUEUE = new Standing(new Scope.Everybody(), Cause.QUEUE);
    private static final Standing NO_LOG_IN = new Standing(new Scope.OfProtocol("imap"), Cause.DIRECTORY);

    private final Map<Metric, Map<List<String>, Double>> lines = new HashMap<>();
    private boolean vault = true;
    private boolean queue = true;
    private boolean directory = true;
    private Optional<Reopening.Status> reopening = Optional.empty();

    private final WhatWorks works = new WhatWorks(
            new WhatWorks.Looks(() -> vault, () -> queue, () -> directory, () -> reopening, () -> reopening.isEmpty()),
            new Figures() {
                @Override
                public Map<List<String>, Double> lines(Metric metric) {
                    return lines.getOrDefault(metric, Map.of());
                }

                @Override
                public double millis(Metric timer, double share, String... labels) {
                    return Double.NaN;
                }
            });

    private void count(Metric metric, String... labels) {
        lines.computeIfAbsent(metric, _ -> new HashMap<>()).merge(List.of(labels), 1.0, Double::sum);
    }

    private Set<Standing> now() {
        return works.look(5).standing().keySet();
    }

    @Test
    void noVaultIsEverybodys() {
        assertThat(now()).isEmpty();
        vault = false;
        assertThat(works.look(5).standing())
                .containsExactly(Map.entry(new Standing(new Scope.Everybody(), Cause.VAULTS), 5L));
    }

    @Test
    void aQueueThatTakesNoneCountsFromTheFirstMailThatIsRefusedUntilOneIsAccepted() {
        lines.put(Metric.QUEUE_TAKES, Map.of(List.of(), 0.0));
        assertThat(now()).as("nobody tried").isEmpty();
        count(Metric.DELIVERY_RECIPIENTS, "try-later");
        count(Metric.DELIVERY_RECIPIENTS, "kept");
        assertThat(now()).as("some is accepted").isEmpty();
        count(Metric.DELIVERY_RECIPIENTS, "try-later");
        assertThat(now()).containsExactly(NO_QUEUE);
        assertThat(now()).as("and nobody tried since").containsExactly(NO_QUEUE);
        count(Metric.DELIVERY_RECIPIENTS, "kept");
        assertThat(now()).isEmpty();
        count(Metric.DELIVERY_RECIPIENTS, "try-later");
        assertThat(now()).containsExactly(NO_QUEUE);
        lines.put(Metric.QUEUE_TAKES, Map.of(List.of(), 1.0));
        assertThat(now()).isEmpty();
        queue = false;
        count(Metric.DELIVERY_RECIPIENTS, "try-later");
        assertThat(now()).as("a queue that does not answer").containsExactly(NO_QUEUE);
    }

    @Test
    void logInsThatCannotBeCheckedAreTheProtocolsUntilOneIsOrTheDirectoryAnswers() {
        directory = false;
        assertThat(now()).isEmpty();
        count(Metric.DIRECTORY_LOGINS, "imap", "away");
        count(Metric.DIRECTORY_LOGINS, "jmap", "away");
        count(Metric.DIRECTORY_LOGINS, "jmap", "granted");
        assertThat(now()).containsExactly(NO_LOG_IN);
        assertThat(now()).containsExactly(NO_LOG_IN);
        count(Metric.DIRECTORY_LOGINS, "imap", "denied");
        assertThat(now()).isEmpty();
        count(Metric.DIRECTORY_LOGINS, "imap", "away");
        assertThat(now()).containsExactly(NO_LOG_IN);
        directory = true;
        assertThat(now()).isEmpty();
    }

    @Test
    void aReopeningKeepsOutTheCohortsWhoseStepHasNotCome() {
        reopen(true, 0);
        assertThat(now()).hasSize(102).allMatch(one -> one.scope() instanceof Scope.OfCohort of && !of.unpaid());
        assertThat(works.look(5).standing().values()).containsOnly(reopening.orElseThrow().progress().begun().toEpochMilli());
        assertThat(works.look(5).doorsFree()).isFalse();
        reopen(true, 3);
        assertThat(now()).as("who pays is in").hasSize(100)
                .allMatch(one -> one.scope() instanceof Scope.OfCohort of && of.unpaid());
        reopen(false, 4);
        assertThat(now().stream().map(one -> one.scope().text()).collect(Collectors.toSet()))
                .hasSize(98).contains("cohort slice-02", "cohort slice-99").doesNotContain("cohort slice-01");
        reopening = Optional.empty();
        assertThat(now()).isEmpty();
        assertThat(works.look(5).doorsFree()).isTrue();
    }

    private void reopen(boolean paidFirst, int in) {
        var begun = Instant.parse("2027-01-31T03:12:09Z");
        var progress = new Progress(begun, "luca", paidFirst, Duration.ofMinutes(10), in, begun);
        reopening = Optional.of(new Reopening.Status(
                Reopening.State.RUNNING, progress, Cohort.SLICES, "a step", 1, 1, 0, 0, List.of()));
    }
}
