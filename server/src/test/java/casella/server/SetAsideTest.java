package casella.server;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.server.config.DataConfig;
import casella.store.quarantine.AccountQuarantine;
import casella.testkit.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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

    private static void aMonthAgo(Path path) throws IOException {
        var then = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
        Files.setLastModifiedTime(path, then);
        Files.setLastModifiedTime(path.getParent(), then);
    }

    private static AccountQuarantine quarantine(DataConfig data) {
        return AccountQuarantine.open(data.care(), Clock.system(), Metrics.none());
    }

    @Test
    void anAccountOfWhichNothingIsLeftIsSetAsideNoMore(@TempDir Path folder) {
        DataConfig data = DataConfig.of(folder);
        var clock = new SteppedClock();
        try (var files = new Bulkhead("test.files", 1, 16);
                var quarantine = AccountQuarantine.open(data.care(), clock, Metrics.none())) {
            for (AccountId account : new AccountId[] {ANNA, BRUNO, ANNA, BRUNO}) {
                var _ = quarantine.broke(account, new StackOverflowError());
                clock.step(Duration.ofMinutes(1));
            }
            assertThat(AccountQuarantine.list(data.care())).hasSize(2);

            new SetAside(data, files, quarantine, clock).complete(ANNA);

            assertThat(AccountQuarantine.list(data.care()))
                    .extracting(AccountQuarantine.Aside::account).containsExactly(BRUNO);
        }
    }

    @Test
    void keptChangesGoAtOnceAndTheRestWhenItsDateIsOver(@TempDir Path folder) throws IOException {
        DataConfig data = DataConfig.of(folder);
        Path hers = file(data.registry().resolve(ANNA + "-0011223344556677.lost"));
        Path his = file(data.registry().resolve(BRUNO + "-0011223344556677.lost"));
        Path live = file(data.tail().resolve("0001.seg"));
        Path vaults = file(data.pack().resolve("quarantine/0001-ab-00.bad"));
        Path engine = file(data.engine().resolve("CURRENT"));
        try (var files = new Bulkhead("test.files", 1, 16);
                var quarantine = quarantine(data)) {
            var place = new SetAside(data, files, quarantine, Clock.system());
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
            for (Path young : new Path[] {tail, queue, damaged, cut}) assertThat(young).exists();
            for (Path each : new Path[] {tail, queue, damaged, cut}) aMonthAgo(each);

            place.forget();

            for (Path gone : new Path[] {tail, damaged, cut}) assertThat(gone).doesNotExist();
            // Mail that was accepted may be in it.
            assertThat(queue).exists();
            assertThat(place.unread()).isTrue();
            Files.delete(queue);
            assertThat(place.erased(ANNA)).isTrue();
            assertThat(place.unread()).isFalse();
        }
        for (Path stays : new Path[] {his, live, vaults, engine}) assertThat(stays).exists();
    }
}
