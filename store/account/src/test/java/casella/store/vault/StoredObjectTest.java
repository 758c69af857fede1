package casella.store.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.base.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Proves that an object says itself what it is and shows every damage: no flipped bit ever becomes an answer.
final class StoredObjectTest {
    private static final ArrivalId ARRIVAL = new ArrivalId(0x0193_0000_0000_0001L, 0xFFL);
    private static final Receipt RECEIPT =
            new Receipt(
                    ARRIVAL,
                    Instant.ofEpochMilli(1_763_812_800_000L),
                    "bruno@virgola.example",
                    "anna@posta.example",
                    new MailboxId(1),
                    List.of("$seen"));

    private static ObjectName name(byte[] content) {
        return ObjectName.mail(new AccountId(7), ARRIVAL, Sha256.of(content));
    }

    private static byte[] content(int length, long seed) {
        var random = new Random(seed);
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) content[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : 'a');
        return content;
    }

    @Test
    void everySizeComesBackWholeAndInPieces() {
        for (int length : new int[] {0, 1, 83, 262_143, 262_144, 262_145, 700_000}) {
            byte[] content = content(length, length);
            byte[] object = StoredObject.encode(name(content), RECEIPT.encode(), content);
            assertThat(StoredObject.read(name(content), object)).isEqualTo(content);
            StoredObject opened = StoredObject.open(name(content), object);
            assertThat(Receipt.decode(opened.receipt())).isEqualTo(RECEIPT);
            int from = length / 3;
            int until = length - length / 5;
            StoredObject.Stretch stretch = opened.stretch(from, until);
            byte[] stored = Arrays.copyOfRange(object, (int) stretch.from(), (int) stretch.from() + stretch.length());
            assertThat(opened.content(from, until, stored)).isEqualTo(Arrays.copyOfRange(content, from, until));
        }
    }

    @Test
    void theHeaderIsTheBytesItAlwaysWas() {
        byte[] content = "ciao\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] object = StoredObject.encode(name(content), new byte[0], content);
        String hex = HexFormat.of().formatHex(object);
        assertThat(hex)
                .startsWith("43534f31" + "01" + "01" + "0000" + "0000000000000007" + "019300000000000100000000000000ff")
                .contains("00000000" + "00000006" + "00040000" + "00000001")
                .endsWith("6369616f0d0a");
        assertThat(object).hasSize(84 + 20 + 6);
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] content = content(3_000, 1);
        ObjectName name = name(content);
        byte[] object = StoredObject.encode(name, RECEIPT.encode(), content);
        int chunksAt = StoredObject.headLength(object);
        for (int bit = 0; bit < object.length * 8; bit++) {
            byte[] damaged = object.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            if (readable(name, damaged)) {
                // Only within a chunk there are bits that zstd does not use: the content is then exactly as it was.
                assertThat(bit / 8).as("bit %d", bit).isGreaterThanOrEqualTo(chunksAt);
                assertThat(StoredObject.read(name, damaged)).as("bit %d", bit).isEqualTo(content);
            }
        }
    }

    private static boolean readable(ObjectName name, byte[] object) {
        try {
            StoredObject.read(name, object);
            return true;
        } catch (Fault.Corrupt e) {
            return false;
        }
    }

    @Test
    void aShortenedOrForeignObjectIsNoticed() {
        byte[] content = content(300_000, 2);
        ObjectName name = name(content);
        byte[] object = StoredObject.encode(name, RECEIPT.encode(), content);
        for (int length = 0; length < object.length; length += 997) {
            byte[] cut = Arrays.copyOf(object, length);
            assertThatThrownBy(() -> StoredObject.read(name, cut)).isInstanceOf(Fault.Corrupt.class);
        }
        ObjectName other = ObjectName.mail(new AccountId(8), ARRIVAL, Sha256.of(content));
        assertThatThrownBy(() -> StoredObject.read(other, object)).isInstanceOf(Fault.Corrupt.class);
    }

    @Test
    void garbageNeverBecomesAnObject() {
        var random = new Random(3);
        byte[] content = content(100, 3);
        for (int i = 0; i < 2_000; i++) {
            byte[] garbage = new byte[random.nextInt(400)];
            random.nextBytes(garbage);
            assertThatThrownBy(() -> StoredObject.read(name(content), garbage)).isInstanceOf(Fault.Corrupt.class);
        }
    }

    @Test
    void namesAreReadAsTheyWereWritten() {
        ObjectName name = name(content(10, 4));
        assertThat(ObjectName.of(name.bytes())).isEqualTo(name);
        assertThat(name.toString()).startsWith("0000000000007/mail/");
    }
}
