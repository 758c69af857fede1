package casella.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A wrong setting is refused with its key and its rule.
class SmtpConfigTest {
    private static SmtpConfig of(String host, int message, int recipients, int line, Duration idle, long inFlight) {
        return new SmtpConfig(host, message, recipients, line, 20, 100, idle, Duration.ofMinutes(30), inFlight, false,
                List.of());
    }

    @Test
    void theDefaultsHold() {
        assertThat(SmtpConfig.usual().messageBytesMax()).isEqualTo(52_428_800);
    }

    @Test
    void everyRuleHasItsKey() {
        Duration five = Duration.ofMinutes(5);
        assertThatThrownBy(() -> of("no name", 1 << 20, 100, 1036, five, 8 << 20))
                .hasMessage("smtp.host-name: must be a domain name");
        assertThatThrownBy(() -> of("a", 1000, 100, 1036, five, 8 << 20))
                .hasMessage("smtp.message-bytes-max: must be at least 65536 (RFC 5321 §4.5.3.1.7)");
        assertThatThrownBy(() -> of("a", 1 << 20, 99, 1036, five, 8 << 20))
                .hasMessage("smtp.recipients-max: must be at least 100 (RFC 5321 §4.5.3.1.8)");
        assertThatThrownBy(() -> of("a", 1 << 20, 100, 1035, five, 8 << 20))
                .hasMessage("smtp.line-bytes-max: must be at least 1036 (RFC 3461 §5.4)");
        assertThatThrownBy(() -> of("a", 1 << 20, 100, 1036, Duration.ofSeconds(59), 8 << 20))
                .hasMessage("smtp.idle-timeout: must be at least 1m");
        assertThatThrownBy(() -> of("a", 8 << 20, 100, 1036, five, 8 << 20))
                .hasMessage("smtp.in-flight-bytes-max: must be at least twice message-bytes-max and 4194304");
    }
}
