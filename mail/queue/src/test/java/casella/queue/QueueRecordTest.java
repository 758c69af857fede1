package casella.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Fault;
import casella.base.MailboxId;
import casella.message.envelope.Body;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.message.envelope.Ret;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Proves that the queue's records are the bytes docs/formats/queue.md says, and that no bytes are too strange to read.
final class QueueRecordTest {
    private static final QueuedMessage MESSAGE =
            new QueuedMessage(
                    new QueueId(0x1122334455667788L),
                    Priority.URGENT,
                    Instant.ofEpochMilli(0x0102030405L),
                    "a@b.c",
                    List.of(
                            new QueueItem(new ArrivalId(1, 2), new AccountId(3), "d@e.f", null),
                            new QueueItem(new ArrivalId(4, 5), new AccountId(6), "g@h.i", new MailboxId(7))),
                    List.of(
                            new RemoteItem(new ArrivalId(9, 10), "j@k.l", Notify.parse("SUCCESS")
                                    .orElseThrow(), true, true),
                            new RemoteItem(
                                    new ArrivalId(11, 12), "m@n.o",
                                    Notify.parse("NEVER").orElseThrow().of("rfc822;p@q.r"), false, true)),
                    new MailOptions(Body.BINARY_MIME, true, Ret.HDRS, "v=1", -2),
                    new AccountId(8),
                    "ciao".getBytes(StandardCharsets.US_ASCII));

    private static byte[] body(QueuedMessage message) {
        byte[] head = QueueRecord.head(message);
        byte[] body = Arrays.copyOf(head, head.length + message.content().length);
        System.arraycopy(message.content(), 0, body, head.length, message.content().length);
        return body;
    }

    @Test
    void aMessageIsTheseBytes() {
        assertThat(HexFormat.of().formatHex(body(MESSAGE)))
                .isEqualTo(
                        "02 01 02 05 000000de 1122334455667788 0000000102030405"
                                        .concat(" b133a0c0e9bee3be20163d2ad31d6248db292aa6dcb1ee087a2aa50e0fc75ae2")
                                        .concat(" 00000002 0005 6140622e63")
                                        .concat(" 0000000000000008 fe 000000 00000002 0003 763d31")
                                        .concat(" 0000000000000001 0000000000000002 0000000000000003 00000000 0005 6440652e66")
                                        .concat(" 0000000000000004 0000000000000005 0000000000000006 00000007 0005 6740682e69")
                                        .concat(" 0000000000000009 000000000000000a 31 0005 6a406b2e6c 0000")
                                        .concat(" 000000000000000b 000000000000000c 28 0005 6d406e2e6f 000c 7266633832323b7040712e72")
                                        .concat(" 6369616f")
                                        .replace(" ", ""));
        QueuedMessage found = QueueRecord.whole(QueueRecord.MESSAGE, body(MESSAGE)).message();
        assertThat(found).usingRecursiveComparison().isEqualTo(MESSAGE);
    }

    /// Files written before there was mail for elsewhere.
    @Test
    void format1IsRead() {
        byte[] body = HexFormat.of().parseHex(
                "01 01 0000 00000089 1122334455667788 0000000102030405"
                        .concat(" b133a0c0e9bee3be20163d2ad31d6248db292aa6dcb1ee087a2aa50e0fc75ae2")
                        .concat(" 00000002 0005 6140622e63")
                        .concat(" 0000000000000001 0000000000000002 0000000000000003 00000000 0005 6440652e66")
                        .concat(" 0000000000000004 0000000000000005 0000000000000006 00000007 0005 6740682e69")
                        .concat(" 6369616f")
                        .replace(" ", ""));
        QueuedMessage found = QueueRecord.whole(QueueRecord.MESSAGE, body).message();
        assertThat(found).usingRecursiveComparison()
                .isEqualTo(new QueuedMessage(
                        MESSAGE.id(), MESSAGE.priority(), MESSAGE.received(), MESSAGE.sender(),
                                MESSAGE.items(),
                        MESSAGE.content()));
    }

    @Test
    void howARecipientStandsIsTheseBytes() {
        var standing = new QueueRecord.Standing(new ArrivalId(1, 2), true, false, "a@b.c");
        byte[] bytes = QueueRecord.standing(standing);
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("0101000000000000" + "0000000000000001" + "0000000000000002" + "0005"
                        + "6140622e63");
        assertThat(QueueRecord.read(QueueRecord.STANDING, bytes, 0)).isEqualTo(standing);
    }

    @Test
    void anEndIsTheseBytes() {
        var ended = new QueueRecord.Ended(new ArrivalId(1, 2), QueueRecord.Ending.NOBODY);
        byte[] bytes = QueueRecord.ended(ended, Instant.ofEpochMilli(9));
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("0102000000000000" + "0000000000000001" + "0000000000000002" + "0000000000000009");
        assertThat(QueueRecord.read(QueueRecord.ENDED, bytes, 0)).isEqualTo(ended);
    }

    @Test
    void otherBytesThanWereKeptAreRefused() {
        byte[] body = body(MESSAGE);
        body[body.length - 1] ^= 1;
        assertThatThrownBy(() -> QueueRecord.whole(QueueRecord.MESSAGE, body))
                .isInstanceOf(Fault.Corrupt.class);
    }

    @Test
    void noBytesAreTooStrange() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        byte[] good = body(MESSAGE);
        for (int i = 0; i < 20_000; i++) {
            int length = random.nextInt(4) == 0 ? random.nextInt(good.length + 1) : good.length;
            byte[] bytes = Arrays.copyOf(good, length);
            for (int k = random.nextInt(4); k >= 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                read(bytes);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @FuzzTest
    void read(byte[] bytes) {
        for (int kind = 0; kind < 6; kind++) {
            QueueRecord.Said said = QueueRecord.read(kind, bytes, 0);
            if (said instanceof QueueRecord.Message message) {
                assertThat(message.size()).isBetween(0, bytes.length);
                assertThat(message.items().size() + message.remote().size()).isPositive();
            }
        }
    }
}
