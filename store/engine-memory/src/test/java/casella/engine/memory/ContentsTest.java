package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Metrics;
import casella.store.Account;
import casella.store.Contents;
import casella.store.Newcomer;
import casella.store.Service;
import casella.store.Shelf;
import casella.store.health.Breaker;
import casella.store.health.Watch;
import casella.store.vault.ObjectName;
import casella.testkit.MemoryVault;
import casella.testkit.SteppedClock;
import casella.testkit.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proves when an owner is told that no mail can be opened: while no vault that holds everything answers and the engine is
/// well, from its beginning to its end, once.
final class ContentsTest {
    private final SteppedClock clock = new SteppedClock();
    private final TestStore store = TestStore.over(new MemoryEngine());
    private final Account anna = store.account();
    private final Breaker engine = new Breaker("engine", Breaker.Rule.STANDARD, clock);
    private final Contents contents = new Contents(store.accounts(), engine, _ -> Service.ALWAYS, clock);
    /// Answers at once whoever suspects the engine.
    private volatile boolean engineGone;
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Service.State> told = new ArrayList<>();

    @BeforeEach
    void watch() {
        store.accounts().service(contents);
        anna.watch(() -> told.add(anna.service().state()));
        var lane = new Watch(engine, _ -> {
            if (engineGone) throw new IllegalStateException("Gone by command of a test");
        }, () -> {}, Watch.Pace.STANDARD, clock, Metrics.none());
        Thread.ofVirtual().start(() -> {
            try {
                while (!over.await(1, TimeUnit.MILLISECONDS)) lane.step();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            lane.close();
        });
    }

    @AfterEach
    void close() {
        over.countDown();
        contents.close();
        store.close();
    }

    private Breaker home(int index) {
        return store.accounts().copies().homes().get(index).breaker();
    }

    private void away() {
        home(0).probeFailed("gone");
        home(1).probeFailed("gone");
    }

    private void looks(Duration later) {
        clock.step(later);
        contents.step();
    }

    @Test
    void itIsToldFromTheLastVaultThatGoesToTheFirstThatAnswers() {
        home(0).probeFailed("gone");
        contents.step();
        assertThat(anna.service()).isEqualTo(Service.ALWAYS);
        clock.step(Duration.ofSeconds(3));
        Instant at = clock.now();
        home(1).probeFailed("gone");
        contents.step();
        assertThat(anna.service()).isEqualTo(new Service(Service.State.CONTENTS_AWAY, at));
        assertThat(anna.service().reduced()).isTrue();
        looks(Duration.ofSeconds(30));
        looks(Duration.ofSeconds(30));
        assertThat(anna.service().since()).isEqualTo(at);
        // It is not let in yet, and what is read is read there already.
        home(1).probed();
        contents.step();
        assertThat(home(1).closed()).isFalse();
        assertThat(anna.service()).isEqualTo(Service.ALWAYS);
        assertThat(told).containsExactly(Service.State.CONTENTS_AWAY, Service.State.LIVE);
    }

    @Test
    void vaultsThatWereLateAndAnswerTheirProbesAreNotAway() {
        home(0).late("late");
        home(1).late("late");
        contents.step();
        assertThat(anna.service()).isEqualTo(Service.ALWAYS);
    }

    @Test
    void withAnEngineThatIsGoneAsWellNothingBegins() {
        engineGone = true;
        away();
        contents.step();
        assertThat(engine.closed()).as("it was asked").isFalse();
        looks(Duration.ofMinutes(1));
        assertThat(told).isEmpty();
    }

    @Test
    void whatComesAndGoesIsToldAgainOnlyIfItLasts() {
        away();
        contents.step();
        home(0).probed();
        looks(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            home(0).probeFailed("again");
            looks(Duration.ofSeconds(1));
            looks(Duration.ofSeconds(8));
            home(0).probed();
            looks(Duration.ofSeconds(1));
        }
        assertThat(told).containsExactly(Service.State.CONTENTS_AWAY, Service.State.LIVE);
        home(0).probeFailed("for good");
        contents.step();
        looks(Duration.ofSeconds(11));
        assertThat(told).hasSize(3).endsWith(Service.State.CONTENTS_AWAY);
    }

    @Test
    void whoeverIsReadInANewVaultHasEverything() {
        Shelf shelf = store.accounts().copies().shelf(new MemoryVault("three"));
        Account bruno = store.account();
        var observer = new Newcomer.Observer() {
            @Override
            public void took(Newcomer.Act act, boolean newcomer, long nanos) {}

            @Override
            public void failed(Newcomer.Act act, String why) {}

            @Override
            public void wrong(ObjectName name) {}

            @Override
            public void right() {}
        };
        store.accounts().copies().join(new Newcomer(shelf, store.accounts().copies().homes().getFirst(),
                bruno.id()::equals, observer, Duration.ofSeconds(5)));
        away();
        contents.step();
        assertThat(bruno.service()).isEqualTo(Service.ALWAYS);
        assertThat(anna.service().state()).isEqualTo(Service.State.CONTENTS_AWAY);

        shelf.breaker().probeFailed("away too");
        assertThat(bruno.service().state()).isEqualTo(Service.State.CONTENTS_AWAY);
    }
}
