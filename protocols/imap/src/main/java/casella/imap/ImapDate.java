package casella.imap;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// Dates as IMAP writes them: `17-Jul-1996` and `"17-Jul-1996 02:44:25 -0700"`. RFC 9051 §9 `date`, `date-time`.
final class ImapDate {
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    private ImapDate() {}

    /// Reads `date`, quoted or bare.
    static LocalDate date(Arguments in) {
        String text = in.next('"') ? in.string() : in.atom();
        String[] part = text.split("-", -1);
        if (part.length != 3) throw new Arguments.Syntax("expected a date such as 1-Feb-2026");
        try {
            return LocalDate.of(number(part[2], 4, 4), month(part[1]), number(part[0], 1, 2));
        } catch (DateTimeException e) {
            throw new Arguments.Syntax("no such day");
        }
    }

    /// Reads `date-time`, always quoted; its day may have a leading space.
    static Instant dateTime(Arguments in) {
        if (!in.next('"')) throw in.expected("a date and time");
        String text = in.string();
        if (text.length() != 26 || text.charAt(2) != '-' || text.charAt(6) != '-' || text.charAt(11) != ' ') {
            throw new Arguments.Syntax("expected a date such as \"01-Feb-2026 12:00:00 +0100\"");
        }
        char sign = text.charAt(21);
        if (text.charAt(14) != ':' || text.charAt(17) != ':' || text.charAt(20) != ' ' || (sign != '+' && sign != '-')) {
            throw new Arguments.Syntax("expected a date such as \"01-Feb-2026 12:00:00 +0100\"");
        }
        try {
            String day = text.charAt(0) == ' ' ? text.substring(1, 2) : text.substring(0, 2);
            // A leap second is the second before it.
            int second = Math.min(59, number(text.substring(18, 20), 2, 2));
            var local = LocalDateTime.of(
                    number(text.substring(7, 11), 4, 4), month(text.substring(3, 6)), number(day, 1, 2),
                    number(text.substring(12, 14), 2, 2), number(text.substring(15, 17), 2, 2), second);
            int minutes = number(text.substring(22, 24), 2, 2) * 60 + number(text.substring(24, 26), 2, 2);
            return local.toInstant(ZoneOffset.ofTotalSeconds((sign == '-' ? -60 : 60) * minutes));
        } catch (DateTimeException e) {
            throw new Arguments.Syntax("no such time");
        }
    }

    /// Returns `at` as INTERNALDATE has it, in UTC: `01-Feb-2026 12:00:00 +0000`, without quotes.
    static String format(Instant at) {
        OffsetDateTime time = at.atOffset(ZoneOffset.UTC);
        return String.format(
                Locale.ROOT, "%02d-%s-%04d %02d:%02d:%02d +0000", time.getDayOfMonth(),
                MONTHS.get(time.getMonthValue() - 1), time.getYear(), time.getHour(), time.getMinute(),
                time.getSecond());
    }

    private static int month(String text) {
        for (int i = 0; i < MONTHS.size(); i++) {
            if (MONTHS.get(i).equalsIgnoreCase(text)) return i + 1;
        }
        throw new Arguments.Syntax("no such month");
    }

    private static int number(String text, int digitsMin, int digitsMax) {
        if (text.length() < digitsMin || text.length() > digitsMax) throw new Arguments.Syntax("expected digits in a date");
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') throw new Arguments.Syntax("expected digits in a date");
            number = number * 10 + (c - '0');
        }
        return number;
    }
}
