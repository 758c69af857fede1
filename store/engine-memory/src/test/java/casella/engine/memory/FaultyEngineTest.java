package casella.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.engine.Engine;
import casella.store.engine.Standing;
import casella.testkit.EngineContract;
import casella.testkit.EngineRows;
import casella.testkit.FaultyEngine;
import casella.testkit.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The faulty engine is an engine while it is well, and suffers exactly what it is told.
class FaultyEngineTest extends EngineContract {
    private static final AccountId ANNA = new AccountId(3);
    private static final Duration SHORT = Duration.ofMillis(50);

    @Override
    protected Engine open(Path folder) {
        return new FaultyEngine(new MemoryEngine());
    }

    @Override
    protected boolean durable() {
        return false;
    }

    private FaultyEngine faulty() {
        return (FaultyEngine) engine;
    }

    @Test
    void aHungWriteIsUnknownAndDoneWhenTheEngineComesBack() {
        faulty().writes(Trouble.hung());
        Ticket<Engine.Outcome> ticket = engine.write(ANNA, EngineRows.from(0, 1).batch());

        assertThatThrownBy(() -> ticket.await(Deadline.in(SHORT))).isInstanceOf(Fault.Unavailable.class);
        assertThat(standing(ANNA)).isEqualTo(Standing.NEW);
        faulty().heal();
        assertThat(ticket.await(Deadline.in(TIME))).isEqualTo(new Engine.Outcome.Written());
    }

    @Test
    void hungReadsOpenTheBreakerAndOthersAreRefusedAtOnce() {
        faulty().reads(Trouble.hung());
        for (int i = 0; i < 2; i++) {
            var account = new AccountId(i);
            assertThatThrownBy(() -> engine.read(account, SHORT, _ -> 0))
                    .isInstanceOf(Fault.Unavailable.class);
        }
        assertThatThrownBy(() -> engine.read(ANNA, TIME, _ -> 0))
                .hasMessage("Not answering, breaker open");
        engine.probe(TIME);

        faulty().heal();
        written(ANNA, EngineRows.from(0, 1).batch());
        assertThat(standingOnceTheBreakerCloses()).isEqualTo(new Standing(1, 1));
    }

    /// The breaker closes when the hung threads have come home, a moment after they are let go.
    private Standing standingOnceTheBreakerCloses() {
        Deadline deadline = Deadline.in(TIME);
        while (true) {
            try {
                return standing(ANNA);
            } catch (Fault.Unavailable e) {
                if (deadline.over()) throw e;
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void anUnknownOutcomeIsDoneButReportedFailed() {
        faulty().writes(Trouble.unknownOutcome(), 1);

        assertThatThrownBy(() -> outcome(ANNA, EngineRows.from(0, 1).batch()))
                .isInstanceOf(Fault.Unavailable.class);
        assertThat(standing(ANNA)).isEqualTo(new Standing(1, 1));
        written(ANNA, EngineRows.from(1, 1).batch());
    }

    @Test
    void aForgettingEngineSaysDoneAndKeepsNothing() {
        faulty().writes(Trouble.forgetting(), 1);

        written(ANNA, EngineRows.from(0, 1).batch());
        assertThat(standing(ANNA)).isEqualTo(Standing.NEW);
    }

    @Test
    void aFailingEngineDoesNothing() {
        faulty().all(Trouble.corrupt());

        assertThatThrownBy(() -> outcome(ANNA, EngineRows.from(0, 1).batch()))
                .isInstanceOf(Fault.Corrupt.class);
        assertThatThrownBy(() -> standing(ANNA)).isInstanceOf(Fault.Corrupt.class);
        assertThatThrownBy(() -> engine.probe(TIME)).isInstanceOf(Fault.Corrupt.class);
        faulty().heal();
        assertThat(standing(ANNA)).isEqualTo(Standing.NEW);
    }
}
