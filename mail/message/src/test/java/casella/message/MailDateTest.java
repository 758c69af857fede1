package casella.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Proves that dates are read as RFC 5322 §3.3 and §4.3 say, and as old programs wrote them.
final class MailDateTest {
    private static final Map<String, String> READ =
            Map.ofEntries(
                    Map.entry("Fri, 21 Nov 1997 09:55:06 -0600", "1997-11-21T09:55:06-06:00"),
                    Map.entry("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z"),
                    Map.entry(
                            "Thu,\r\n 13\r\n Feb\r\n 1969\r\n 23:32 -0330 (Newfoundland Time)",
                            "1969-02-13T23:32-03:30"),
                    Map.entry("1 Jan 26 00:00:00 +0100", "2026-01-01T00:00+01:00"),
                    Map.entry("1 Jan 103 00:00 EST", "2003-01-01T00:00-05:00"),
                    Map.entry("Mon Jan  2 15:04:05 2006", "2006-01-02T15:04:05Z"),
                    Map.entry("Sunday, 22-Nov-26 09:30:00 CET", "2026-11-22T09:30+01:00"),
                    Map.entry("Sun, 22 Nov 2026 9:30:60 +01:00", "2026-11-22T09:30:59+01:00"),
                    Map.entry("22 November 2026 09:30 X", "2026-11-22T09:30Z"),
                    Map.entry("2026-11-22T09:30:00.5+01:00", "2026-11-22T09:30+01:00"));

    @Test
    void datesAreReadAsTheTableSays() {
        READ.forEach(
                (written, read) ->
                        assertThat(MailDate.parse(written))
                                .as(written)
                                .isEqualTo(OffsetDateTime.parse(read)));
    }

    @Test
    void whatIsNoDateIsNone() {
        for (String bad :
                List.of(
                        "",
                        "domani",
                        "32 Jan 2026 10:00",
                        "1 Jan 2026",
                        "1 Foo 2026 10:00",
                        "25:61 1 Jan 2026",
                        "31 Feb 2026 10:00",
                        "99999-99-99T99:99:99Z",
                        "((((",
                        "-",
                        ":",
                        "--:--")) {
            assertThat(MailDate.parse(bad)).as(bad).isNull();
        }
    }

    @Test
    void aWrittenDateIsReadBack() {
        OffsetDateTime at = OffsetDateTime.parse("2026-02-03T04:05:06-03:30");

        assertThat(MailDate.write(at)).isEqualTo("Tue, 3 Feb 2026 04:05:06 -0330");
        assertThat(MailDate.parse(MailDate.write(at))).isEqualTo(at);
    }
}
