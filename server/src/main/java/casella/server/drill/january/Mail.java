package casella.server.drill.january;

import java.util.HexFormat;
import java.util.Random;

/// What the owners have, and what comes: made from a number, so that whoever reads it knows what it must be.
final class Mail {
    private static final int LINES = 24;
    private static final int LINE_BYTES = 32;
    private static final String SUBJECT = "Mail ";

    private Mail() {}

    static String address(int owner) {
        return "owner-%06d@posta.example".formatted(owner);
    }

    static String subject(long number) {
        return SUBJECT + "%09d".formatted(number);
    }

    static long number(String subject) {
        return Long.parseLong(subject.substring(SUBJECT.length()));
    }

    /// Returns the text that belongs to a subject.
    static String text(String subject) {
        var random = new Random(number(subject));
        var out = new StringBuilder();
        byte[] line = new byte[LINE_BYTES];
        for (int i = 0; i < LINES; i++) {
            random.nextBytes(line);
            if (i > 0) out.append('\n');
            out.append(HexFormat.of().formatHex(line));
        }
        return out.toString();
    }
}
