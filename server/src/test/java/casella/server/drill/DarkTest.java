package casella.server.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Proves what is called darkness, and what a pause, from looks that are made up here.
final class DarkTest {
    private static Sample read(long at, long took, Sample.Result result) {
        return new Sample(Sample.Kind.READ, 1, at, took, result, Scene.Place.ENGINE);
    }

    private static Sample right(long at, long took) {
        return read(at, took, Sample.Result.RIGHT);
    }

    private static Sample failed(long at, long took) {
        return read(at, took, Sample.Result.FAILED);
    }

    @Test
    void darknessLastsFromTheFirstFailureToTheNextAnswer() {
        var reads = List.of(right(0, 5), failed(100, 50), failed(300, 50), right(500, 20), failed(900, 10));
        assertThat(Dark.spans(reads, 2_000))
                .containsExactly(new Dark.Span(100, 520), new Dark.Span(900, 2_000));
    }

    @Test
    void aReadThatIsAnsweredWithinTenSecondsIsAPauseAndALaterOneIsNot() {
        assertThat(Dark.spans(List.of(right(0, 9_999)), 19_000)).isEmpty();
        assertThat(Dark.spans(List.of(right(0, 10_001)), 19_000))
                .containsExactly(new Dark.Span(0, 10_001));
    }

    @Test
    void wrongBytesAreDarkness() {
        assertThat(Dark.spans(List.of(read(10, 5, Sample.Result.WRONG), right(50, 5)), 100))
                .containsExactly(new Dark.Span(10, 55));
    }

    @Test
    void timesInWhichSeveralAreDarkCountOnce() {
        var spans = List.of(new Dark.Span(100, 300), new Dark.Span(0, 200), new Dark.Span(250, 260),
                new Dark.Span(400, 410));
        assertThat(Dark.millis(spans)).isEqualTo(310);
        assertThat(Dark.millis(List.of())).isZero();
    }

    @Test
    void thePauseIsTheLongestFromAskingToAnAnswerWhileTheFaultWasOn() {
        // Slow before the fault, 1.7 s through two failures in it, slow again after it.
        var reads = List.of(right(0, 9_000), failed(10_000, 500), failed(10_700, 500), right(11_300, 400),
                right(12_000, 30), right(20_000, 8_000));
        assertThat(Dark.longestPause(reads, 9_500, 15_000)).isEqualTo(OptionalLong.of(1_700));
    }

    @Test
    void aReadUnderWayWhenTheFaultBeganIsCountedFromThere() {
        assertThat(Dark.longestPause(List.of(right(900, 1_100), right(2_100, 10)), 1_000, 5_000))
                .isEqualTo(OptionalLong.of(1_000));
    }

    @Test
    void whoWasAnsweredOnlyAfterTheFaultHadNoDialTone() {
        var reads = List.of(right(0, 5), right(100, 3_000), right(4_000, 5));
        assertThat(Dark.longestPause(reads, 50, 2_000)).isEmpty();
        assertThat(Dark.longestPause(List.of(), 0, 10)).isEmpty();
    }
}
