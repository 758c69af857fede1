package casella.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The tree stays shallow whatever order rows come and go in, and older snapshots never change.
class SortedRowsTest {
    @Test
    void theTreeStaysShallowForRowsInOrder() {
        SortedRows rows = SortedRows.EMPTY;
        for (int i = 0; i < 100_000; i++) rows = rows.with(key(i), new byte[0]);

        assertThat(rows.depth()).isLessThanOrEqualTo(40);
    }

    @Test
    void theTreeStaysShallowWhileRowsGo() {
        SortedRows rows = SortedRows.EMPTY;
        var random = new Random(11);
        for (int i = 0; i < 50_000; i++) rows = rows.with(key(random.nextInt(60_000)), new byte[0]);
        for (int i = 0; i < 40_000; i++) rows = rows.without(key(i));
        var left = new int[1];
        rows.scan(new byte[0], new byte[] {(byte) 0xFF}, false, (_, _) -> ++left[0] > 0);

        assertThat(left[0]).isBetween(8_000, 20_000);
        assertThat(rows.depth()).isLessThanOrEqualTo(34);
    }

    @Test
    void anOlderSnapshotStaysAsItWas() {
        SortedRows before = SortedRows.EMPTY.with(key(1), new byte[] {1}).with(key(2), new byte[] {2});
        SortedRows after = before.without(key(1)).with(key(2), new byte[] {9});

        assertThat(before.get(key(1))).containsExactly(1);
        assertThat(before.get(key(2))).containsExactly(2);
        assertThat(after.get(key(1))).isNull();
        assertThat(after.get(key(2))).containsExactly(9);
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }
}
