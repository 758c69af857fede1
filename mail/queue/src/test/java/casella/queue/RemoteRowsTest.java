package casella.queue;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Sha256;
import casella.message.envelope.MailOptions;
import casella.message.envelope.Notify;
import casella.sqlite.Statements;
import casella.store.append.Place;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;

/// Proves that what is done for each message costs the same however much waits, counted in steps of SQLite's machine; and
/// measures it in time for up to five million recipients.
final class RemoteRowsTest {
    private static final int GRAIN = 5;
    private static final int DOMAINS = 1_000;

    @TempDir
    private Path folder;

    private interface Work {
        void run() throws SQLException;
    }

    /// One index with so many recipients at [#DOMAINS] domains.
    private final class Filled implements AutoCloseable {
        private final AtomicLong steps = new AtomicLong();
        private final Connection connection;
        private final Statements statements;
        private final QueueRows rows;
        private long offset = 32;
        private int number;

        Filled(int recipients) throws SQLException {
            connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("rows-" + recipients + ".db"));
            statements = new Statements(connection);
            statements.run("PRAGMA journal_mode = OFF");
            statements.run("PRAGMA synchronous = OFF");
            statements.run("PRAGMA cache_size = -65536");
            for (String sql : QueueRows.TABLES.split(";\n")) statements.run(sql);
            rows = new QueueRows(statements, new Room(Stage.limits()).changes());
            statements.run("BEGIN");
            for (int i = 0; i < recipients; i++) {
                rows.take(new Place(1, offset++), message());
                if (i % 100_000 == 99_999) {
                    statements.run("COMMIT");
                    statements.run("BEGIN");
                }
            }
            rows.arrange();
            statements.run("COMMIT");
            ProgressHandler.setHandler(connection, GRAIN, new ProgressHandler() {
                @Override
                protected int progress() {
                    steps.addAndGet(GRAIN);
                    return 0;
                }
            });
        }

        private QueueRecord.Message message() {
            var item = new RemoteItem(Stage.arrival(), "r@d" + number++ % DOMAINS + ".example", Notify.UNSAID);
            return new QueueRecord.Message(
                    QueueId.random(), Priority.PERSONAL, Stage.NOON.plusMillis(number), "anna@posta.example", List.of(),
                    List.of(item), MailOptions.NONE, new AccountId(7), Sha256.of(new byte[0]), 1_000);
        }

        private void transacted(Work work) throws SQLException {
            statements.run("BEGIN");
            work.run();
            statements.run("COMMIT");
        }

        long steps(Work work) throws SQLException {
            long before = steps.get();
            transacted(work);
            return steps.get() - before;
        }

        double micros(int times, Work work) throws SQLException {
            long began = System.nanoTime();
            for (int i = 0; i < times; i++) transacted(work);
            return (System.nanoTime() - began) / 1e3 / times;
        }

        /// What is done again and again, by name.
        Map<String, Work> works() {
            RemoteRows remote = rows.remote();
            long late = Stage.NOON.plus(Duration.ofHours(1)).toEpochMilli();
            var works = new TreeMap<String, Work>();
            works.put("a message comes", () -> rows.apply(new Place(2, offset++), message()));
            works.put("the newest is taken and given back", () -> back(remote.next(Priority.PERSONAL, true, 1)));
            works.put("the oldest is taken and ends", () -> rows.apply(new Place(2, offset++), new QueueRecord.Ended(
                    remote.next(Priority.PERSONAL, false, 1).getFirst().item().id(), QueueRecord.Ending.RELAYED)));
            works.put("one is put off and wakes", () -> {
                remote.defer(remote.more("d5.example", 1).getFirst().item().id(), 1, late, "450");
                remote.wake(late, 10);
            });
            works.put("a domain is put off and wakes", () -> {
                remote.putOff("d7.example", 1, late, "no answer");
                remote.wake(late, 10);
            });
            works.put("it is asked what is due, and whom to tell", () -> {
                remote.nextDue();
                assertThat(remote.toTell(late, 10)).isEmpty();
            });
            return works;
        }

        private void back(List<Outgoing> some) throws SQLException {
            assertThat(some).hasSize(1);
            for (Outgoing one : some) rows.remote().back(one.item().id());
        }

        @Override
        public void close() throws SQLException {
            statements.close();
        }
    }

    @Test
    void theCostIsFlat() throws SQLException {
        try (var few = new Filled(2_000);
                var many = new Filled(60_000)) {
            Map<String, Work> fewWorks = few.works();
            Map<String, Work> manyWorks = many.works();
            for (Map.Entry<String, Work> one : fewWorks.entrySet()) {
                Work same = Objects.requireNonNull(manyWorks.get(one.getKey()));
                few.transacted(one.getValue()); // prepared
                many.transacted(same);
                long before = few.steps(one.getValue());
                assertThat(many.steps(same)).as(one.getKey() + ", " + before)
                        .isBetween(before / 2, before * 3 / 2 + 20);
            }
        }
    }

    @Test
    @Tag("long")
    void theCostIsFlatInTime() throws SQLException {
        System.out.println("recipients  microseconds each");
        for (int recipients : new int[] {10_000, 100_000, 1_000_000, 5_000_000}) {
            try (var filled = new Filled(recipients)) {
                var line = new StringBuilder();
                filled.works().forEach((what, work) -> {
                    try {
                        filled.micros(200, work);
                        line.append("%s %.0f; ".formatted(what, filled.micros(1_000, work)));
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                System.out.printf("%10d  %s%n", recipients, line);
            }
        }
    }
}
