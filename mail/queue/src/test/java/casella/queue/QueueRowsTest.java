package casella.queue;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.sqlite.Statements;
import casella.store.append.Place;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sqlite.ProgressHandler;

/// Proves what the index's tables answer, and that what a drain asks in a fault costs the same however much waits: counted in
/// steps of SQLite's machine, which no other work on this one changes.
final class QueueRowsTest {
    /// Steps of SQLite's machine, counted so many at a time.
    private static final int GRAIN = 10;

    private final AtomicLong steps = new AtomicLong();
    private Connection connection;
    private Statements statements;
    private QueueRows rows;
    private long offset = 32;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        statements = new Statements(connection);
        for (String sql : QueueRows.TABLES.split(";\n")) statements.run(sql);
        rows = new QueueRows(statements, new Room(Stage.limits()).changes());
        ProgressHandler.setHandler(connection, GRAIN, new ProgressHandler() {
            @Override
            protected int progress() {
                steps.addAndGet(GRAIN);
                return 0;
            }
        });
    }

    @AfterEach
    void close() throws SQLException {
        statements.close();
    }

    private interface Work {
        void run() throws SQLException;
    }

    private long steps(Work work) throws SQLException {
        long before = steps.get();
        work.run();
        return steps.get() - before;
    }

    private QueueRecord.Message said(@Nullable Priority asked, Instant received, AccountId... accounts) {
        Priority priority = Objects.requireNonNull(asked);
        QueuedMessage message = Stage.message(priority, received, "m", accounts);
        byte[] head = QueueRecord.head(message);
        if (QueueRecord.read(QueueRecord.MESSAGE, head,
                message.content().length) instanceof QueueRecord.Message said) {
            return said;
        }
        throw new AssertionError("unreadable");
    }

    private Place next() {
        return new Place(1, offset += 100);
    }

    private void keep(int count, AccountId... accounts) throws SQLException {
        for (int i = 0; i < count; i++) {
            rows.apply(next(), said(Priority.PERSONAL, Stage.NOON.plusSeconds(i), accounts));
        }
    }

    /// What the drain does when an account fails, comes back and fails again.
    private void fault(AccountId account, long now) throws SQLException {
        rows.defer(account, 1, now + 10, "away");
        assertThat(rows.ready(Priority.PERSONAL, true, 16)).isEmpty();
        assertThat(rows.nextDue()).isEqualTo(now + 10);
        assertThat(rows.oldest(true)).hasSize(1);
        assertThat(rows.wake(now + 10)).as("lines").isEqualTo(1);
        assertThat(rows.ready(Priority.PERSONAL, true, 16)).hasSize(16);
        rows.served(account);
        assertThat(rows.ready(Priority.PERSONAL, false, 16)).hasSize(16);
    }

    @Test
    void anAccountThatFailsCostsTheSameHoweverMuchWaitsForIt() throws SQLException {
        rows.arrange();
        keep(100, Stage.ANNA);
        long few = steps(() -> fault(Stage.ANNA, 1_000));
        keep(5_000, Stage.ANNA);

        long many = steps(() -> fault(Stage.ANNA, 2_000));

        assertThat(many).as("steps, %d with 100 waiting", few).isLessThan(2 * few);
    }

    @Test
    void whatComesWhileAnAccountFailsIsPutOffWithIt() throws SQLException {
        rows.arrange();
        keep(2, Stage.ANNA);
        rows.defer(Stage.ANNA, 3, 5_000, "away");
        rows.apply(next(), said(Priority.URGENT, Stage.NOON, Stage.ANNA, Stage.BRUNO));

        assertThat(rows.ready(Priority.URGENT, true, 16)).extracting(one -> one.item().account())
                .containsExactly(Stage.BRUNO);
        assertThat(rows.of(Stage.ANNA, 10)).hasSize(3).allSatisfy(one -> {
            assertThat(one.due()).isEqualTo(Instant.ofEpochMilli(5_000));
            assertThat(one.attempts()).isEqualTo(3);
            assertThat(one.why()).isEqualTo("away");
        });
        assertThat(rows.wake(5_000)).isEqualTo(2);
        assertThat(rows.ready(Priority.URGENT, true, 16)).hasSize(2);
    }

    @Test
    void theNewestAndTheOldestOfAllAccountsAreFoundWhoeverHasThem() throws SQLException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        rows.arrange();
        var places = new ArrayList<Place>();
        for (int i = 0; i < 300; i++) {
            Place place = next();
            places.add(place);
            Instant received = Stage.NOON.plusMillis(random.nextInt(100_000));
            rows.apply(place, said(Priority.PERSONAL, received, new AccountId(random.nextInt(30))));
        }
        for (int i = 0; i < 120; i++) {
            for (Waiting gone : rows.at(places.remove(random.nextInt(places.size())))) {
                rows.apply(next(), new QueueRecord.Ended(gone.item().arrival(), QueueRecord.Ending.FILED));
            }
        }
        List<Waiting> all = rows.list(null, 1_000);
        assertThat(all).hasSize(180);
        assertThat(rows.sound()).as("seed %d", seed).isTrue();
        for (boolean newest : List.of(true, false)) {
            Comparator<Waiting> order = Comparator.comparing(Waiting::received);
            List<Instant> wanted = all.stream().sorted(newest ? order.reversed() : order).limit(16)
                    .map(Waiting::received).toList();
            assertThat(rows.ready(Priority.PERSONAL, newest, 16)).as("seed %d", seed)
                    .extracting(Waiting::received)
                    .containsExactlyElementsOf(wanted);
        }
    }

    /// The tables made of all records at once are those that grew with them.
    @Test
    void whatIsMadeIsWhatGrew() throws SQLException {
        long seed = System.nanoTime();
        var random = new Random(seed);
        rows.arrange();
        record Step(Place place, QueueRecord.Said said) {}
        var records = new ArrayList<Step>();
        for (int i = 0; i < 200; i++) {
            List<Waiting> all = rows.list(null, 1_000);
            QueueRecord.Said said = switch (random.nextInt(all.isEmpty() ? 1 : 3)) {
                case 0 -> said(Priority.of(1 + random.nextInt(3)),
                        Stage.NOON.plusSeconds(random.nextInt(99)), Stage.ANNA,
                        Stage.BRUNO);
                case 1 -> new QueueRecord.Ended(all.get(random.nextInt(all.size())).item().arrival(),
                        QueueRecord.Ending.FILED);
                default -> moved(all.get(random.nextInt(all.size())));
            };
            records.add(new Step(next(), said));
            rows.apply(records.getLast().place(), said);
        }
        assertThat(rows.sound()).as("seed %d", seed).isTrue();
        List<Waiting> grown = rows.list(null, 1_000);
        Map<String, Long> counted = counted();
        close();
        open();

        for (Step one : records) rows.take(one.place(), one.said());
        rows.arrange();

        assertThat(rows.sound()).as("seed %d", seed).isTrue();
        assertThat(rows.list(null, 1_000)).as("seed %d", seed).isEqualTo(grown);
        assertThat(counted()).as("seed %d", seed).isEqualTo(counted);
        // All of it may come again, where it is not known how much of it the index had.
        for (Step one : records) rows.apply(one.place(), one.said());
        assertThat(rows.sound()).as("again, seed %d", seed).isTrue();
        assertThat(rows.list(null, 1_000)).as("again, seed %d", seed).isEqualTo(grown);
    }

    private QueueRecord.Message moved(Waiting one) throws SQLException {
        List<QueueItem> left = rows.at(one.place()).stream().map(Waiting::item).toList();
        byte[] content = new byte[(int) one.size()];
        var message = new QueuedMessage(one.message(), one.priority(), one.received(), one.sender(), left,
                content);
        if (QueueRecord.read(QueueRecord.MESSAGE, QueueRecord.head(message), content.length)
                instanceof QueueRecord.Message said) return said;
        throw new AssertionError("unreadable");
    }

    private Map<String, Long> counted() throws SQLException {
        var room = new Room(Stage.limits());
        Room.Changes all = room.changes();
        rows.count(all);
        all.tellAll(List.of());
        var counted = Arrays.stream(Priority.values())
                .collect(Collectors.toMap(Priority::word, priority -> (long) room.items(priority)));
        counted.put("bytes", room.bytes());
        return counted;
    }

    @Test
    void makingCostsOneStatementForEachRecipient() throws SQLException {
        var records = new ArrayList<QueueRecord.Message>();
        for (int i = 0; i < 2_000; i++) {
            records.add(said(Priority.PERSONAL, Stage.NOON.plus(Duration.ofSeconds(i)),
                    new AccountId(i % 20)));
        }
        long made = steps(() -> {
            for (QueueRecord.Message one : records) rows.take(next(), one);
            rows.arrange();
        });

        assertThat(made / records.size()).as("steps for each recipient").isLessThan(120);
    }

    @Test
    void linesThatDoNotFitWhatWaitsAreNotBelieved() throws SQLException {
        rows.arrange();
        keep(3, Stage.ANNA, Stage.BRUNO);
        assertThat(rows.sound()).isTrue();
        for (String damage : List.of("waiting = 7", "items = items + 1", "newest = newest + 1",
                "priority = 9")) {
            statements.run("SAVEPOINT before");
            statements.run("UPDATE lines SET " + damage + " WHERE account = 1");
            assertThat(rows.sound()).as(damage).isFalse();
            statements.run("ROLLBACK TO before");
        }
        statements.run("DELETE FROM items WHERE account = 1");
        assertThat(rows.sound()).as("a line without recipients").isFalse();
    }
}
