package casella.store.append;

import static casella.store.append.Logs.FOLDER;
import static casella.store.append.Logs.config;
import static casella.store.append.Logs.contents;
import static casella.store.append.Logs.keep;
import static casella.store.append.Logs.life;
import static casella.store.append.Logs.open;
import static casella.store.append.Logs.texts;
import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Proves that power loss loses nothing answered, and that damage of any kind is set aside, never served, and ends.
final class SegmentDamageTest {
    private static final int RECORDS = 24;

    @Test
    void powerLossAtAnyOperationLosesNothingAnswered() {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        List<String> texts = texts(RECORDS, seed);
        var whole = new SimulatedDisk(seed);
        try (AppendLog log = open(whole)) {
            assertThat(life(log, texts, seed)).hasSize(RECORDS);
        }
        for (long operation = 0; operation < whole.operations(); operation++) {
            var disk = new SimulatedDisk(seed + operation).powerLossAt(operation);
            List<String> answered;
            try (AppendLog log = open(disk)) {
                answered = life(log, texts, seed);
            }
            for (int chance = 0; chance < 6; chance++) {
                String told = "seed " + seed + ", power lost at " + operation + ", chance " + chance;
                SimulatedDisk found = disk.afterPowerLoss(seed + chance);
                List<String> second = texts(5, seed + 1);
                Logs.Contents before;
                try (AppendLog log = open(found)) {
                    before = contents(log);
                    assertThat(before.records()).describedAs(told).containsAll(answered);
                    assertThat(texts).describedAs(told).containsAll(before.records());
                    assertThat(before.damaged()).describedAs(told).isZero();
                    keep(log, second.toArray(String[]::new));
                }
                // And again: what was told once after a loss is still there after the next.
                List<String> again = contents(found.afterPowerLoss(seed)).records();
                assertThat(again).describedAs(told).containsAll(before.records()).containsAll(second);
            }
        }
    }

    @Test
    void anyFlippedBitsCostWhatTheyHitAndNothingWrongIsServed() throws IOException {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var random = new Random(seed);
        List<String> texts = texts(RECORDS, seed);
        for (int round = 0; round < 400; round++) {
            String told = "seed " + seed + ", round " + round;
            var disk = new SimulatedDisk(seed + round);
            try (AppendLog log = open(disk)) {
                life(log, texts, seed);
            }
            Path file = disk.files().get(random.nextInt(disk.files().size()));
            int size = disk.bytes(file).length;
            switch (round % 4) {
                case 0 -> disk.flip(file, random.nextInt(size), random.nextInt(8));
                case 1 -> {
                    for (int i = 0; i < 10; i++) disk.flip(file, random.nextInt(size), random.nextInt(8));
                }
                case 2 -> disk.truncate(file, random.nextInt(size));
                default -> disk.garble(file);
            }

            Logs.Contents found = contents(disk);

            assertThat(texts).describedAs(told).containsAll(found.records());
            assertThat(found.records()).describedAs(told).doesNotHaveDuplicates();
            // A log that was closed claims all it wrote, so one flip is always told from a torn end. Many can hit a
            // batch and the mark that claims it; a cut at a batch's end in the last file is not seen at all.
            if (found.records().size() < texts.size() && round % 4 != 2) {
                long seen = found.damaged() + (round % 4 == 0 ? 0 : found.torn());
                assertThat(seen).describedAs(told).isPositive();
            }
            if (round % 4 == 0) {
                assertThat(found.records().size()).describedAs(told).isGreaterThanOrEqualTo(texts.size() - 4);
            }
        }
    }

    @Test
    void aDamagedBodyCostsItsRecordOnly() throws IOException {
        SimulatedDisk disk = three();
        flipIn(disk, "second");

        assertThat(contents(disk)).isEqualTo(new Logs.Contents(List.of("first", "third"), 0, 1));
    }

    @Test
    void aDamagedMarkCostsItsBatchOnly() throws IOException {
        SimulatedDisk disk = three();
        Path file = disk.files().getFirst();
        int secondMark = SegmentFormat.HEADER_BYTES + SegmentFormat.MARK_BYTES + SegmentFormat.HEAD_BYTES + 5;
        disk.flip(file, secondMark + 3, 1);

        assertThat(contents(disk)).isEqualTo(new Logs.Contents(List.of("first", "third"), 0, 1));
    }

    @Test
    void aDamagedHeaderCostsNothing() throws IOException {
        SimulatedDisk disk = three();
        disk.flip(disk.files().getFirst(), 20, 3);

        assertThat(contents(disk)).isEqualTo(new Logs.Contents(List.of("first", "second", "third"), 0, 1));
    }

    @Test
    void damageToTheLastBatchOfAClosedLogIsNotTakenForATornEnd() throws IOException {
        SimulatedDisk disk = three();
        flipIn(disk, "third");

        assertThat(contents(disk)).isEqualTo(new Logs.Contents(List.of("first", "second"), 0, 1));
    }

    @Test
    void aShortenedFileIsMissedByTheHeaderOfTheNext() throws IOException {
        SimulatedDisk disk = three();
        try (AppendLog log = open(disk)) {
            contents(log);
            keep(log, "fourth");
        }
        disk.truncate(disk.files().getFirst(), SegmentFormat.HEADER_BYTES);

        assertThat(contents(disk)).isEqualTo(new Logs.Contents(List.of("fourth"), 0, 1));
    }

    @Test
    void aMarkForgedInsideARecordIsNotBelieved() throws IOException {
        var disk = new SimulatedDisk(1);
        byte[] forged = new SegmentFormat.Mark(2, 1234, 0, 16).bytes();
        ByteBuffer record = ByteBuffer.allocate(SegmentFormat.HEAD_BYTES + 3);
        byte[] evil = "bad".getBytes(StandardCharsets.UTF_8);
        SegmentFormat.Head.put(record, 3, 1, SegmentFormat.checksum(evil, 0, 3));
        record.put(evil);
        try (AppendLog log = open(disk)) {
            var told = new Append.Progress() {};
            Logs.await(log.append(new Append(1, forged, record.array(), false, told)));
            keep(log, "good");
        }
        disk.flip(disk.files().getFirst(), SegmentFormat.HEADER_BYTES + 1, 0);

        assertThat(contents(disk).records()).containsExactly("good");
    }

    @Test
    void aLyingDiskCostsWhatItLostAndNothingMore() {
        for (int chance = 0; chance < 50; chance++) {
            var disk = new SimulatedDisk(chance);
            List<String> texts = texts(RECORDS, chance);
            try (AppendLog log = open(disk)) {
                life(log, texts.subList(0, 12), chance);
                disk.lying();
                life(log, texts.subList(12, RECORDS), chance);
            }

            List<String> found = contents(disk.afterPowerLoss(chance)).records();

            assertThat(found).containsAll(texts.subList(0, 12));
            assertThat(texts).containsAll(found);
        }
    }

    @Test
    void anyBytesAtAllAreReadToTheirEnd() {
        long seed = Long.getLong("casella.seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            var disk = new SimulatedDisk(seed + round).shortReads();
            byte[] bytes = new byte[random.nextInt(3_000)];
            random.nextBytes(bytes);
            // Pieces that are right on their own, at any place, claiming any length.
            for (int piece = random.nextInt(6); piece > 0; piece--) {
                byte[] good =
                        switch (random.nextInt(3)) {
                            case 0 -> new SegmentFormat.Header(1, "TEST", 9, 7, 0, 0, random.nextLong()).bytes();
                            case 1 -> new SegmentFormat.Mark(1, 7, random.nextLong(), random.nextInt())
                                    .bytes();
                            default -> head(random);
                        };
                int at = piece == 1 ? 0 : random.nextInt(bytes.length + 1);
                System.arraycopy(good, 0, bytes, at, Math.min(good.length, bytes.length - at));
            }
            AppendLogTest.write(disk, FOLDER.resolve("0000000000000009-0000000000000007.seg"), bytes);

            assertThat(contents(disk).records()).describedAs("seed " + seed + ", round " + round).hasSizeLessThan(100);
        }
    }

    private static byte[] head(Random random) {
        ByteBuffer out = ByteBuffer.allocate(SegmentFormat.HEAD_BYTES);
        SegmentFormat.Head.put(out, random.nextInt(), random.nextInt(), random.nextInt());
        return out.array();
    }

    /// The bytes of a file are what docs/formats/append.md says, and stay so.
    @Test
    void theFormatIsTheGoldenOne() throws IOException {
        var disk = new SimulatedDisk(1);
        try (AppendLog log = AppendLog.open(disk, FOLDER, config(), AppendLogTest.standing(),
                () -> 0x1122334455667788L)) {
            keep(log, "first", "second");
        }
        byte[] file = disk.bytes(disk.files().getFirst());
        var dump = new StringBuilder();
        for (int at = 0; at < file.length; at += 16) {
            HexFormat hex = HexFormat.of().withDelimiter(" ");
            dump.append(String.format("%04x  ", at));
            dump.append(hex.formatHex(file, at, Math.min(file.length, at + 16))).append('\n');
        }

        Path golden = Path.of(System.getProperty("casella.root"), "quality/testkit/src/test/resources/append.golden");
        if (Boolean.getBoolean("golden.rewrite")) Files.writeString(golden, dump);
        assertThat(dump.toString()).isEqualTo(Files.readString(golden));
    }

    /// A closed log of three records, a batch each, in one file.
    private static SimulatedDisk three() {
        var disk = new SimulatedDisk(1);
        try (AppendLog log = open(disk)) {
            keep(log, "first", "second", "third");
        }
        return disk;
    }

    private static void flipIn(SimulatedDisk disk, String text) throws IOException {
        Path file = disk.files().getFirst();
        String bytes = new String(disk.bytes(file), StandardCharsets.ISO_8859_1);
        disk.flip(file, bytes.indexOf(text) + 1L, 2);
    }
}
