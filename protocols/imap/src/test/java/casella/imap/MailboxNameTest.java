package casella.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Proves that names survive the way to the client and back in both dialects. RFC 3501 §5.1.3, RFC 9051 §5.1.
class MailboxNameTest {
    private static String decode(String wire, Dialect dialect) {
        return MailboxName.decode(wire.getBytes(StandardCharsets.UTF_8), dialect);
    }

    @Test
    void theRfcsExampleIsReadAndWritten() {
        assertThat(MailboxName.toUtf7("~peter/mail/台北/日本語")).isEqualTo("~peter/mail/&U,BTFw-/&ZeVnLIqe-");
        assertThat(decode("~peter/mail/&U,BTFw-/&ZeVnLIqe-", Dialect.REV1)).isEqualTo("~peter/mail/台北/日本語");
    }

    @Test
    void everyNameComesBack() {
        for (String name : new String[] {"R&D", "Attività", "\uD83D\uDCEC post", "a\tb", "&", "&-", "~", "€/€", "ÿĀ"}) {
            assertThat(decode(MailboxName.toUtf7(name), Dialect.REV1)).isEqualTo(name);
            assertThat(decode(MailboxName.encode(name, Dialect.REV2), Dialect.REV2)).isEqualTo(name);
        }
    }

    @Test
    void inRev2AnAmpersandIsAnAmpersand() {
        assertThat(decode("R&-D", Dialect.REV2)).isEqualTo("R&-D");
        assertThat(decode("R&-D", Dialect.REV1)).isEqualTo("R&D");
    }

    @Test
    void whatIsNotModifiedUtf7IsTakenAsItStands() {
        for (String odd : new String[] {"R&D", "R&D-x", "a&!!!-", "&2D0-"}) {
            assertThat(decode(odd, Dialect.REV1)).isEqualTo(odd);
        }
    }

    @Test
    void inboxHasNoCase() {
        assertThat(decode("inBox", Dialect.REV1)).isEqualTo("INBOX");
        assertThat(decode("Inbox/Sub", Dialect.REV2)).isEqualTo("INBOX/Sub");
        assertThat(decode("Inboxes", Dialect.REV2)).isEqualTo("Inboxes");
    }
}
