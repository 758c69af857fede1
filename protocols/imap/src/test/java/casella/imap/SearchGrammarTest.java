package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that every search key is read, and that keys nest no deeper than allowed. RFC 9051 §6.4.4.
class SearchGrammarTest {
    private static SearchKey parse(String text) {
        return SearchGrammar.parse(new Arguments(CommandText.line(text), Dialect.REV1));
    }

    @Test
    void keysSideBySideMustAllHold() {
        assertThat(parse("UNSEEN (FLAGGED) NOT OR 1:3 UID 7"))
                .isEqualTo(new SearchKey.And(List.of(
                        new SearchKey.Not(new SearchKey.HasFlag("\\Seen")),
                        new SearchKey.HasFlag("\\Flagged"),
                        new SearchKey.Not(new SearchKey.Or(
                                new SearchKey.Numbers(new SequenceSet.Listed(List.of(new SequenceSet.Range(1, 3)))),
                                new SearchKey.Uids(new SequenceSet.Listed(List.of(new SequenceSet.Range(7, 7)))))))));
    }

    @Test
    void datesKnowTheirDay() {
        assertThat(parse("SENTON 1-Feb-2026"))
                .isEqualTo(new SearchKey.Between(
                        SearchKey.Day.SENT, LocalDate.of(2026, 2, 1), LocalDate.of(2026, 2, 2)));
        assertThat(parse("BEFORE 1-Feb-2026"))
                .isEqualTo(new SearchKey.Between(SearchKey.Day.INTERNAL, null, LocalDate.of(2026, 2, 1)));
        assertThat(parse("SAVEDSINCE 1-Feb-2026"))
                .isEqualTo(new SearchKey.Between(SearchKey.Day.SAVED, LocalDate.of(2026, 2, 1), null));
    }

    @Test
    void everyKeyIsKnown() {
        for (String key : List.of(
                "ALL", "ANSWERED", "BCC x", "BEFORE 1-Feb-2026", "BODY x", "CC x", "DELETED", "DRAFT", "FLAGGED",
                "FROM x", "HEADER X-A \"\"", "KEYWORD $Junk", "LARGER 10", "NEW", "NOT ALL", "OLD", "ON 1-Feb-2026",
                "OR ALL ALL", "RECENT", "SEEN", "SENTBEFORE 1-Feb-2026", "SENTON 1-Feb-2026", "SENTSINCE 1-Feb-2026",
                "SINCE 1-Feb-2026", "SMALLER 10", "SUBJECT x", "TEXT x", "TO x", "UID 1", "UNANSWERED", "UNDELETED",
                "UNDRAFT", "UNFLAGGED", "UNKEYWORD a", "UNSEEN", "$", "*", "OLDER 5", "YOUNGER 5", "MODSEQ 5",
                "MODSEQ \"/flags/\\\\draft\" all 620162338", "EMAILID M1", "THREADID T1", "SAVEDBEFORE 1-Feb-2026",
                "SAVEDON 1-Feb-2026", "SAVEDATESUPPORTED")) {
            assertThat(parse(key)).as(key).isNotNull();
        }
    }

    @Test
    void depthAndNumberAreLimited() {
        assertThatThrownBy(() -> parse("NOT ".repeat(51) + "ALL")).hasMessage("search keys nested too deep");
        assertThatThrownBy(() -> parse("(".repeat(10_000))).hasMessage("search keys nested too deep");
        assertThatThrownBy(() -> parse("ALL ".repeat(1_001) + "ALL")).hasMessage("too many search keys");
        assertThat(parse("NOT ".repeat(50) + "ALL")).isNotNull();
    }

    @Test
    void whatIsNoKeyIsRefused() {
        for (String bad : List.of(
                "", "FOO", "FROM", "OR ALL", "NOT", "()", "(ALL", "ALL ", "SENT", "SENTFOO 1-Feb-2026", "SAVED",
                "ON x", "LARGER -1", "UID 0", "MODSEQ", "MODSEQ \"/flags/x\" foo 1")) {
            assertThatThrownBy(() -> parse(bad)).as(bad).isInstanceOf(Arguments.Syntax.class);
        }
    }
}
