package casella.message;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads and writes Date fields. RFC 5322 §3.3, §4.3.
public final class MailDate {
    private static final int TOKENS_MAX = 32;
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");
    private static final List<String> DAYS =
            List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    /// RFC 5322 §4.3, and those that are met; other names and single letters say nothing (-0000).
    private static final Map<String, Integer> ZONES =
            Map.ofEntries(
                    Map.entry("est", -5),
                    Map.entry("edt", -4),
                    Map.entry("cst", -6),
                    Map.entry("cdt", -5),
                    Map.entry("mst", -7),
                    Map.entry("mdt", -6),
                    Map.entry("pst", -8),
                    Map.entry("pdt", -7),
                    Map.entry("cet", 1),
                    Map.entry("cest", 2),
                    Map.entry("bst", 1),
                    Map.entry("eet", 2),
                    Map.entry("jst", 9));

    private int day = -1;
    private int month = -1;
    private int year = -1;
    private int hour = -1;
    private int minute;
    private int second;
    private ZoneOffset zone = ZoneOffset.UTC;

    private MailDate() {}

    /// Returns the moment with the zone it was written in, or null when day, month, year or time
    /// cannot be found. An unknown zone is UTC; a leap second is the second before.
    public static @Nullable OffsetDateTime parse(String value) {
        MailDate date = new MailDate();
        String text = withoutComments(Octets.cut(value, 1_000)).replace(',', ' ').strip();
        if (text.length() > 10
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T') {
            return iso(text);
        }
        for (String token : text.split("\\s+", TOKENS_MAX)) date.take(token);
        return date.finish();
    }

    private static @Nullable OffsetDateTime iso(String text) {
        try {
            OffsetDateTime at = OffsetDateTime.parse(text);
            return at.getYear() >= 1 && at.getYear() <= 9999 ? at.withNano(0) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /// Returns the date as a header writes it: `Sun, 22 Nov 2026 09:30:00 +0100`.
    public static String write(OffsetDateTime at) {
        String month = MONTHS.get(at.getMonthValue() - 1);
        int minutes = at.getOffset().getTotalSeconds() / 60;
        return "%s, %d %s %04d %02d:%02d:%02d %s%02d%02d"
                .formatted(
                        DAYS.get(at.getDayOfWeek().getValue() - 1),
                        at.getDayOfMonth(),
                        Character.toUpperCase(month.charAt(0)) + month.substring(1),
                        at.getYear(),
                        at.getHour(),
                        at.getMinute(),
                        at.getSecond(),
                        minutes < 0 ? "-" : "+",
                        Math.abs(minutes) / 60,
                        Math.abs(minutes) % 60);
    }

    private static String withoutComments(String value) {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '(') depth++;
            else if (c == ')') depth = Math.max(depth - 1, 0);
            else if (depth == 0) out.append(c);
        }
        return out.toString();
    }

    private void take(String token) {
        if (token.isEmpty()) return;
        int dash = token.indexOf('-');
        if (dash > 0 && dash + 1 < token.length() && Character.isLetter(token.charAt(dash + 1))) {
            for (String piece : token.split("-", 3)) take(piece);
        } else if (token.charAt(0) == '+' || token.charAt(0) == '-') {
            zone(token);
        } else if (token.indexOf(':') > 0) {
            time(token);
        } else if (isDigits(token)) {
            number(token);
        } else if (Character.isLetter(token.charAt(0))) {
            word(Octets.lower(token));
        }
    }

    private void time(String token) {
        if (hour >= 0) return;
        int end = 0;
        while (end < token.length() && "0123456789:.".indexOf(token.charAt(end)) >= 0) end++;
        String[] pieces = token.substring(0, end).split("[:.]", 4);
        if (pieces.length < 2 || !isDigits(pieces[0]) || !isDigits(pieces[1])) return;
        hour = Integer.parseInt(pieces[0]);
        minute = Integer.parseInt(pieces[1]);
        if (pieces.length > 2 && isDigits(pieces[2]))
            second = Math.min(Integer.parseInt(pieces[2]), 60);
        if (second == 60) second = 59;
        if (end < token.length()) take(token.substring(end));
    }

    private void zone(String token) {
        String digits = token.substring(1).replace(":", "");
        if (!isDigits(digits) || digits.length() < 3) return;
        int number = Integer.parseInt(digits);
        int minutes = number / 100 * 60 + number % 100;
        if (minutes >= 18 * 60) return;
        zone = ZoneOffset.ofTotalSeconds((token.charAt(0) == '-' ? -minutes : minutes) * 60);
    }

    private void number(String token) {
        int number = Integer.parseInt(token);
        if (day < 0 && token.length() <= 2) {
            day = number;
        } else if (year < 0) {
            // RFC 5322 §4.3.
            year =
                    token.length() == 2
                            ? number + (number < 50 ? 2000 : 1900)
                            : token.length() == 3 ? number + 1900 : number;
        }
    }

    private void word(String token) {
        int named = token.length() < 3 ? -1 : MONTHS.indexOf(token.substring(0, 3));
        if (named >= 0 && month < 0) {
            month = named + 1;
        } else if (ZONES.containsKey(token)) {
            zone = ZoneOffset.ofHours(ZONES.getOrDefault(token, 0));
        }
    }

    private @Nullable OffsetDateTime finish() {
        if (day < 1 || month < 1 || year < 1 || hour < 0) return null;
        try {
            return OffsetDateTime.of(year, month, day, hour, minute, second, 0, zone);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static boolean isDigits(String text) {
        return !text.isEmpty()
                && text.length() <= 4
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
