package casella.directory;

import java.text.Normalizer;
import java.util.Optional;

/// Makes equal passwords that look equal: SASLprep, RFC 4013, a profile of stringprep, RFC 3454.
///
/// The tables of RFC 3454 are written as rules over the JDK's character data, so characters assigned since Unicode 3.2
/// are taken (docs/decisions/0031).
public final class SaslPrep {
    private SaslPrep() {}

    /// Returns `text` prepared; empty if it has a prohibited character or mixes directions.
    public static Optional<String> prepare(String text) {
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0x7F)) return Optional.of(text);
        var mapped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (otherSpace(c)) mapped.append(' ');
            else if (!mappedToNothing(c)) mapped.appendCodePoint(c);
        });
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        if (normal.codePoints().anyMatch(SaslPrep::prohibited) || mixesDirections(normal)) return Optional.empty();
        return Optional.of(normal);
    }

    /// RFC 3454 table C.1.2.
    private static boolean otherSpace(int c) {
        return c == 0x00A0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F || c == 0x205F || c == 0x3000;
    }

    /// RFC 3454 table B.1.
    private static boolean mappedToNothing(int c) {
        return switch (c) {
            case 0x00AD, 0x034F, 0x1806, 0x180B, 0x180C, 0x180D, 0x200C, 0x200D, 0x2060, 0xFEFF -> true;
            default -> c >= 0xFE00 && c <= 0xFE0F;
        };
    }

    /// RFC 3454 tables C.1.2 and C.2.1 to C.9.
    private static boolean prohibited(int c) {
        return otherSpace(c)
                || c < 0x20 // C.2.1
                || (c >= 0x7F && c <= 0x9F) // C.2.1, C.2.2
                || controlBeyondLatin(c)
                || Character.getType(c) == Character.PRIVATE_USE // C.3
                || (c & 0xFFFE) == 0xFFFE // C.4
                || (c >= 0xFDD0 && c <= 0xFDEF) // C.4
                || (c >= 0xD800 && c <= 0xDFFF) // C.5
                || (c >= 0xFFF9 && c <= 0xFFFD) // C.6
                || (c >= 0x2FF0 && c <= 0x2FFB) // C.7
                || (c >= 0xE0000 && c <= 0xE007F); // C.9
    }

    /// RFC 3454 tables C.2.2 above Latin-1, and C.8.
    private static boolean controlBeyondLatin(int c) {
        return switch (c) {
            case 0x06DD, 0x070F, 0x180E, 0x2028, 0x2029, 0x2061, 0x2062, 0x2063 -> true;
            case 0x0340, 0x0341, 0x200E, 0x200F -> true; // C.8
            default -> (c >= 0x206A && c <= 0x206F)
                    || (c >= 0x202A && c <= 0x202E) // C.8
                    || (c >= 0x1D173 && c <= 0x1D17A);
        };
    }

    /// RFC 3454 §6: with a right-to-left character there is no left-to-right one, and it stands first and last.
    private static boolean mixesDirections(String text) {
        if (text.isEmpty() || text.codePoints().noneMatch(SaslPrep::rightToLeft)) return false;
        if (text.codePoints().anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)) {
            return true;
        }
        return !rightToLeft(text.codePointAt(0)) || !rightToLeft(text.codePointBefore(text.length()));
    }

    private static boolean rightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
