package casella.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Metric;
import casella.base.Metrics;
import casella.testkit.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each symptom is found from the figures that mean it and from nothing less, with since when; it is over when it was not
/// seen for half a minute; whoever listens hears of both once.
class DoctorTest {
    private static final double GIB = 1L << 30;
    private static final double DAY = 86_400;

    private final SteppedClock clock = new SteppedClock();
    private final SetFigures figures = well();
    private final List<String> heard = new ArrayList<>();
    private Doctor.@Nullable Drill drill;
    private final Doctor doctor = new Doctor(figures, clock, Metrics.none(), List.of(new Doctor.Listener() {
        @Override
        public void began(Doctor.Finding finding) {
            heard.add("began " + finding.symptom().id());
        }

        @Override
        public void ended(Doctor.Past past) {
            heard.add("ended " + past.symptom().id());
        }
    }), () -> drill);

    /// What a server says that is well, with the largest values that are still nothing to tell.
    private static SetFigures well() {
        return new SetFigures()
                .set(Metric.DIRECTORY_LOGINS, 1_000, "imap", "granted")
                .set(Metric.DIRECTORY_LOGINS, 40, "imap", "denied")
                .set(Metric.DIRECTORY_LOGINS, 2, "imap", "away")
                .set(Metric.CONTINUATION_ACCOUNTS, 0)
                .set(Metric.STANDBY_ACCOUNTS, 0)
                .set(Metric.DEBT_LOST, 0)
                .set(Metric.DEBT_OBJECTS, 500)
                .set(Metric.DEBT_OLDEST_SECONDS, 600)
                .set(Metric.QUEUE_TAKES, 1)
                .set(Metric.QUEUE_URGENT_SECONDS, 60)
                .set(Metric.ARCHIVE_OLDEST_SECONDS, 900)
                .set(Metric.DISK_FREE_BYTES, 6 * GIB, "queue")
                .set(Metric.DISK_BYTES, 50 * GIB, "queue")
                .set(Metric.TLS_CERTIFICATE_SECONDS, 15 * DAY)
                .set(Metric.PART_BREAKER, 0, "engine")
                .set(Metric.PART_BREAKER, 1, "vault.pack")
                .set(Metric.DIRECTORY_READ_ONLY, 0)
                .set(Metric.QUARANTINE_ACCOUNTS, 0)
                .set(Metric.COLLECT_BRAKED, 0)
                .set(Metric.ACCOUNTS_APART, 0)
                .set(Metric.LOSSES_LOST, 0)
                .set(Metric.BREACHES_DUE, 0, "soon")
                .set(Metric.BREACHES_DUE, 0, "over")
                .set(Metric.COMPLAINTS_OVERDUE, 0)
                .set(Metric.REOPEN_HALTED, 0)
                .set(Metric.ADMISSION_RATE, 0)
                .set(Metric.REOPENING, 0)
                .set(Metric.LADDER_HALTED, 0)
                .set(Metric.SCANNING_DOWN_SECONDS, 300, "clamd")
                .set(Metric.SCANNING_OLDEST_SECONDS, 3_600)
                .set(Metric.LADDER_STAGE, 3)
                .set(Metric.AUTOMATION_PAUSED, 0, "healer");
    }

    /// Makes it so; what takes its time takes it.
    private void make(Symptom symptom) {
        switch (symptom) {
            case LOG_IN -> figures.set(Metric.DIRECTORY_LOGINS, 120, "imap", "away")
                    .set(Metric.DIRECTORY_LOGINS, 1_100, "imap", "granted");
            case FOLDERS_CLOSED -> figures.set(Metric.CONTINUATION_ACCOUNTS, 3);
            case MAIL_LOST -> figures.set(Metric.DEBT_LOST, 1);
            case MAIL_REFUSED -> figures.set(Metric.QUEUE_TAKES, 0);
            case URGENT_LATE -> figures.set(Metric.QUEUE_URGENT_SECONDS, 61);
            case DEBT_GROWING -> {
                doctor.look();
                clock.step(Duration.ofMinutes(5));
                figures.set(Metric.DEBT_OLDEST_SECONDS, 900).set(Metric.DEBT_OBJECTS, 700);
            }
            case MAIL_UNSCANNED -> figures.set(Metric.SCANNING_DOWN_SECONDS, 301, "clamd");
            case TAIL_UNARCHIVED -> figures.set(Metric.ARCHIVE_OLDEST_SECONDS, 901);
            case DISK_FULL -> {
                for (int minute = 0; minute <= 10; minute++) {
                    // 6 GiB at half a GiB an hour: full in half a day.
                    figures.set(Metric.DISK_FREE_BYTES, (6 - minute / 120.0) * GIB, "queue");
                    doctor.look();
                    if (minute < 10) clock.step(Duration.ofMinutes(1));
                }
            }
            case CERTIFICATE -> figures.set(Metric.TLS_CERTIFICATE_SECONDS, 13 * DAY);
            case PART_GONE -> figures.set(Metric.PART_BREAKER, 2, "vault.pack");
            case DIRECTORY -> figures.set(Metric.DIRECTORY_READ_ONLY, 1);
            case ACCOUNTS_SET_ASIDE -> figures.set(Metric.QUARANTINE_ACCOUNTS, 1);
            case ACCOUNTS_APART -> figures.set(Metric.ACCOUNTS_APART, 1).set(Metric.ACCOUNTS_APART_MAX, 64);
            case COLLECTOR_ASKS -> figures.set(Metric.COLLECT_BRAKED, 1);
            case LADDER_HALTED -> figures.set(Metric.LADDER_HALTED, 1).set(Metric.LADDER_STAGE, 3);
            case PAUSED -> figures.set(Metric.AUTOMATION_PAUSED, 1, "healer");
            case COUNTED_LOST -> figures.set(Metric.LOSSES_LOST, 2);
            case BREACH_DUE -> figures.set(Metric.BREACHES_DUE, 1, "soon");
            case COMPLAINTS_LATE -> figures.set(Metric.COMPLAINTS_OVERDUE, 3);
            case REOPEN_HALTED -> figures.set(Metric.REOPEN_HALTED, 1);
            case LOG_IN_STORM -> figures.set(Metric.ADMISSION_RATE, 2);
            case REOPENING -> figures.set(Metric.REOPENING, 1);
            case STANDBY -> figures.set(Metric.STANDBY_ACCOUNTS, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachSymptomIsFoundAloneAndEnds(Symptom symptom) {
        doctor.look();
        clock.step(Doctor.EVERY);
        doctor.look();
        assertThat(doctor.findings()).isEmpty();

        make(symptom);
        doctor.look();

        assertThat(doctor.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.symptom()).isEqualTo(symptom);
            assertThat(finding.since()).isEqualTo(clock.now());
            assertThat(finding.seen()).isNotBlank();
        });
        var began = clock.now();
        figuresWell();
        while (!doctor.findings().isEmpty()) {
            clock.step(Doctor.EVERY);
            doctor.look();
            assertThat(Duration.between(began, clock.now())).isLessThan(Duration.ofHours(7));
        }
        assertThat(Duration.between(began, clock.now())).isGreaterThanOrEqualTo(Doctor.CALM);
        assertThat(doctor.recent()).singleElement().satisfies(past -> {
            assertThat(past.symptom()).isEqualTo(symptom);
            assertThat(past.since()).isEqualTo(began);
            assertThat(past.until()).isEqualTo(clock.now());
        });
        assertThat(heard).containsExactly("began " + symptom.id(), "ended " + symptom.id());
    }

    /// Counters stay where they are.
    private void figuresWell() {
        SetFigures well = well();
        for (Metric metric : Metric.values()) {
            if (metric.kind() != Metric.Kind.GAUGE) continue;
            well.lines(metric).forEach((labels, value) -> figures.set(metric, value,
                    labels.toArray(String[]::new)));
        }
    }

    @Test
    void whatComesAndGoesIsOneFinding() {
        for (int i = 0; i < 10; i++) {
            figures.set(Metric.PART_BREAKER, i % 2 == 0 ? 2 : 0, "engine");
            doctor.look();
            clock.step(Duration.ofSeconds(10));
        }

        assertThat(heard).containsExactly("began part-is-gone");
    }

    @Test
    void aDiskThatIsNearlyFullIsToldEvenIfItStaysSo() {
        figures.set(Metric.DISK_FREE_BYTES, 4.9 * GIB, "queue");
        doctor.look();

        assertThat(doctor.findings()).singleElement()
                .satisfies(finding -> assertThat(finding.seen()).isEqualTo("that of queue has 9.8 % free"));
    }

    @Test
    void aDiskThatFillsSlowlyIsNothingToTell() {
        for (int minute = 0; minute < 60; minute++) {
            // 6 GiB at 6 GiB in 25 hours.
            figures.set(Metric.DISK_FREE_BYTES, (6 + 6 / 25.0 - minute / 60.0 * 6 / 25.0) * GIB, "queue");
            doctor.look();
            clock.step(Duration.ofMinutes(1));
        }

        assertThat(doctor.findings()).isEmpty();
    }

    @Test
    void logInsWithAWrongPasswordAreNobodysFault() {
        doctor.look();
        clock.step(Doctor.EVERY);
        figures.set(Metric.DIRECTORY_LOGINS, 100_000, "imap", "denied").set(Metric.DIRECTORY_LOGINS, 9_000,
                "imap", "later");
        doctor.look();

        assertThat(doctor.findings()).isEmpty();
    }

    @Test
    void whatMattersMostComesFirst() {
        make(Symptom.STANDBY);
        make(Symptom.PART_GONE);
        make(Symptom.FOLDERS_CLOSED);
        doctor.look();

        assertThat(doctor.findings()).extracting(Doctor.Finding::symptom)
                .containsExactly(Symptom.FOLDERS_CLOSED, Symptom.PART_GONE, Symptom.STANDBY);
    }

    @Test
    void aFigureThatCannotBeHadEndsNoLooking() {
        var broken = new Figures() {
            private boolean away = true;

            @Override
            public Map<List<String>, Double> lines(Metric metric) {
                if (away) throw new IllegalStateException("gauge");
                return figures.lines(metric);
            }

            @Override
            public double millis(Metric timer, double share, String... labels) {
                return Double.NaN;
            }
        };
        var looking = new Doctor(broken, clock, Metrics.none(), List.of(), () -> null);
        looking.look();
        broken.away = false;
        make(Symptom.PART_GONE);
        looking.look();

        assertThat(looking.findings()).hasSize(1);
    }

    /// Whoever is called at night reads that it was done on purpose; and not of what was wrong before.
    @Test
    void whatADrillDoesIsToldWithItsName() {
        make(Symptom.TAIL_UNARCHIVED);
        doctor.look();
        clock.step(Duration.ofMinutes(1));
        drill = new Doctor.Drill(clock.now(), "DRILL engine-gone, cohort all, by order of anna");
        clock.step(Duration.ofSeconds(5));
        make(Symptom.PART_GONE);
        doctor.look();

        assertThat(seen(Symptom.PART_GONE)).contains("vault.pack", "[DRILL engine-gone, cohort all, by order of anna]");
        assertThat(seen(Symptom.TAIL_UNARCHIVED)).isNotEmpty().doesNotContain("DRILL");

        drill = null;
        doctor.look();
        assertThat(seen(Symptom.PART_GONE)).isNotEmpty().doesNotContain("DRILL");
    }

    private String seen(Symptom symptom) {
        return doctor.findings().stream()
                .filter(finding -> finding.symptom() == symptom)
                .map(Doctor.Finding::seen)
                .findFirst()
                .orElse("");
    }
}
