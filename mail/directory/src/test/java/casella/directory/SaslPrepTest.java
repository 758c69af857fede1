package casella.directory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Proves SASLprep by the table of RFC 4013 §3 and one character of each prohibited table of RFC 3454.
class SaslPrepTest {
    @Test
    void theTableOfTheRfcHolds() {
        assertThat(SaslPrep.prepare("I\u00ADX")).contains("IX");
        assertThat(SaslPrep.prepare("user")).contains("user");
        assertThat(SaslPrep.prepare("USER")).contains("USER");
        assertThat(SaslPrep.prepare("\u00AA")).contains("a");
        assertThat(SaslPrep.prepare("\u2168")).contains("IX");
        assertThat(SaslPrep.prepare("\u0007")).isEmpty();
        assertThat(SaslPrep.prepare("\u06271")).isEmpty();
    }

    @Test
    void oneOfEachProhibitedTableIsRefused() {
        int[] prohibited = {
            0x7F, 0x85, 0x06DD, 0x2028, 0x1D173, 0xE000, 0xFFFE, 0x1FFFF, 0xFDD0, 0xFFFD, 0x2FF0, 0x200E, 0x202A, 0x206A, 0xE0001
        };
        for (int c : prohibited) {
            assertThat(SaslPrep.prepare("a" + Character.toString(c))).as("U+%04X", c).isEmpty();
        }
        assertThat(SaslPrep.prepare("a\uD800")).isEmpty();
    }

    @Test
    void directionsAreNotMixedAndSpacesAreOne() {
        assertThat(SaslPrep.prepare("\u06271\u0628")).contains("\u06271\u0628");
        assertThat(SaslPrep.prepare("\u0627a\u0628")).isEmpty();
        assertThat(SaslPrep.prepare("a\u00A0b\u3000c")).contains("a b c");
        assertThat(SaslPrep.prepare("p\u00E4ss\uD83D\uDE00")).contains("p\u00E4ss\uD83D\uDE00");
    }
}
