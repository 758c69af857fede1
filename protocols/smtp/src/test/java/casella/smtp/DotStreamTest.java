package casella.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Deadline;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Content ends at CRLF dot CRLF and nowhere else, dots come off, and a bare CR or LF is always seen, however the bytes
/// are cut into packets.
class DotStreamTest {
    private final Room room = new Room(64 << 20);

    /// @param text content as the sender meant it; null if there is no end in what was sent
    private record Reading(String text, boolean ended, boolean flawed, int taken) {}

    private Reading read(byte[] sent, Random cuts) {
        try (Letter letter = new Letter(room, 1 << 20)) {
            var stream = new DotStream(letter, Deadline.in(Duration.ofMinutes(1)));
            int at = 0;
            while (at < sent.length && !stream.done()) {
                int until = Math.min(sent.length, at + 1 + cuts.nextInt(7));
                int took = stream.take(sent, at, until);
                assertThat(took == until - at || stream.done()).isTrue();
                at += took;
            }
            byte[] content = new byte[letter.size()];
            letter.copyTo(content, 0);
            return new Reading(new String(content, ISO_8859_1), stream.done(), stream.flawed(), at);
        }
    }

    private static byte[] bytes(String shown) {
        return shown.replace("^", "\r").replace("/", "\n").getBytes(ISO_8859_1);
    }

    /// `^` is CR, `/` is LF.
    @ParameterizedTest
    @CsvSource({
        "'.^/', ''",
        "'a^/.^/', 'a^/'",
        "'..^/.^/', '.^/'",
        "'.a^/.^/', 'a^/'",
        "'...^/.^/', '..^/'",
        "'^/.^/', '^/'",
        "'a^/^/b.^/.c^/.^/', 'a^/^/b.^/c^/'",
    })
    void dotsComeOff(String sent, String wanted) {
        Reading reading = read(bytes(sent), new Random(1));
        assertThat(reading).isEqualTo(new Reading(new String(bytes(wanted), ISO_8859_1), true, false, sent.length()));
    }

    /// Every one of these ended a message for some server once.
    @ParameterizedTest
    @ValueSource(strings = {
        "a/./b", "a/.^/b", "a^/./b", "a^.^b", "a^.^/b", "a^/.^b", "a^/.^^/b", "a/.^b", "a^^/.^b", "a^/.^.^b",
        "./a", ".^a", "/.^/a", "^.^/a", "a^/..^", "a^/.a/./", "a^/.^.^/b"
    })
    void nothingElseEndsAMessage(String sent) {
        Reading reading = read(bytes(sent), new Random(2));
        assertThat(reading.ended()).isFalse();
        assertThat(reading.taken()).isEqualTo(sent.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b^/.^/", "a^b^/.^/", "^^/.^/", "a^/./^/.^/", "a^/.^x^/.^/", "a^/.^^/.^/", "/^/.^/", "a^^/^/.^/"})
    void aBareLineEndIsSeen(String sent) {
        Reading reading = read(bytes(sent), new Random(3));
        assertThat(reading.ended()).isTrue();
        assertThat(reading.flawed()).isTrue();
        assertThat(reading.taken()).isEqualTo(sent.length());
    }

    @Test
    void whatFollowsTheEndIsLeftForTheNextCommand() {
        byte[] sent = bytes("a^/.^/QUIT^/");
        try (Letter letter = new Letter(room, 100)) {
            var stream = new DotStream(letter, Deadline.in(Duration.ofMinutes(1)));
            assertThat(stream.take(sent, 0, sent.length)).isEqualTo(6);
            assertThat(stream.done()).isTrue();
        }
    }

    /// The definition, byte by byte and slow: split at CRLF, look at each line.
    private static Reading definition(String sent) {
        var content = new StringBuilder();
        boolean flawed = false;
        int from = 0;
        while (true) {
            int end = sent.indexOf("\r\n", from);
            if (end < 0) return new Reading(content.toString(), false, flawed, sent.length());
            String line = sent.substring(from, end);
            from = end + 2;
            if (line.equals(".")) return new Reading(content.toString(), true, flawed, from);
            flawed |= line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0;
            content.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
    }

    @Test
    void itAgreesWithItsDefinition() {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var random = new Random(seed);
        String alphabet = "\r\n\r\n..a\0\u00ff";
        for (int round = 0; round < 100_000; round++) {
            var sent = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                if (random.nextInt(4) == 0) sent.append("\r\n");
                else sent.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Reading wanted = definition(sent.toString());
            Reading got = read(sent.toString().getBytes(ISO_8859_1), random);
            assertThat(got.ended()).as("seed %d, %s", seed, sent).isEqualTo(wanted.ended());
            if (!wanted.ended()) continue;
            assertThat(got.taken()).as("seed %d, %s", seed, sent).isEqualTo(wanted.taken());
            assertThat(got.flawed()).as("seed %d, %s", seed, sent).isEqualTo(wanted.flawed());
            if (!wanted.flawed()) assertThat(got.text()).as("seed %d, %s", seed, sent).isEqualTo(wanted.text());
        }
    }

    @Test
    void memoryIsGivenBack() {
        byte[] much = new byte[300_000];
        try (Letter letter = new Letter(room, 1 << 20)) {
            letter.add(much, 0, much.length);
            assertThat(room.taken()).isGreaterThanOrEqualTo(600_000);
            assertThat(letter.size()).isEqualTo(300_000);
        }
        assertThat(room.taken()).isZero();
        try (Letter letter = new Letter(room, 100_000)) {
            letter.add(much, 0, much.length);
            assertThat(letter.tooLarge()).isTrue();
            assertThat(room.taken()).isZero();
        }
        try (Letter letter = new Letter(new Room(100_000), 1 << 20)) {
            letter.add(much, 0, much.length);
            assertThat(letter.noRoom()).isTrue();
        }
    }
}
