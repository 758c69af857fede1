package casella.server.drill.january;

import static org.assertj.core.api.Assertions.assertThat;

import casella.server.drill.Measured;
import casella.server.drill.Sample;
import casella.server.drill.Sample.Result;
import casella.server.drill.Scale;
import casella.server.drill.Scene.Place;
import casella.testkit.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Proves what the report of a re-enactment says of what was measured, and that nothing wrong passes.
final class ReenactedTest {
    private static final Setting SETTING = Setting.of(Scale.SMALL).blockedFor(Duration.ofSeconds(20));
    private static final January.Blocked BLOCKED = new January.Blocked(30_000, 50_000);
    private static final Reenacted.Counted ALL = new Reenacted.Counted(900, 900, 0, 0, 0);

    private final SteppedClock clock = new SteppedClock();
    private final Measured casella = new Measured(clock, 10_000);
    private final Measured only = new Measured(clock, 10_000);
    private final List<Act> acts = new ArrayList<>(List.of(
            new Act("burn-in", "Burned in", true, "FAILED: it answers nothing", 0, 10_000),
            new Act("halted", "Moved in stages", true, "halted at 10%", 10_000, 20_000),
            new Act("forced", "Forced through", true, "all came back", 20_000, 60_000)));

    private static Sample read(int owner, long at, long took, Result result, Place place) {
        return new Sample(Sample.Kind.READ, owner, at, took, result, place);
    }

    /// Two owners read every second for a minute; nobody waits for longer than a read takes.
    private Reenacted found(Reenacted.Counted counted) {
        for (long at = 0; at < 60_000; at += 1_000) {
            boolean blocked = at >= BLOCKED.from() && at < BLOCKED.until();
            for (int owner = 1; owner <= 2; owner++) {
                Place place = blocked ? Place.STANDBY : Place.ENGINE;
                casella.add(read(owner, at, at == 30_000 ? 1_800 : 5, Result.RIGHT, place));
                if (!blocked || at == 30_000) {
                    only.add(read(owner, at, blocked ? 20_000 : 5, Result.RIGHT, Place.ENGINE));
                }
            }
        }
        clock.step(Duration.ofSeconds(60));
        return new Reenacted(SETTING, Instant.EPOCH, casella, only, BLOCKED, BLOCKED, acts, counted);
    }

    @Test
    void whatWasMeasuredIsSaid() {
        casella.accepted.put("Mail 000000001", 100L);
        casella.noticed.put("Mail 000000001", 350L);
        only.refused.set(7);
        Reenacted found = found(ALL);
        assertThat(found.passed()).isTrue();
        assertThat(found.json().toString()).contains(
                "\"darkMinutes\":0.0", "\"accepted\":900", "\"lost\":0", "\"duplicated\":0", "\"identifiersChanged\":0",
                "\"timeToDialToneMillis\":1800", "\"urgentNoticeMillis\":250", "\"scale\":\"small\"", "\"faultMillis\":20000",
                "\"oneStorage\":{\"darkMinutes\":0.333,\"ownersDark\":2,\"refused\":7}");
        assertThat(found.markdown()).contains("PASSED", "| 0.333 | 0.000 |", "**Moved in stages.** halted at 10%", "plot.svg",
                "| 7 | 0 |", "1.8 s");
        assertThat(found.samples()).contains("30000,1800,read,1,right,standby");
    }

    /// Above red while the storage is blocked, below blue; and nobody has to know what a vault is.
    @Test
    void thePictureShowsBoth() {
        String svg = found(ALL).svg();
        int below = svg.indexOf(">Casella<");
        assertThat(svg.substring(0, below)).contains(">One storage<", "fill=\"#c53030\"", "in the dark for 20 s")
                .doesNotContain("fill=\"#2b6cb0\"");
        String casellas = svg.substring(below, svg.indexOf("the storage stops answering"));
        assertThat(casellas).contains("fill=\"#2b6cb0\"", "fill=\"#d69e2e\"", "0 s in the dark, 0 of 900 mails lost")
                .doesNotContain("fill=\"#c53030\"");
        assertThat(svg).contains("It need not come to this: a burn-in", "halts by itself").doesNotContain("NOT SO");
    }

    @Test
    void nothingWrongPasses() {
        wrong(measured -> {}, new Reenacted.Counted(900, 900, 1, 0, 0));
        wrong(measured -> {}, new Reenacted.Counted(900, 899, 0, 0, 0));
        wrong(measured -> {}, new Reenacted.Counted(900, 900, 0, 1, 0));
        wrong(measured -> {}, new Reenacted.Counted(900, 900, 0, 0, 1));
        wrong(test -> test.casella.refused.set(1), ALL);
        wrong(test -> test.casella.identifiersChanged.set(1), ALL);
        wrong(test -> test.casella.wrongBytes.set(1), ALL);
        wrong(test -> test.acts.removeFirst(), ALL);
        wrong(test -> test.acts.set(1, new Act("halted", "Moved in stages", false, "NOT SO: it went on", 0, 1)), ALL);
        wrong(test -> test.casella.add(read(1, 0, 5, Result.FAILED, Place.ENGINE)), ALL);
    }

    private static void wrong(Consumer<ReenactedTest> how, Reenacted.Counted counted) {
        var test = new ReenactedTest();
        how.accept(test);
        Reenacted found = test.found(counted);
        assertThat(found.passed()).isFalse();
        assertThat(found.markdown()).doesNotContain("PASSED");
    }

    /// Where the one storage was not in the dark nothing was shown.
    @Test
    void aStorageThatNeverBlockedProvesNothing() {
        found(ALL);
        var unblocked = new Measured(clock, 10);
        unblocked.add(read(1, 0, 5, Result.RIGHT, Place.ENGINE));
        var found = new Reenacted(SETTING, Instant.EPOCH, casella, unblocked, BLOCKED, BLOCKED, acts, ALL);
        assertThat(found.passed()).isFalse();
    }

    @Test
    void anActThatFailedIsToldInThePicture() {
        acts.set(0, new Act("burn-in", "Burned in", false, "NOT SO: PASSED", 0, 1));
        assertThat(found(ALL).svg()).contains("It need not come to this: NOT SO: a burn-in");
    }
}
