package casella.vault.pack;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Sha256;
import casella.store.append.Place;
import casella.store.append.Scanned.Stretch;
import casella.store.append.Segment;
import casella.store.disk.OpenFiles;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import casella.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Proves that an index says of every name what its segment said last, refuses its own damage, and stays as documented.
final class PackIndexTest {
    private static final Path FOLDER = Path.of("pack");
    private static final Segment SEGMENT =
            new Segment(FOLDER.resolve("0000000000000005-0000000000000007.seg"), 5, 7);

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final YoungSegment young = new YoungSegment(5);

    private PackIndex written(List<Stretch> damaged) throws IOException {
        new PackIndexWriter(FOLDER, SEGMENT, young, damaged).write(disk);
        PackIndex index = PackIndex.open(new OpenFiles(disk, 4), PackIndexWriter.path(SEGMENT));
        if (index == null) throw new AssertionError("index unreadable");
        return index;
    }

    private static ObjectName name(long account, Kind kind, long high, long low) {
        Sha256 hash = Sha256.of(Long.toString(low).getBytes(StandardCharsets.US_ASCII));
        return new ObjectName(new AccountId(account), kind, high, low, hash);
    }

    @Test
    void everyNameIsFoundAndOthersAreNot() throws IOException {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var random = new Random(seed);
        for (int count : new int[] {0, 1, 63, 64, 65, 128, 3_000}) {
            var filled = new YoungSegment(5);
            TreeMap<ObjectName, PackSegment.Slot> model = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                Kind kind = Kind.of(1 + random.nextInt(5));
                ObjectName name = name(random.nextInt(9) - 4, kind, random.nextLong(), i);
                var place = new Place(5, 100L * i);
                boolean removed = random.nextInt(5) == 0;
                if (removed) filled.delete(name, place);
                else filled.put(name, place, i);
                model.put(name, new PackSegment.Slot(place, removed ? PackSegment.Slot.REMOVED : i));
            }
            new PackIndexWriter(FOLDER, SEGMENT, filled, List.of()).write(disk);
            PackIndex index = PackIndex.open(new OpenFiles(disk, 4), PackIndexWriter.path(SEGMENT));
            if (index == null) throw new AssertionError("seed " + seed);

            for (var row : model.entrySet()) {
                assertThat(index.find(row.getKey(), Place.LAST)).describedAs("seed %d", seed).isEqualTo(row.getValue());
                assertThat(index.mayHold(row.getKey().account())).isTrue();
            }
            int perhaps = 0;
            for (int i = 0; i < 1_000; i++) {
                ObjectName other = name(random.nextInt(9) - 4, Kind.PAGE, random.nextLong(), -1 - i);
                assertThat(index.find(other, Place.LAST)).isNull();
                if (index.mayHold(other)) perhaps++;
            }
            assertThat(perhaps).describedAs("seed %d: wrong perhaps of the filter", seed).isLessThan(40);
            PackSegment.Cursor cursor = index.cursor(Place.LAST);
            for (int i = 0; i < 200; i++) {
                ObjectName from = name(random.nextInt(9) - 4, Kind.of(1 + random.nextInt(5)), random.nextLong(), 0);
                Map.Entry<ObjectName, PackSegment.Slot> at = model.ceilingEntry(from);
                boolean there = cursor.seek(from);
                for (int step = 0; step < 3 && at != null; step++) {
                    assertThat(there).isTrue();
                    assertThat(cursor.name()).isEqualTo(at.getKey());
                    assertThat(cursor.slot()).isEqualTo(at.getValue());
                    there = cursor.next();
                    at = model.higherEntry(at.getKey());
                }
                if (at == null) assertThat(there).describedAs("seed %d", seed).isFalse();
            }
        }
    }

    @Test
    void theNewestWordOnANameCountsAndEarlierOnesCanStillBeAskedWhileYoung() throws IOException {
        ObjectName name = name(1, Kind.MAIL, 9, 9);
        young.put(name, new Place(5, 64), 10);
        young.delete(name, new Place(5, 200));
        young.put(name, new Place(5, 300), 10);

        assertThat(young.find(name, new Place(5, 64))).isNull();
        assertThat(young.find(name, new Place(5, 65))).isEqualTo(new PackSegment.Slot(new Place(5, 64), 10));
        assertThat(young.find(name, new Place(5, 250))).matches(slot -> slot != null && slot.removed());
        assertThat(written(List.of()).find(name, Place.LAST)).isEqualTo(young.find(name, Place.LAST));
    }

    @Test
    void aMailOfAnotherTimeIsRuledOutWithoutTheFilter() throws IOException {
        for (int i = 0; i < 1_000; i++) young.put(name(1, Kind.MAIL, 1_000 + i, i), new Place(5, i), 1);
        PackIndex index = written(List.of());

        for (int i = 0; i < 1_000; i++) {
            assertThat(index.mayHold(name(1, Kind.MAIL, 2_000 + i, i))).isFalse();
            assertThat(index.mayHold(name(1, Kind.MAIL, i, i))).isFalse();
        }
    }

    @Test
    void anyFlippedBitIsRefusedAndNeverAWrongAnswer() throws IOException {
        for (int i = 0; i < 200; i++) young.put(name(i % 3, Kind.MAIL, i, i), new Place(5, 100L * i), i);
        var _ = written(List.of());
        Path path = PackIndexWriter.path(SEGMENT);
        int size = disk.bytes(path).length;
        int refused = 0;
        for (int at = 0; at < size; at += 7) {
            disk.flip(path, at, at % 8);
            PackIndex index = PackIndex.open(new OpenFiles(disk, 1), path);
            if (index == null) {
                refused++;
            } else {
                for (int i = 0; i < 200; i++) {
                    try {
                        assertThat(index.find(name(i % 3, Kind.MAIL, i, i), Place.LAST))
                                .describedAs("flip at %d", at)
                                .isEqualTo(new PackSegment.Slot(new Place(5, 100L * i), i));
                    } catch (PackIndex.Lost e) {
                        refused++;
                        break;
                    }
                }
            }
            disk.flip(path, at, at % 8);
        }
        assertThat(refused).isEqualTo(Math.ceilDiv(size, 7));
    }

    /// The bytes of an index are what docs/formats/pack.md says, and stay so.
    @Test
    void theFormatIsTheGoldenOne() throws IOException {
        young.put(name(1, Kind.MAIL, 0x1000, 1), new Place(5, 96), 500);
        young.put(name(1, Kind.SEGMENT, 3, 4), new Place(5, 700), 90);
        young.delete(name(2, Kind.MAIL, 0x1001, 2), new Place(5, 900));
        young.erase(new AccountId(3), new Place(5, 1_000));
        young.end(1_021);
        PackIndex index = written(List.of(new Stretch(300, 400)));
        assertThat(index.erasures()).containsExactly(new YoungSegment.Erasure(new AccountId(3), new Place(5, 1_000)));
        assertThat(index.damaged()).containsExactly(new Stretch(300, 400));

        byte[] file = disk.bytes(index.path());
        var dump = new StringBuilder();
        HexFormat hex = HexFormat.of().withDelimiter(" ");
        for (int at = 0; at < file.length; at += 16) {
            dump.append(String.format("%04x  ", at));
            dump.append(hex.formatHex(file, at, Math.min(file.length, at + 16))).append('\n');
        }
        Path golden =
                Path.of(System.getProperty("casella.root"), "store/vault-pack/src/test/resources/pack-index.golden");
        if (Boolean.getBoolean("golden.rewrite")) Files.writeString(golden, dump);
        assertThat(dump.toString()).isEqualTo(Files.readString(golden));
    }
}
