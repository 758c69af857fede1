package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.server.config.DataConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that what lies beside the parts of a data folder keeps an erasure from being complete until it is gone, and
/// that what serves is left alone.
final class SetAsideTest {
    private static final AccountId ANNA = new AccountId(7);
    private static final AccountId BRUNO = new AccountId(8);

    private static Path file(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "bytes");
    }

    @Test
    void keptChangesGoAtOnceAndTheRestWhenItsDateIsOver(@TempDir Path folder) throws IOException {
        DataConfig data = DataConfig.of(folder);
        Path hers = file(data.registry().resolve(ANNA + "-0011223344556677.lost"));
        Path his = file(data.registry().resolve(BRUNO + "-0011223344556677.lost"));
        Path live = file(data.tail().resolve("0001.seg"));
        Path vaults = file(data.pack().resolve("quarantine/0001-ab-00.bad"));
        Path engine = file(data.engine().resolve("CURRENT"));
        try (var files = new Bulkhead("test.files", 1, 16)) {
            var place = new SetAside(data, files);
            assertThat(place.erased(ANNA)).isTrue();
            assertThat(hers).doesNotExist();
            Path tail = file(data.tail().resolve("quarantine/0001.seg"));
            Path queue = file(data.queue().resolve("quarantine/0001.seg"));
            Path damaged = file(folder.resolve("engine.damaged-1795334351489/000012.sst"));
            Path cut = file(data.rocksdb().resolve("0001/cut-1795334351489/000013.log"));

            assertThat(place.erased(ANNA)).isFalse();
            assertThat(place.unread()).isTrue();
            assertThat(tail).exists();
            place.forget();

            assertThat(place.erased(ANNA)).isTrue();
            assertThat(place.unread()).isFalse();
            for (Path gone : new Path[] {tail, queue, damaged, cut}) assertThat(gone).doesNotExist();
        }
        for (Path stays : new Path[] {his, live, vaults, engine}) assertThat(stays).exists();
    }
}
