package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Metrics;
import casella.store.Marking;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.quarantine.AccountQuarantine;
import casella.store.quarantine.GuardedEngine;
import casella.testkit.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that rows that exhaust the stack cost their own account alone: twice, and it is set aside, nobody gets at its rows
/// any more, all others are read and written, and a release lets it in again.
final class GuardedEngineTest {
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final AccountId POISONED = new AccountId(1);
    private static final AccountId WELL = new AccountId(2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final SteppedClock clock = new SteppedClock();
    private final MemoryEngine inner = new MemoryEngine();

    @SuppressWarnings("NullAway.Init") // set by open()
    private AccountQuarantine quarantine;

    @SuppressWarnings("NullAway.Init") // set by open()
    private Engine engine;

    private void open() {
        quarantine = AccountQuarantine.open(folder, clock, Metrics.none());
        engine = new GuardedEngine(inner, quarantine);
    }

    @AfterEach
    void close() {
        quarantine.close();
        inner.close();
    }

    private static int endless(int depth) {
        return depth < 0 ? depth : endless(depth + 1) + endless(depth + 2);
    }

    private void crash() {
        assertThatThrownBy(() -> engine.read(POISONED, TIME, _ -> endless(0)))
                .isInstanceOf(Fault.Unavailable.class);
        clock.step(Duration.ofMinutes(1));
    }

    private int fine(AccountId account) {
        return engine.read(account, TIME, _ -> 7);
    }

    @Test
    void anAccountWhoseRowsExhaustTheStackIsSetAsideAlone() {
        open();
        crash();
        assertThat(fine(POISONED)).isEqualTo(7);
        crash();

        assertThatThrownBy(() -> fine(POISONED))
                .satisfies(e -> assertThat(Marking.isSetAside((Fault) e)).isTrue());
        var batch = new Batch(1, 1, List.of(), List.of());
        assertThatThrownBy(() -> engine.write(POISONED, batch).await(Deadline.in(TIME)))
                .isInstanceOf(Fault.Unavailable.class);
        assertThat(fine(WELL)).isEqualTo(7);
        assertThat(quarantine.list()).singleElement().satisfies(aside -> {
            assertThat(aside.account()).isEqualTo(POISONED);
            assertThat(aside.crashes()).hasSize(2).allMatch(one -> one.how().equals("StackOverflowError"));
        });

        // After a restart as before, also for who only lists.
        quarantine.close();
        open();
        assertThatThrownBy(() -> fine(POISONED)).isInstanceOf(Fault.Unavailable.class);
        assertThat(AccountQuarantine.list(folder)).hasSize(1);
        assertThat(quarantine.release(POISONED)).isTrue();
        assertThat(fine(POISONED)).isEqualTo(7);
        assertThat(AccountQuarantine.list(folder)).isEmpty();
    }

    @Test
    void memoryThatIsExhaustedIsNoAccountsFault() {
        open();
        for (int i = 0; i < 5; i++) {
            for (VirtualMachineError error
                    : List.of(new OutOfMemoryError("test"), new InternalError("test"))) {
                assertThatThrownBy(() -> engine.read(POISONED, TIME, _ -> {
                    throw error;
                })).isInstanceOf(Fault.Unavailable.class);
                clock.step(Duration.ofMinutes(1));
            }
        }
        assertThat(fine(POISONED)).isEqualTo(7);
        assertThat(quarantine.list()).isEmpty();
    }

    @Test
    void whatIsSetAsideAndErasedIsReadAgain() {
        open();
        crash();
        crash();
        assertThatThrownBy(() -> fine(POISONED)).isInstanceOf(Fault.Unavailable.class);
        var _ = engine.erase(POISONED).await(Deadline.in(TIME));
        assertThat(fine(POISONED)).isEqualTo(7);
    }

    @Test
    void aReleaseIsTold() {
        open();
        var told = new AtomicInteger();
        quarantine.onRelease(told::incrementAndGet);
        crash();
        crash();
        assertThat(quarantine.release(WELL)).isFalse();
        assertThat(told).hasValue(0);
        assertThat(quarantine.release(POISONED)).isTrue();
        assertThat(told).hasValue(1);
    }

    @Test
    void oneRequestTriedAgainAtOnceIsOneCrash() {
        open();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> engine.read(POISONED, TIME, _ -> endless(0)))
                .isInstanceOf(Fault.Unavailable.class);
        }
        assertThat(fine(POISONED)).isEqualTo(7);
    }

    @Test
    void aDamagedListLetsEverybodyInAndIsNoReasonNotToStart() throws IOException {
        open();
        crash();
        crash();
        quarantine.close();
        Path file = folder.resolve("quarantine");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        open();
        assertThat(fine(POISONED)).isEqualTo(7);
    }
}
