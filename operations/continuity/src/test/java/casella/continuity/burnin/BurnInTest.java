package casella.continuity.burnin;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.AccountId;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import casella.continuity.reenactment.ThresholdVault;
import casella.store.vault.ObjectName;
import casella.store.vault.Vault;
import casella.testkit.LentVault;
import casella.testkit.MemoryVault;
import casella.vault.files.FilesVault;
import casella.vault.pack.PackVault;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Proves that a burn-in says good of a good vault, finds where others stop, bend or lie, ends whatever they do, and leaves
/// nothing behind.
final class BurnInTest {
    private static final Duration TIME = Duration.ofSeconds(20);

    private static Plan plan(long objects) {
        return Plan.of(objects, objects * 2_000, objects / 20)
                .withPerAccount(objects / 4)
                .withFanOut(30)
                .withConcurrency(16)
                .withCalls(TIME, 60_000);
    }

    private static Findings run(Vault vault, Plan plan) {
        return new BurnIn(vault, plan, Clock.system(), (_, _) -> {}).run();
    }

    private static List<AccountId> accounts(Vault vault) {
        return vault.accounts(null, 10_000, TIME);
    }

    @Test
    void aGoodVaultPassesAndIsEmptyAfterwards(@TempDir Path folder) throws Exception {
        var shares = new ArrayList<Double>();
        try (Vault vault = PackVault.open("pack", folder)) {
            Findings found =
                    new BurnIn(vault, plan(2_000), Clock.system(), (share, _) -> shares.add(share)).run();

            assertThat(found.sentence()).isEqualTo("PASSED: it holds what is projected, and more");
            assertThat(found.thresholds()).isEmpty();
            assertThat(accounts(vault)).isEmpty();
            assertThat(found.left()).isZero();
            for (Dimension dimension : Dimension.values()) {
                assertThat(found.reached(dimension)).as(dimension.words())
                        .isGreaterThanOrEqualTo(found.plan().goal(dimension));
            }
            assertThat(found.checked().all()).isTrue();
            assertThat(found.checked().listed()).isEqualTo(found.checked().expected()).isGreaterThan(3_000);
            assertThat(found.checked().reads().calls()).isEqualTo(found.checked().expected());
            for (Call call : Call.values()) {
                assertThat(found.steps()).as(call.word()).anyMatch(step -> step.of(call).calls() > 0);
            }
            reported(found);
        }
        assertThat(shares).isSorted().last().isEqualTo(1.0);
    }

    private static void reported(Findings found) throws Exception {
        String words = Report.markdown(found);
        assertThat(words).contains("**PASSED", "| objects | 2,000 | ", "every object was read", "| calls at the same time |");
        ObjectNode json = Report.json(found);
        assertThat(json.path("verdict").asString()).isEqualTo("passed");
        assertThat(json.path("dimensions").path("perAccount").path("reached").asLong()).isGreaterThanOrEqualTo(625);
        assertThat(json.path("steps").get(0).path("put").path("p99Millis").asDouble()).isPositive();
        var plot = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(Report.plot(found).getBytes(StandardCharsets.UTF_8)));
        // Four panels of up to four calls, each with two lines.
        assertThat(plot.getElementsByTagName("polyline").getLength()).isBetween(20, 32);
    }

    @Test
    void aHiddenThresholdIsFoundAndTheBurnInEnds(@TempDir Path folder) {
        Plan plan = plan(2_000).withCalls(Duration.ofMillis(400), 60_000);
        try (var vault = new ThresholdVault(PackVault.open("pack", folder), 1_000)) {
            long began = System.nanoTime();
            Findings found = run(vault, plan);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(40));
            assertThat(found.verdict()).isInstanceOf(Verdict.Failed.class);
            Threshold threshold = found.thresholds().getFirst();
            assertThat(threshold.how()).isEqualTo(Threshold.How.HANG);
            // It stops when it holds more than it can; what was under way then nobody knows of.
            assertThat(threshold.goodAt()).isBetween(1_000L, 1_017L);
            assertThat(threshold.badAt()).isBetween(threshold.goodAt(), 1_034L);
            assertThat(threshold.back()).isFalse();
            assertThat(found.sentence()).startsWith("FAILED: it answers nothing: calls ").contains(" objects (it held 1,0");
            assertThat(found.left()).isEqualTo(-1);
            assertThat(Report.markdown(found)).contains("another burn-in removes it");

            // The next process finds what is left by its ids, and removes it first.
            vault.release();
            assertThat(accounts(vault)).isNotEmpty().allMatch(AccountId::isSynthetic);
            Findings again = run(vault, plan(200));
            assertThat(again.notes()).anyMatch(note -> note.startsWith("What an earlier burn-in left was removed first"));
            assertThat(again.sentence()).startsWith("PASSED");
            assertThat(accounts(vault)).isEmpty();
        }
    }

    @Test
    @Tag("long")
    void aThresholdIsFoundInAVaultOfPlainFilesToo(@TempDir Path folder) {
        Plan plan = plan(120).withConcurrency(4).withCalls(Duration.ofSeconds(1), 60_000);
        try (var vault = new ThresholdVault(FilesVault.open("files", folder), 80)) {
            Findings found = run(vault, plan);

            assertThat(found.thresholds()).singleElement().satisfies(threshold -> {
                assertThat(threshold.dimension()).isEqualTo(Dimension.OBJECTS);
                assertThat(threshold.goodAt()).isBetween(80L, 85L);
            });
        }
    }

    /// Puts into the many accounts take longer the more there is.
    private static final class GrowingSlower extends LentVault implements AutoCloseable {
        private final long quickUntil;
        private final AtomicLong objects = new AtomicLong();
        private final ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor();

        GrowingSlower(long quickUntil) {
            super(new MemoryVault("memory"));
            this.quickUntil = quickUntil;
        }

        @Override
        @SuppressWarnings("NullAway") // the one value a Ticket<Void> has is null
        public Ticket<Void> put(ObjectName name, byte[] object) {
            var ticket = new Ticket<Void>("vault.put");
            Ticket<Void> inner = super.put(name, object);
            boolean many = Long.compareUnsigned(name.account().value() >>> 40, Synthetic.SPREAD) < 0;
            long beyond = many ? objects.incrementAndGet() - quickUntil : 0;
            Runnable answer = () -> inner.whenAnswered((_, _) -> ticket.complete(null));
            if (beyond <= 0) answer.run();
            else late.schedule(answer, 10_000 + beyond * 10, TimeUnit.MICROSECONDS);
            return ticket;
        }

        @Override
        public void close() {
            late.shutdownNow();
        }
    }

    @Test
    void aVaultThatGetsSlowerFromSomewhereShowsItsKnee() {
        Plan plan = plan(3_000).withPerAccount(100).withConcurrency(32);
        try (var vault = new GrowingSlower(1_500)) {
            Findings found = run(vault, plan);

            assertThat(found.sentence()).startsWith("PASSED");
            Knee knee = found.knees().stream()
                    .filter(one -> one.dimension() == Dimension.OBJECTS && one.call() == Call.PUT)
                    .findFirst()
                    .orElseThrow();
            assertThat(knee.at()).isBetween(1_100L, 1_900L);
            assertThat(knee.last()).isGreaterThan(knee.before() * 3);
            assertThat(Report.sentences(found)).anyMatch(sentence -> sentence.startsWith("99 in 100 puts take"));
        }
    }

    @Test
    void aVaultThatIsSlowerThanAllowedFails() {
        var vault = new LentVault(new MemoryVault("memory")) {
            @Override
            public byte @Nullable [] get(ObjectName name, long from, int length, Duration time) {
                LockSupport.parkNanos(3_000_000);
                return super.get(name, from, length, time);
            }
        };

        assertThat(run(vault, plan(100).withCalls(TIME, 2)).verdict().reason()).startsWith("latency: 99 in 100 gets take ");
    }

    @Test
    void aVaultThatLiesFailsVerification() {
        var reads = new AtomicInteger();
        var vault = new LentVault(new MemoryVault("memory")) {
            @Override
            public byte @Nullable [] get(ObjectName name, long from, int length, Duration time) {
                byte @Nullable [] right = super.get(name, from, length, time);
                if (right == null || reads.incrementAndGet() != 50) return right;
                byte[] wrong = right.clone();
                wrong[wrong.length - 1] ^= 1;
                return wrong;
            }
        };

        Findings found = run(vault, plan(300));

        assertThat(found.sentence()).startsWith("FAILED: verification: 1 of ").contains("is not what was put");
        assertThat(accounts(vault)).isEmpty();
    }

    @Test
    void aVaultThatRefusesFromSomewhereOnIsToldFromOneThatHangs() {
        var puts = new AtomicInteger();
        var vault = new LentVault(new MemoryVault("memory")) {
            @Override
            public Ticket<Void> put(ObjectName name, byte[] object) {
                if (puts.incrementAndGet() <= 200) return super.put(name, object);
                return Ticket.failed("vault.put", new Fault.Exhausted("The disk is full", Map.of()));
            }
        };

        Findings found = run(vault, plan(300).withCalls(Duration.ofMillis(300), 60_000));

        assertThat(found.thresholds()).singleElement().satisfies(threshold -> {
            assertThat(threshold.how()).isEqualTo(Threshold.How.REFUSED);
            // Some were removed before, to see how long that takes.
            assertThat(threshold.goodAt()).isEqualTo(threshold.badAt()).isBetween(150L, 200L);
            assertThat(threshold.back()).isTrue();
        });
        assertThat(found.sentence()).contains("it refuses: calls at ");
        assertThat(accounts(vault)).isEmpty();
    }

    @Test
    void aVaultThatForgetsFailsVerification() {
        var puts = new AtomicInteger();
        var vault = new LentVault(new MemoryVault("memory")) {
            @Override
            @SuppressWarnings("NullAway") // the one value a Ticket<Void> has is null
            public Ticket<Void> put(ObjectName name, byte[] object) {
                return puts.incrementAndGet() == 77 ? Ticket.done("vault.put", null) : super.put(name, object);
            }
        };

        Findings found = run(vault, plan(300));

        assertThat(found.sentence()).startsWith("FAILED: verification: ").contains("is not there");
    }

    @Test
    void aVaultThatListsTooLittleFailsVerification() {
        var vault = new LentVault(new MemoryVault("memory")) {
            @Override
            public List<Entry> list(AccountId account, ObjectName.Kind kind, @Nullable ObjectName after,
                    int limit,
                    Duration time) {
                List<Entry> all = super.list(account, kind, after, limit, time);
                return all.size() < 30 ? all : all.subList(0, 0);
            }
        };

        assertThat(run(vault, plan(300)).sentence()).startsWith("FAILED: verification: listings show ");
    }

    @Test
    void aVaultWithSomebodysMailIsNotTouched() {
        try (Vault vault = new MemoryVault("memory")) {
            var name = new ObjectName(new AccountId(7), ObjectName.Kind.MAIL, 1, 1,
                    casella.base.Sha256.of(new byte[1]));
            var _ = vault.put(name, new byte[100]).await(Deadline.in(TIME));

            Findings found = run(vault, plan(300));

            assertThat(found.sentence()).startsWith("FAILED: it is not empty: it holds objects of account ");
            assertThat(accounts(vault)).containsExactly(new AccountId(7));
            assertThat(vault.figures().objects()).isEqualTo(1);
        }
    }

    @Test
    void whatWasStoppedOrBoundBeforeItsGoalIsNeverPassed() {
        try (Vault vault = new MemoryVault("memory")) {
            var stopped = new BurnIn[1];
            stopped[0] = new BurnIn(vault, plan(1_000), Clock.system(), (share, _) -> {
                if (share > 0.3) stopped[0].stop("an operator stopped it");
            });
            Findings found = stopped[0].run();
            assertThat(found.verdict()).isInstanceOf(Verdict.MissingData.class);
            assertThat(found.verdict().reason()).startsWith("an operator stopped it; it was tried only up to ");
            assertThat(found.steps()).isNotEmpty();
            assertThat(accounts(vault)).isEmpty();

            Findings bound = run(vault, plan(1_000).within(TIME, 400_000));
            assertThat(bound.sentence()).startsWith("MISSING DATA: its bound of 400000 bytes was reached");

            Findings late = run(vault, plan(1_000).within(Duration.ofMillis(1), 1L << 40));
            assertThat(late.sentence()).startsWith("MISSING DATA: its time of 0 s was over");
            assertThat(accounts(vault)).isEmpty();
        }
    }

    @Test
    void tooManyCallsAtTheSameTimeAreFoundByHalving() {
        var atOnce = new Semaphore(12);
        var vault = new LentVault(new MemoryVault("memory")) {
            @Override
            public byte @Nullable [] get(ObjectName name, long from, int length, Duration time) {
                // Refuses readers beyond so many, once many write as well.
                if (!atOnce.tryAcquire()) throw new Fault.Unavailable("Too many calls", Map.of());
                try {
                    LockSupport.parkNanos(1_000_000);
                    return super.get(name, from, length, time);
                } finally {
                    atOnce.release();
                }
            }
        };

        Findings found = run(vault, plan(300).withConcurrency(10).withFactor(6));

        Threshold threshold = found.thresholds().getFirst();
        assertThat(threshold.dimension()).isEqualTo(Dimension.CONCURRENCY);
        assertThat(threshold.goodAt()).isBetween(8L, 31L);
        assertThat(threshold.badAt()).isBetween(threshold.goodAt() + 1, 32L);
        assertThat(threshold.back()).isTrue();
        assertThat(found.checked().all()).as("it goes on, and reads all back").isTrue();
        assertThat(found.sentence()).startsWith("FAILED: it refuses: calls between ");
    }
}
