package casella.message;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Proves that the stored form keeps its bytes for ever, and that no other bytes do more than
/// [Fault.Corrupt].
final class StoredFormTest {
    private static final byte[] MAIL =
            SummaryTest.mail(
                    """
                    From: =?utf-8?q?Anna_Verd=C3=AC?= <anna@posta.example>
                    To: Amici: b@x.example;
                    Subject: Ciao
                    Date: Sun, 22 Nov 2026 09:30:00 +0100
                    Message-ID: <1@posta.example>
                    Content-Type: multipart/mixed; boundary=b

                    --b

                    ciao
                    --b
                    Content-Type: message/rfc822
                    Content-Disposition: attachment; filename=a.eml

                    Subject: dentro

                    x
                    --b--
                    """);

    /// Version 1 as first written. A change here makes stored summaries unreadable: add a version
    /// instead.
    private static byte[] golden() throws IOException {
        try (InputStream in =
                requireNonNull(StoredFormTest.class.getResourceAsStream("summary-1.hex"))) {
            return HexFormat.of()
                    .parseHex(new String(in.readAllBytes(), US_ASCII).replace("\n", ""));
        }
    }

    @Test
    void theBytesAreThoseOfVersionOne() throws IOException {
        assertThat(HexFormat.of().formatHex(Summary.of(MAIL).encode()))
                .isEqualTo(HexFormat.of().formatHex(golden()));
        assertThat(Summary.decode(golden())).isEqualTo(Summary.of(MAIL));
    }

    @Test
    void otherVersionsAndCutBytesAreCorrupt() {
        byte[] stored = Summary.of(MAIL).encode();
        byte[] other = stored.clone();
        other[0] = 2;

        assertThatThrownBy(() -> Summary.decode(new byte[0])).isInstanceOf(Fault.Corrupt.class);
        assertThatThrownBy(() -> Summary.decode(new byte[] {1})).isInstanceOf(Fault.Corrupt.class);
        assertThatThrownBy(() -> Summary.decode(other)).isInstanceOf(Fault.Corrupt.class);
        assertThatThrownBy(() -> Summary.decode(Arrays.copyOf(stored, stored.length - 3)))
                .isInstanceOf(Fault.Corrupt.class);
    }

    @Test
    void anUnknownFieldIsSkipped() {
        byte[] stored = Summary.of(MAIL).encode();
        byte[] newer = Arrays.copyOf(stored, stored.length + 4);
        System.arraycopy(new byte[] {(byte) 0xA2, 0x06, 1, 'x'}, 0, newer, stored.length, 4);

        assertThat(Summary.decode(newer)).isEqualTo(Summary.of(MAIL));
    }

    @Test
    void flippedBytesAreReadOrCorruptAndNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] stored = Summary.of(MAIL).encode();
        for (int round = 0; round < 20_000; round++) {
            byte[] bad = stored.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bad[1 + random.nextInt(bad.length - 1)] = (byte) random.nextInt(256);
            }
            try {
                Summary read = Summary.decode(bad);
                assertThat(read.root().body().end())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(read.size());
            } catch (Fault.Corrupt expected) {
                assertThat(expected.facts()).as("seed %d", seed).containsKey("bytes");
            }
        }
    }
}
