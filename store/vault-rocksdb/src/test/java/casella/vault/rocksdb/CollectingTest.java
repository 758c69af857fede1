package casella.vault.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.store.disk.Disk;
import casella.store.disk.Room;
import casella.store.vault.StoredObject;
import casella.testkit.VaultContract.Piece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/// A blob is written once: compactions leave it where it is as long as little of the blobs is waste, and rewrite what is
/// left of them when much is.
class CollectingTest {
    private static final int OBJECT_BYTES = 40_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final Random random = new Random(7);

    @SuppressWarnings("NullAway.Init") // set before each test
    private Generations generations;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ObjectWriter writer;

    @BeforeEach
    void open() {
        generations = new Generations("rocksdb", folder, RocksVaultConfig.small(), () -> {});
        var room = new Room("rocksdb", Disk.real(), folder, 0);
        writer = new ObjectWriter("rocksdb", generations, RocksVaultConfig.small(), room);
    }

    @AfterEach
    void close() {
        generations.close();
    }

    @Test
    void blobsWithoutWasteAreNeverWrittenAgain() throws IOException, RocksDBException {
        put(100, 0);
        generations.state().current().compact();
        Set<String> first = blobs();

        for (int round = 1; round <= 5; round++) {
            put(100, round * 100);
            generations.state().current().compact();
        }

        assertThat(first).isNotEmpty();
        assertThat(blobs()).containsAll(first);
    }

    @Test
    void blobsThatAreMostlyWasteAreCollectedUntilTheyAreNot() throws RocksDBException {
        List<Piece> all = put(300, 0);
        Generation current = generations.state().current();
        current.compact();
        List<Piece> kept = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (i % 5 == 0) kept.add(all.get(i));
            else writer.commit(List.of(new ObjectWriter.Write.Delete(all.get(i).name())));
        }
        current.compact();
        double before = current.waste();

        for (int round = 0; round < 40 && current.waste() > before / 4; round++) {
            writer.look(true);
            put(5, 300 + round * 5);
            current.compact();
        }

        assertThat(before).isGreaterThan(0.5);
        assertThat(current.waste()).isLessThanOrEqualTo(before / 4);
        for (Piece piece : kept) {
            ObjectRow row = Objects.requireNonNull(current.row(piece.name()));
            assertThat(current.read(piece.name(), row, 0, 1 << 20)).isEqualTo(piece.object());
        }
    }

    private List<Piece> put(int count, int from) {
        var all = new ArrayList<Piece>();
        for (int i = 0; i < count; i++) {
            Piece piece = Piece.mail(new AccountId(random.nextLong()), from + i, OBJECT_BYTES);
            ObjectRow row = ObjectRow.of(
                    piece.object().length, StoredObject.open(piece.name(), piece.object()).receipt());
            writer.commit(List.of(new ObjectWriter.Write.Put(piece.name(), row, piece.object())));
            all.add(piece);
        }
        return all;
    }

    private Set<String> blobs() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".blob"))
                    .collect(Collectors.toSet());
        }
    }
}
