package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.imap.SequenceSet.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that sets are read, resolved and written as RFC 9051 §9 `sequence-set` says.
class SequenceSetTest {
    private static SequenceSet parse(String text) {
        var in = new Arguments(CommandText.line(text), Dialect.REV1);
        SequenceSet set = in.sequenceSet();
        in.end();
        return set;
    }

    private static List<Range> resolve(String text, long highest) {
        return ((SequenceSet.Listed) parse(text)).resolve(highest);
    }

    @Test
    void rangesAreSortedAndMerged() {
        assertThat(resolve("7,2:4,5", 10)).containsExactly(new Range(2, 5), new Range(7, 7));
        assertThat(resolve("4:2", 10)).containsExactly(new Range(2, 4));
        assertThat(resolve("1:4294967295", 10)).containsExactly(new Range(1, 4_294_967_295L));
    }

    @Test
    void aStarIsTheHighestNumberAlsoBelowTheOtherEnd() {
        assertThat(resolve("559:*", 300)).containsExactly(new Range(300, 559));
        assertThat(resolve("*", 300)).containsExactly(new Range(300, 300));
        assertThat(resolve("*:*,1", 3)).containsExactly(new Range(1, 1), new Range(3, 3));
        assertThat(resolve("1:*", 0)).isEmpty();
    }

    @Test
    void aDollarIsTheSavedResult() {
        assertThat(parse("$")).isEqualTo(new SequenceSet.Saved());
    }

    @Test
    void zeroAndEmptyAreRefused() {
        for (String bad : List.of("0", "1:0", "", ",", "1,", "1:", "a", "-1", "4294967296", "$,1")) {
            assertThatThrownBy(() -> parse(bad)).as(bad).isInstanceOf(Arguments.Syntax.class);
        }
    }

    @Test
    void aNumberIsFoundAmongManyRanges() {
        List<Range> ranges = resolve("1:3,5,9:11", 20);

        assertThat(java.util.stream.LongStream.rangeClosed(1, 12).filter(n -> SequenceSet.holds(ranges, n)))
                .containsExactly(1L, 2L, 3L, 5L, 9L, 10L, 11L);
    }

    @Test
    void runsAreFoldedAndOrderIsKept() {
        var out = new SequenceSet.Writer();
        for (long n : new long[] {4, 5, 6, 9, 1, 2}) out.add(n);

        assertThat(out.text()).isEqualTo("4:6,9,1:2");
        assertThat(new SequenceSet.Writer().text()).isEmpty();
    }
}
