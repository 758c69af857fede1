package casella.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.AccountId;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.store.engine.Batch;
import casella.store.engine.Engine;
import casella.store.engine.HeadRow;
import casella.store.engine.Key;
import casella.store.engine.Rows;
import casella.store.engine.Standing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every engine does, whatever it is made of: order, snapshots, conditional atomic batches, fencing by epoch.
///
/// A subclass says how to open one and whether its rows outlive it.
public abstract class EngineContract {
    protected static final Duration TIME = Duration.ofSeconds(20);
    private static final AccountId ANNA = new AccountId(7);
    private static final AccountId BRUNO = new AccountId(8);
    private static final byte[] LAST = {(byte) 0xFE};

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    protected Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    protected Engine engine;

    /// Opens the engine that keeps its rows in `folder`, making it where it is new.
    protected abstract Engine open(Path folder);

    /// Says whether rows are there again after close and open.
    protected abstract boolean durable();

    @BeforeEach
    final void openEngine() {
        engine = open(folder.resolve("engine"));
    }

    @AfterEach
    final void closeEngine() {
        engine.close();
    }

    @Test
    protected void anUnknownAccountHasNoRows() {
        assertThat(all(ANNA)).isEmpty();
        assertThat(value(ANNA, "a")).isNull();
        assertThat(engine.accounts(null, 10, TIME)).isEmpty();
    }

    @Test
    protected void whatWasWrittenIsRead() {
        written(ANNA, EngineRows.from(0, 1).put(key("a"), bytes("one")).put(key("b"), new byte[0]).batch());

        assertThat(value(ANNA, "a")).isEqualTo("one");
        assertThat(value(ANNA, "b")).isEmpty();
        assertThat(standing(ANNA)).isEqualTo(new Standing(1, 1));
    }

    @Test
    protected void aDeleteRemovesARowAndAPutOfTheSameBatchComesAfterIt() {
        written(ANNA, EngineRows.from(0, 1).put(key("a"), bytes("1")).put(key("b"), bytes("1")).batch());

        written(ANNA, EngineRows.from(1, 1).delete(key("a")).delete(key("b")).delete(key("none"))
                .put(key("b"), bytes("2")).batch());

        assertThat(value(ANNA, "a")).isNull();
        assertThat(value(ANNA, "b")).isEqualTo("2");
    }

    @Test
    protected void aBatchForAnotherVersionIsRefusedAndChangesNothing() {
        written(ANNA, EngineRows.from(0, 1).to(5).put(key("a"), bytes("kept")).batch());

        assertThat(outcome(ANNA, EngineRows.from(4, 1).to(9).put(key("a"), bytes("early")).delete(key("a")).batch()))
                .isEqualTo(new Engine.Outcome.Refused(5, 1));
        assertThat(outcome(ANNA, EngineRows.from(6, 1).put(key("a"), bytes("late")).batch()))
                .isEqualTo(new Engine.Outcome.Refused(5, 1));
        assertThat(outcome(ANNA, EngineRows.from(0, 1).to(9).put(key("a"), bytes("new")).batch()))
                .isEqualTo(new Engine.Outcome.Refused(5, 1));
        assertThat(value(ANNA, "a")).isEqualTo("kept");
        assertThat(standing(ANNA)).isEqualTo(new Standing(5, 1));
    }

    @Test
    protected void anAccountWithoutRowsIsAtVersionZero() {
        assertThat(outcome(ANNA, EngineRows.from(3, 1).put(key("a"), bytes("x")).batch()))
                .isEqualTo(new Engine.Outcome.Refused(0, 0));
        assertThat(engine.accounts(null, 10, TIME)).isEmpty();
    }

    @Test
    protected void aWriterOfAnOldEpochIsFencedOff() {
        written(ANNA, EngineRows.from(0, 1).batch());
        written(ANNA, EngineRows.from(1, 4).put(key("a"), bytes("new epoch")).batch());

        assertThat(outcome(ANNA, EngineRows.from(2, 3).put(key("a"), bytes("late")).batch()))
                .isEqualTo(new Engine.Outcome.Refused(2, 4));
        assertThat(value(ANNA, "a")).isEqualTo("new epoch");
        written(ANNA, EngineRows.from(2, 4).put(key("a"), bytes("goes on")).batch());
    }

    @Test
    protected void aBatchThatDoesNotMoveTheHeadForwardIsAMistake() {
        written(ANNA, EngineRows.from(0, 2).batch());
        Batch standingStill = EngineRows.from(1, 2).to(1).put(key("a"), bytes("x")).batch();

        assertThatThrownBy(() -> outcome(ANNA, standingStill)).isInstanceOf(IllegalStateException.class);
        assertThat(value(ANNA, "a")).isNull();
        written(ANNA, EngineRows.from(1, 2).batch());
    }

    @Test
    protected void aBatchWithoutAHeadRowLeavesTheAccountWhereItStands() {
        var headless = new Batch(1, 2, List.of(new Batch.Row(key("a"), bytes("x"))), List.of());
        assertThat(outcome(ANNA, headless)).isEqualTo(new Engine.Outcome.Refused(0, 0));
        written(ANNA, EngineRows.from(0, 2).batch());

        written(ANNA, headless);
        written(ANNA, headless);

        assertThat(value(ANNA, "a")).isEqualTo("x");
        written(ANNA, EngineRows.from(1, 2).batch());
        assertThat(outcome(ANNA, headless)).isEqualTo(new Engine.Outcome.Refused(2, 2));
    }

    @Test
    protected void rowsComeInUnsignedByteOrderBothWays() {
        byte[][] keys = {{1}, {1, 0}, {1, 0x7F}, {1, (byte) 0x80}, {1, (byte) 0xFF}, {0x7F}, {(byte) 0x80},
                {(byte) 0xFD}};
        EngineRows rows = EngineRows.from(0, 1);
        for (int i = keys.length - 1; i >= 0; i--) rows.put(keys[i], new byte[] {(byte) i});
        written(ANNA, rows.batch());

        assertThat(keys(ANNA, new byte[] {1}, LAST, false)).containsExactly(hex(keys));
        assertThat(keys(ANNA, new byte[] {1}, LAST, true).reversed()).containsExactly(hex(keys));
    }

    @Test
    protected void aScanIncludesFromAndExcludesUntil() {
        written(ANNA, EngineRows.from(0, 1).put(key("a"), bytes("")).put(key("b"), bytes(""))
                .put(key("ba"), bytes("")).put(key("c"), bytes("")).batch());

        assertThat(keys(ANNA, key("a"), key("c"), false)).containsExactly(hex(key("a"), key("b"), key("ba")));
        assertThat(keys(ANNA, key("a"), key("c"), true)).containsExactly(hex(key("ba"), key("b"), key("a")));
        assertThat(keys(ANNA, key("aa"), key("b"), false)).isEmpty();
        assertThat(keys(ANNA, key("aa"), key("b"), true)).isEmpty();
        assertThat(keys(ANNA, key("b"), key("b"), false)).isEmpty();
        assertThat(keys(ANNA, key("c"), key("a"), false)).isEmpty();
        assertThat(keys(ANNA, key("c"), key("a"), true)).isEmpty();
    }

    @Test
    protected void aPrefixScanEndsWithItsPrefix() {
        byte[][] inside = {{0x20, (byte) 0xFF}, {0x20, (byte) 0xFF, 0}, {0x20, (byte) 0xFF, (byte) 0xFF}};
        EngineRows rows = EngineRows.from(0, 1).put(new byte[] {0x20, (byte) 0xFE, 1}, bytes("")).put(new byte[] {0x21}, bytes(""));
        for (byte[] key : inside) rows.put(key, bytes(""));
        written(ANNA, rows.batch());

        var seen = new ArrayList<String>();
        engine.read(ANNA, TIME, in -> {
            in.scan(inside[0], (key, _) -> seen.add(hex(key)));
            return 0;
        });

        assertThat(seen).containsExactly(hex(inside));
    }

    @Test
    protected void aVisitorThatHasEnoughSeesNoMore() {
        EngineRows rows = EngineRows.from(0, 1);
        for (int i = 0; i < 50; i++) rows.put(new byte[] {1, (byte) i}, bytes(""));
        written(ANNA, rows.batch());

        for (boolean backwards : new boolean[] {false, true}) {
            int seen = engine.read(ANNA, TIME, in -> {
                var count = new int[1];
                in.scan(new byte[] {1}, LAST, backwards, (_, _) -> ++count[0] < 7);
                return count[0];
            });
            assertThat(seen).isEqualTo(7);
        }
    }

    @Test
    protected void aReadingSeesOneMoment() {
        written(ANNA, EngineRows.from(0, 1).put(key("a"), bytes("old")).put(key("b"), bytes("old")).batch());

        List<@Nullable String> seen = engine.read(ANNA, TIME, rows -> {
            @Nullable String first = text(rows.get(key("a")));
            Thread other = Thread.ofPlatform().start(() -> {
                written(ANNA, EngineRows.from(1, 1).put(key("a"), bytes("new")).delete(key("b"))
                        .put(key("c"), bytes("new")).batch());
            });
            join(other);
            var scanned = new ArrayList<@Nullable String>(Arrays.asList(first, text(rows.get(key("a"))), text(rows.get(key("c")))));
            rows.scan(key("a"), key("d"), false, (key, value) -> scanned.add(hex(key) + text(value)));
            return scanned;
        });

        assertThat(seen).containsExactly("old", "old", null, hex(key("a")) + "old", hex(key("b")) + "old");
        assertThat(value(ANNA, "a")).isEqualTo("new");
        assertThat(value(ANNA, "b")).isNull();
    }

    @Test
    protected void anArrayHandedOutOrInIsNotTheStoredOne() {
        byte[] given = bytes("safe");
        written(ANNA, EngineRows.from(0, 1).put(key("a"), given).batch());
        Arrays.fill(given, (byte) 'x');
        engine.read(ANNA, TIME, rows -> {
            byte @Nullable [] value = rows.get(key("a"));
            if (value != null) Arrays.fill(value, (byte) 'y');
            rows.scan(key("a"), (_, scanned) -> {
                Arrays.fill(scanned, (byte) 'z');
                return true;
            });
            return 0;
        });

        assertThat(value(ANNA, "a")).isEqualTo("safe");
    }

    @Test
    protected void accountsDoNotMix() {
        var neighbours = new AccountId[] {
            new AccountId(0), new AccountId(1), new AccountId(0xFF), new AccountId(0x100),
                    new AccountId(Long.MAX_VALUE),
            new AccountId(Long.MIN_VALUE), new AccountId(-2), new AccountId(-1)
        };
        for (AccountId account : neighbours) {
            written(account, EngineRows.from(0, 1).put(new byte[] {(byte) 0xFD}, bytes(account.toString())).put(key("a"), bytes(account.toString())).batch());
        }

        for (AccountId account : neighbours) {
            assertThat(all(account)).hasSize(3);
            assertThat(value(account, "a")).isEqualTo(account.toString());
            assertThat(keys(account, new byte[] {1}, LAST, true)).hasSize(2);
        }
        assertThat(engine.accounts(null, 100, TIME)).containsExactly(neighbours);
    }

    @Test
    protected void accountsArePagedInIdOrder() {
        var ids = new ArrayList<AccountId>();
        var random = new Random(5);
        for (int i = 0; i < 25; i++) ids.add(new AccountId(random.nextLong()));
        for (AccountId id : ids) written(id, EngineRows.from(0, 1).put(key("a"), bytes("")).put(key("b"), bytes("")).batch());

        var paged = new ArrayList<AccountId>();
        @Nullable AccountId after = null;
        for (int pages = 0; pages < 4; pages++) {
            List<AccountId> page = engine.accounts(after, 7, TIME);
            assertThat(page).hasSize(pages < 3 ? 7 : 4);
            paged.addAll(page);
            after = page.getLast();
        }

        assertThat(paged).containsExactlyElementsOf(ids.stream().sorted().toList());
    }

    @Test
    protected void anErasedAccountIsNewAgainAndItsNeighboursStay() {
        for (AccountId account : List.of(new AccountId(6), ANNA, BRUNO)) {
            written(account, EngineRows.from(0, 3).put(key("a"), bytes("x")).put(new byte[] {(byte) 0xFD}, bytes("x")).batch());
        }

        assertThat(engine.erase(ANNA).await(Deadline.in(TIME))).isEqualTo(new Engine.Outcome.Written());
        engine.erase(new AccountId(-1)).await(Deadline.in(TIME));

        assertThat(all(ANNA)).isEmpty();
        assertThat(engine.accounts(null, 10, TIME)).containsExactly(new AccountId(6), BRUNO);
        assertThat(all(BRUNO)).hasSize(3);
        written(ANNA, EngineRows.from(0, 1).put(key("b"), bytes("again")).batch());
        assertThat(all(ANNA)).hasSize(2);
    }

    @Test
    protected void whatIsHandedOverForOneAccountAppliesInThatOrder() {
        var tickets = new ArrayList<Ticket<Engine.Outcome>>();
        for (int i = 0; i < 300; i++) {
            tickets.add(engine.write(ANNA, EngineRows.from(i, 1).put(key("a"), bytes("" + i)).batch()));
        }
        Ticket<Engine.Outcome> twice = engine.write(ANNA, EngineRows.from(299, 1).put(key("a"), bytes("twice")).batch());
        Ticket<Engine.Outcome> erased = engine.erase(ANNA);
        Ticket<Engine.Outcome> stale = engine.write(ANNA, EngineRows.from(300, 1).batch());
        Ticket<Engine.Outcome> fresh = engine.write(ANNA, EngineRows.from(0, 1).put(key("b"), bytes("fresh")).batch());

        for (Ticket<Engine.Outcome> ticket : tickets) {
            assertThat(ticket.await(Deadline.in(TIME))).isEqualTo(new Engine.Outcome.Written());
        }
        assertThat(twice.await(Deadline.in(TIME))).isEqualTo(new Engine.Outcome.Refused(300, 1));
        assertThat(erased.await(Deadline.in(TIME))).isEqualTo(new Engine.Outcome.Written());
        assertThat(stale.await(Deadline.in(TIME))).isEqualTo(new Engine.Outcome.Refused(0, 0));
        assertThat(fresh.await(Deadline.in(TIME))).isEqualTo(new Engine.Outcome.Written());
        assertThat(all(ANNA)).hasSize(2);
        assertThat(engine.syncs()).isLessThan(304);
    }

    @Test
    protected void ofManyWritersForOneVersionOneWins() throws Exception {
        int writers = 12;
        int rounds = 40;
        var wins = new AtomicInteger();
        var start = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            threads.add(Thread.ofVirtual().start(() -> {
                awaitQuietly(start);
                for (long at = standing(ANNA).version(); at < rounds; at = standing(ANNA).version()) {
                    Batch batch = EngineRows.from(at, 1).put(new byte[] {2, (byte) at}, bytes("" + writer)).batch();
                    if (outcome(ANNA, batch) instanceof Engine.Outcome.Written) wins.incrementAndGet();
                }
            }));
        }
        start.countDown();
        for (Thread thread : threads) thread.join();

        assertThat(wins.get()).isEqualTo(rounds);
        assertThat(standing(ANNA).version()).isEqualTo(rounds);
        assertThat(keys(ANNA, new byte[] {2}, new byte[] {3}, false)).hasSize(rounds);
    }

    @Test
    protected void aRefusedBatchDoesNotHarmThoseBesideIt() {
        var tickets = new ArrayList<Ticket<Engine.Outcome>>();
        for (int i = 0; i < 200; i++) {
            var account = new AccountId(1000 + i);
            tickets.add(engine.write(account, EngineRows.from(i % 2 == 0 ? 0 : 9, 1).put(key("a"), bytes("x")).batch()));
        }

        for (int i = 0; i < tickets.size(); i++) {
            Engine.Outcome expected = i % 2 == 0 ? new Engine.Outcome.Written()
                    : new Engine.Outcome.Refused(0, 0);
            assertThat(tickets.get(i).await(Deadline.in(TIME))).isEqualTo(expected);
        }
        assertThat(engine.accounts(null, 1000, TIME)).hasSize(100);
    }

    @Test
    protected void aLargeBatchIsOneWrite() {
        EngineRows rows = EngineRows.from(0, 1).put(key("large"), new byte[1 << 20]);
        for (int i = 0; i < 5_000; i++) rows.put(new byte[] {3, (byte) (i >> 8), (byte) i}, new byte[50]);
        written(ANNA, rows.batch());

        assertThat(all(ANNA)).hasSize(5_002);
        assertThat(value(ANNA, "large")).hasSize(1 << 20);
    }

    @Test
    protected void whatAReadingThrowsComesBack() {
        assertThatThrownBy(() -> engine.read(ANNA, TIME, _ -> {
            throw new Fault.Corrupt("Row unreadable", Map.of());
        })).isInstanceOf(Fault.Corrupt.class);
        assertThatThrownBy(() -> engine.read(ANNA, TIME, _ -> {
            throw new IllegalStateException("mistake");
        })).isInstanceOf(IllegalStateException.class).hasMessage("mistake");
        assertThat(all(ANNA)).isEmpty();
    }

    @Test
    protected void aProbeTouchesNoAccount() {
        engine.probe(TIME);
        engine.probe(TIME);

        assertThat(engine.accounts(null, 10, TIME)).isEmpty();
    }

    @Test
    protected void readsOfOneAccountThatDoNotComeBackHoldUpNobodyElse() throws InterruptedException {
        written(ANNA, EngineRows.from(0, 1).put(key("a"), bytes("one")).batch());
        written(BRUNO, EngineRows.from(0, 1).put(key("a"), bytes("two")).batch());
        var release = new CountDownLatch(1);
        var hung = new ArrayList<Thread>();
        try {
            for (int i = 0; i < 8; i++) {
                hung.add(Thread.ofVirtual().start(() -> {
                    try {
                        engine.read(ANNA, Duration.ofMillis(200), _ -> await(release));
                    } catch (Fault.Unavailable e) {
                        // As it must be: it takes longer than it may.
                    }
                }));
            }
            // Past their deadlines, so that those which run count as late.
            assertThat(release.await(400, TimeUnit.MILLISECONDS)).isFalse();
            for (int i = 0; i < 8; i++) assertThat(value(BRUNO, "a")).isEqualTo("two");
            assertThat(engine.answers(ANNA, TIME)).as("its rows are well").isTrue();
            assertThat(engine.answers(new AccountId(99), TIME)).as("nobody's").isTrue();
        } finally {
            release.countDown();
        }
        for (Thread thread : hung) thread.join();
        assertThat(value(ANNA, "a")).isEqualTo("one");
    }

    private static int await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    @Test
    protected void randomBatchesGiveWhatASortedMapGives() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var model = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        for (int version = 0; version < 150; version++) {
            EngineRows rows = EngineRows.from(version, 1);
            for (int i = random.nextInt(8); i > 0; i--) {
                byte[] key = randomKey(random);
                rows.delete(key);
                model.remove(key);
            }
            var puts = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
            for (int i = random.nextInt(8); i > 0; i--) puts.put(randomKey(random),
                    new byte[] {(byte) random.nextInt()});
            puts.forEach(rows::put);
            model.putAll(puts);
            written(ANNA, rows.batch());
            byte[] from = randomKey(random);
            byte[] until = randomKey(random);
            boolean backwards = random.nextBoolean();
            assertThat(keys(ANNA, from, until, backwards)).as("seed %d version %d", seed, version)
                    .isEqualTo(expected(model, from, until, backwards));
        }
    }

    @Test
    protected void rowsOutliveTheEngineWhereItSaysSo() {
        written(ANNA, EngineRows.from(0, 2).put(key("a"), bytes("kept")).batch());
        written(ANNA, EngineRows.from(1, 2).put(key("b"), bytes("kept too")).batch());

        engine.close();
        engine = open(folder.resolve("engine"));

        assertThat(value(ANNA, "a")).isEqualTo(durable() ? "kept" : null);
        assertThat(standing(ANNA)).isEqualTo(durable() ? new Standing(2, 2) : Standing.NEW);
        long version = durable() ? 2 : 0;
        written(ANNA, EngineRows.from(version, 2).put(key("a"), bytes("goes on")).batch());
        assertThat(value(ANNA, "a")).isEqualTo("goes on");
    }

    @Test
    protected void aClosedEngineIsUnavailable() {
        written(ANNA, EngineRows.from(0, 1).batch());
        engine.close();

        assertThatThrownBy(() -> all(ANNA)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> outcome(ANNA, EngineRows.from(1, 1).batch()))
                .isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> engine.erase(ANNA).await(Deadline.in(TIME)))
                .isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> engine.accounts(null, 1, TIME)).isInstanceOf(Fault.Unavailable.class);
        assertThatThrownBy(() -> engine.probe(TIME)).isInstanceOf(Fault.Unavailable.class);
        engine.close();
    }

    private static byte[] randomKey(Random random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) key[i] = (byte) (random.nextInt(6) * 51);
        key[0] = (byte) (1 + random.nextInt(3));
        return key;
    }

    private static List<String> expected(NavigableMap<byte[], byte[]> model, byte[] from, byte[] until,
            boolean backwards) {
        if (Arrays.compareUnsigned(from, until) >= 0) return List.of();
        var keys = new ArrayList<String>();
        model.subMap(from, until).keySet().forEach(key -> keys.add(hex(key)));
        return backwards ? keys.reversed() : keys;
    }

    /// Writes and demands that it was written.
    protected final void written(AccountId account, Batch batch) {
        assertThat(outcome(account, batch)).isEqualTo(new Engine.Outcome.Written());
    }

    protected final Engine.Outcome outcome(AccountId account, Batch batch) {
        return engine.write(account, batch).await(Deadline.in(TIME));
    }

    protected final Standing standing(AccountId account) {
        return engine.read(account, TIME, rows -> {
            byte @Nullable [] head = rows.get(new Key.Head());
            return head == null ? Standing.NEW
                    : new Standing(HeadRow.of(head).version(), HeadRow.of(head).epoch());
        });
    }

    /// Returns the value of the row that [#key] names, as text.
    protected final @Nullable String value(AccountId account, String name) {
        return engine.read(account, TIME, rows -> Optional.ofNullable(text(rows.get(key(name)))))
                .orElse(null);
    }

    private Map<String, byte[]> all(AccountId account) {
        return engine.read(account, TIME, (Rows rows) -> {
            var found = new TreeMap<String, byte[]>();
            rows.scan(new byte[] {0}, LAST, false, (key, value) -> found.put(hex(key), value) == null);
            return found;
        });
    }

    private List<String> keys(AccountId account, byte[] from, byte[] until, boolean backwards) {
        return engine.read(account, TIME, rows -> {
            var found = new ArrayList<String>();
            rows.scan(from, until, backwards, (key, _) -> found.add(hex(key)));
            return found;
        });
    }

    /// Returns a row's key in the room of mailbox names.
    protected static byte[] key(String name) {
        return new Key.MailboxName(name).bytes();
    }

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] value) {
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(key);
    }

    private static String[] hex(byte[]... keys) {
        return Arrays.stream(keys).map(EngineContract::hex).toArray(String[]::new);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
