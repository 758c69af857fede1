package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Proves that wildcards match what RFC 9051 §6.3.9 says, and that no pattern takes long.
class MailboxPatternTest {
    private static boolean matches(String pattern, String name) {
        return new MailboxPattern(pattern).matches(name);
    }

    @Test
    void wildcardsStopWhereTheyShould() {
        assertThat(matches("*", "a/b/c")).isTrue();
        assertThat(matches("%", "a")).isTrue();
        assertThat(matches("%", "a/b")).isFalse();
        assertThat(matches("%/%", "a/b")).isTrue();
        assertThat(matches("a/%", "a")).isFalse();
        assertThat(matches("a*", "a")).isTrue();
        assertThat(matches("a%b", "ab")).isTrue();
        assertThat(matches("a%b", "a/b")).isFalse();
        assertThat(matches("*b", "a/b")).isTrue();
        assertThat(matches("%*%", "a/b")).isTrue();
        assertThat(matches("a", "b")).isFalse();
        assertThat(matches("", "a")).isFalse();
        assertThat(matches("é%", "été")).isTrue();
    }

    @Test
    void inboxHasNoCaseAndOthersHave() {
        assertThat(matches("inb%", "INBOX")).isTrue();
        assertThat(matches("INBOX", "INBOX")).isTrue();
        assertThat(matches("inbox/a", "INBOX/a")).isFalse();
        assertThat(matches("work", "Work")).isFalse();
    }

    @Test
    void noPatternTakesLong() {
        String pattern = "*a".repeat(999);
        String name = "a".repeat(1_000);

        boolean found = Assertions.assertTimeout(Duration.ofSeconds(5), () -> matches(pattern, name + "b"));

        assertThat(found).isFalse();
        assertThatThrownBy(() -> new MailboxPattern("a".repeat(2_001))).isInstanceOf(Arguments.Syntax.class);
    }
}
