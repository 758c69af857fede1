package casella.server.drill.january;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Proves that everybody has mail, that half of what comes is for somebody who reads, and that a mail is known by its subject.
final class OwnersTest {
    private static final Owners OWNERS = new Owners(100, 10);

    @Test
    void everybodyHasMailAndWhoReadsGetsHalfOfWhatComes() {
        assertThat(LongStream.range(0, 300).mapToInt(OWNERS::had).distinct().count()).isEqualTo(100);
        int[] watchers = OWNERS.watchers().toArray();
        assertThat(watchers).hasSize(10).doesNotHaveDuplicates().startsWith(0, 10).endsWith(90);
        long theirs = LongStream.range(0, 1_000).map(OWNERS::gets).filter(owner -> owner % 10 == 0).count();
        assertThat(theirs).isBetween(500L, 600L);
        assertThat(LongStream.range(0, 1_000).mapToInt(OWNERS::gets).distinct().count()).isEqualTo(100);
    }

    @Test
    void aMailIsKnownByItsSubject() {
        String subject = Mail.subject(4_711);
        assertThat(Mail.number(subject)).isEqualTo(4_711);
        assertThat(Mail.text(subject)).isEqualTo(Mail.text(subject));
        assertThat(Mail.text(subject)).isNotEqualTo(Mail.text(Mail.subject(4_712)));
        assertThat(Mail.text(subject).lines()).hasSize(24).allMatch(line -> !line.startsWith("."));
    }
}
