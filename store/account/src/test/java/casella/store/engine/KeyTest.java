package casella.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.ArrivalId;
import casella.base.MailboxId;
import casella.base.Modseq;
import casella.base.Sha256;
import casella.base.ThreadId;
import casella.base.Uid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Proves that rows lie where they always lay: the bytes of each key are those of `keys.golden`, and sort as their
/// components sort.
final class KeyTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("casella.root"), "store/account/src/test/resources/casella/store/engine/keys.golden");
    private static final ArrivalId ARRIVAL = new ArrivalId(0x0193_0000_0000_0001L, 0x0000_0000_0000_00FFL);
    private static final MailboxId INBOX = new MailboxId(1);
    private static final Uid UID = new Uid(42);
    private static final Modseq MODSEQ = new Modseq(300);
    private static final ThreadId THREAD = new ThreadId(ARRIVAL);
    private static final Sha256 HASH = Sha256.of(new byte[] {1});

    /// One worked key for each room, in the order of the table in [Key].
    private static final List<Key> WORKED =
            List.of(
                    new Key.Head(),
                    new Key.Entry(MODSEQ),
                    new Key.Archived(),
                    new Key.Collected(),
                    new Key.Mailbox(INBOX),
                    new Key.MailboxName("Lavoro"),
                    new Key.MailboxChanged(MODSEQ, INBOX),
                    new Key.MailboxEnded(MODSEQ, INBOX),
                    new Key.Placement(INBOX, UID),
                    new Key.PlacementChanged(INBOX, MODSEQ, UID),
                    new Key.PlacementEnded(INBOX, MODSEQ, UID),
                    new Key.Received(INBOX, 1_763_812_800_000L, ARRIVAL, UID),
                    new Key.Deleted(INBOX, UID),
                    new Key.Email(ARRIVAL),
                    new Key.Summary(ARRIVAL),
                    new Key.EmailChanged(MODSEQ, ARRIVAL),
                    new Key.EmailEnded(MODSEQ, ARRIVAL),
                    new Key.Content(HASH, ARRIVAL),
                    new Key.ThreadEmail(THREAD, ARRIVAL),
                    new Key.MessageIdHash(0x1122_3344_5566_7788L, THREAD, ARRIVAL),
                    new Key.ThreadChanged(MODSEQ, THREAD),
                    new Key.ThreadState(THREAD),
                    new Key.Ended(ARRIVAL),
                    new Key.Recoverable(MODSEQ, ARRIVAL),
                    new Key.Condemned(MODSEQ, ARRIVAL),
                    new Key.Document(2, "1"),
                    new Key.DocumentChanged(2, MODSEQ, "1"));

    @Test
    void keysAreTheBytesTheyAlwaysWere() throws IOException {
        var lines = new StringBuilder();
        for (Key key : WORKED) {
            String name = key.getClass().getSimpleName();
            lines.append(String.format("%-16s %s%n", name, HexFormat.of().formatHex(key.bytes())));
        }
        if ("rewrite".equals(System.getProperty("golden"))) Files.writeString(GOLDEN, lines);
        assertThat(lines.toString()).isEqualTo(Files.readString(GOLDEN, StandardCharsets.UTF_8));
    }

    @Test
    void everyRoomHasANumberOfItsOwnAndAWorkedKey() {
        assertThat(WORKED).hasSameSizeAs(Key.class.getPermittedSubclasses());
        var rooms = new TreeSet<Byte>();
        for (Key key : WORKED) assertThat(rooms.add(key.bytes()[0])).as(key.toString()).isTrue();
    }

    @Test
    void bytesSortAsComponentsSort() {
        var uids = new ArrayList<Uid>();
        for (long value : new long[] {1, 255, 256, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL}) uids.add(Uid.of(value));
        for (int i = 1; i < uids.size(); i++) {
            byte[] low = new Key.Placement(INBOX, uids.get(i - 1)).bytes();
            byte[] high = new Key.Placement(INBOX, uids.get(i)).bytes();
            assertThat(Arrays.compareUnsigned(low, high)).as(uids.get(i).toString()).isNegative();
            assertThat(uids.get(i - 1)).isLessThan(uids.get(i));
        }
    }

    @Test
    void nothingWithAPrefixSortsAfterItsEnd() {
        assertThat(Key.after(new byte[] {0x20, (byte) 0xFF})).containsExactly(0x21);
        assertThat(Key.after(new byte[] {0x20, 0x01})).containsExactly(0x20, 0x02);
    }

    @Test
    void theHeadRowIsReadAsItWasWritten() {
        var head = new HeadRow(7, 3, HASH, new byte[] {9, 9});
        HeadRow again = HeadRow.of(head.bytes());
        assertThat(again.version()).isEqualTo(7);
        assertThat(again.epoch()).isEqualTo(3);
        assertThat(again.hash()).isEqualTo(HASH);
        assertThat(again.counters()).containsExactly(9, 9);
    }
}
