package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/// Proves that dates are read and written as RFC 9051 §9 `date` and `date-time` say.
class ImapDateTest {
    private static Arguments of(String text) {
        return new Arguments(CommandText.line(text), Dialect.REV1);
    }

    @Test
    void aDayMayBeQuotedAndHaveOneDigit() {
        assertThat(ImapDate.date(of("1-feb-2026"))).isEqualTo(LocalDate.of(2026, 2, 1));
        assertThat(ImapDate.date(of("\"01-Feb-2026\""))).isEqualTo(LocalDate.of(2026, 2, 1));
    }

    @Test
    void aTimeHasItsZone() {
        assertThat(ImapDate.dateTime(of("\"17-Jul-1996 02:44:25 -0700\""))).isEqualTo("1996-07-17T09:44:25Z");
        assertThat(ImapDate.dateTime(of("\" 7-Jul-1996 02:44:60 +0130\""))).isEqualTo("1996-07-07T01:14:59Z");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Instant at = Instant.parse("2026-02-01T12:34:56Z");

        assertThat(ImapDate.format(at)).isEqualTo("01-Feb-2026 12:34:56 +0000");
        assertThat(ImapDate.dateTime(of("\"" + ImapDate.format(at) + "\""))).isEqualTo(at);
    }

    @Test
    void whatIsNoDateIsRefused() {
        for (String bad : new String[] {"31-Feb-2026", "1-Foo-2026", "1-Feb-26", "1/2/2026", "x", "--", "001-Feb-2026"}) {
            assertThatThrownBy(() -> ImapDate.date(of(bad))).as(bad).isInstanceOf(Arguments.Syntax.class);
        }
        for (String bad : new String[] {
            "\"17-Jul-1996 02:44:25\"", "\"17-Jul-1996 25:44:25 -0700\"", "\"17-Jul-1996 02:44:25 -9900\"",
            "17-Jul-1996", "\"17-Jul-1996 02:44:25 00700\"", "\"+7-Jul-1996 02:44:25 -0700\""
        }) {
            assertThatThrownBy(() -> ImapDate.dateTime(of(bad))).as(bad).isInstanceOf(Arguments.Syntax.class);
        }
    }
}
