package casella.server.alert;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Metrics;
import casella.server.health.Doctor;
import casella.server.health.Symptom;
import casella.testkit.SteppedClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What begins and what ends is told once by each channel, what lasts now and then; a channel that fails is tried again for
/// an hour, and costs the others nothing.
class AlertsTest {
    private static final Duration REPEAT = Duration.ofHours(4);

    private final SteppedClock clock = new SteppedClock();

    private static final class Recorded implements Channel {
        private final List<String> sent = new ArrayList<>();
        private boolean works = true;

        @Override
        public String name() {
            return "webhook";
        }

        @Override
        public void send(Alert alert) throws IOException {
            if (!works) throw new IOException("connection refused");
            sent.add(alert.state().word() + " " + alert.id());
        }
    }

    private final Recorded channel = new Recorded();
    private final Outbox outbox = new Outbox(channel, clock, Metrics.none());

    private Doctor.Finding finding(Symptom symptom) {
        return new Doctor.Finding(symptom, clock.now(), "vault.pack");
    }

    private Alert alert(Symptom symptom) {
        return Alert.of(finding(symptom), Alert.State.BEGAN);
    }

    @Test
    void whatBeginsLastsAndEndsIsTold() {
        try (var alerts = new Alerts(List.of(channel), REPEAT, clock, Metrics.none())) {
            alerts.began(finding(Symptom.PART_GONE));
            alerts.began(finding(Symptom.STANDBY)); // a notice: nobody is called for it
            clock.step(REPEAT.minusSeconds(1));
            alerts.remind();
            clock.step(Duration.ofSeconds(1));
            alerts.remind();
            alerts.remind();
            alerts.ended(new Doctor.Past(Symptom.PART_GONE, clock.now(), clock.now()));
            alerts.ended(new Doctor.Past(Symptom.STANDBY, clock.now(), clock.now()));
            clock.step(REPEAT);
            alerts.remind();
            alerts.drain();
        }

        assertThat(channel.sent).containsExactly("began part-is-gone", "lasts part-is-gone",
                "over part-is-gone");
    }

    @Test
    void oneThatFailsIsTriedAgainEverMoreSeldomAndInOrder() {
        channel.works = false;
        outbox.add(alert(Symptom.PART_GONE));
        outbox.add(alert(Symptom.CERTIFICATE));
        Duration before = Duration.ZERO;
        for (int i = 0; i < 5; i++) {
            Duration rest = outbox.step();
            assertThat(rest).isGreaterThan(before);
            before = rest;
            clock.step(rest);
        }
        channel.works = true;
        outbox.drain();

        assertThat(channel.sent).containsExactly("began part-is-gone", "began certificate-ends");
    }

    @Test
    void oneThatFailsForAnHourMakesRoomForTheNext() {
        channel.works = false;
        outbox.add(alert(Symptom.PART_GONE));
        clock.step(Outbox.PATIENCE.plusSeconds(1));
        outbox.add(alert(Symptom.CERTIFICATE));
        outbox.step();
        channel.works = true;
        outbox.drain();

        assertThat(channel.sent).containsExactly("began certificate-ends");
    }

    @Test
    void onlySoManyWaitAndTheNewestAreKept() {
        for (int i = 0; i < Outbox.MAX; i++) outbox.add(alert(Symptom.PART_GONE));
        outbox.add(alert(Symptom.CERTIFICATE));
        outbox.drain();

        assertThat(channel.sent).hasSize(Outbox.MAX).last().isEqualTo("began certificate-ends");
    }

    @Test
    void theLineOfAnAlertIsOneLineOfAscii() {
        String line = alert(Symptom.PART_GONE).line("posta.example\r\nBcc: eve@evil.example");

        assertThat(line).matches("[ -~]+").startsWith("[posta.example??Bcc: eve@evil.example] WARNING: A part is gone");
    }
}
