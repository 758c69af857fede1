package casella.testkit;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metrics;
import casella.store.Account;
import casella.store.Accounts;
import casella.store.Copies;
import casella.store.Debt;
import casella.store.FaceRows;
import casella.store.Journal;
import casella.store.Role;
import casella.store.archive.Archiver;
import casella.store.archive.Journalled;
import casella.store.engine.Engine;
import casella.store.health.Breaker;
import casella.store.vault.Vault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Accounts over an engine of the test's choice, with journal and vaults that can fail on command.
///
/// ```java
/// try (var store = TestStore.over(new MemoryEngine())) {
///     Account anna = store.account();
/// }
/// ```
public final class TestStore implements AutoCloseable {
    /// The mailboxes every account of a test starts with, besides INBOX.
    public static final Map<Role, String> MAILBOXES =
            Map.of(
                    Role.DRAFTS, "Drafts",
                    Role.SENT, "Sent",
                    Role.ARCHIVE, "Archive",
                    Role.JUNK, "Junk",
                    Role.TRASH, "Trash");

    /// Nothing probes here: a vault that failed stays, one that was late does not come back.
    private static final Breaker.Rule PATIENT =
            new Breaker.Rule(
                    Integer.MAX_VALUE, Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofMinutes(5));

    private final Bulkhead cpu = new Bulkhead("test.cpu", 2, 64);
    private final FaultyEngine engine;
    private final Journal journal;
    private final FaultyVault first;
    private final FaultyVault second;
    private final Accounts accounts;
    private final Archiver archiver;
    private final SteppedClock clock;
    private final Map<AccountId, List<FaceRows.Folder>> faces = new ConcurrentHashMap<>();
    private final Set<AccountId> unused = ConcurrentHashMap.newKeySet();
    private volatile long quotaBytes = 1L << 30;

    /// @param stepped the clock of everything; null: only the archiver's is stepped
    private TestStore(
            Engine engine, Journal journal, Vault first, Vault second, Accounts.Times times,
            @Nullable SteppedClock stepped, Archiver.Limits limits) {
        this.clock = stepped == null ? new SteppedClock() : stepped;
        Clock others = stepped == null ? Clock.system() : stepped;
        this.engine = new FaultyEngine(engine);
        this.journal = journal;
        this.first = new FaultyVault(first);
        this.second = new FaultyVault(second);
        var policy = new Copies.Policy(2, Copies.Distinct.TECHNOLOGY, 2, 1, times.change(), times.read());
        var debt = new Debt(others, Metrics.none());
        var copies = new Copies(List.of(this.first, this.second), policy, PATIENT, debt, Metrics.none());
        this.archiver = new Archiver(this.engine, journal, copies, clock, Metrics.none(),
                limits);
        this.accounts =
                new Accounts(
                        this.engine,
                        new Journalled(journal, archiver),
                        copies,
                        _ -> quotaBytes,
                        founder(),
                        times,
                        others,
                        cpu,
                        Metrics.none());
    }

    private Accounts.Founder founder() {
        return new Accounts.Founder() {
            @Override
            public Optional<Map<Role, String>> mailboxes(AccountId account) {
                return unused.contains(account) ? Optional.of(MAILBOXES) : Optional.empty();
            }

            @Override
            public List<FaceRows.Folder> face(AccountId account) {
                return faces.getOrDefault(account, List.of());
            }
        };
    }

    /// Has an account's folders known beside the store.
    public TestStore face(AccountId account, List<FaceRows.Folder> folders) {
        faces.put(account, folders);
        return this;
    }

    /// Has nobody know that an account was ever used.
    public TestStore unused(AccountId account) {
        unused.add(account);
        return this;
    }

    /// Opens accounts with a journal and two vaults in memory.
    public static TestStore over(Engine engine) {
        return over(engine, new MemoryJournal());
    }

    public static TestStore over(Engine engine, Journal journal) {
        return over(engine, journal, new MemoryVault("one"), new MemoryVault("two"));
    }

    /// Opens accounts on vaults that an earlier store left; they stay open.
    public static TestStore over(Engine engine, Journal journal, Vault first, Vault second) {
        var times = new Accounts.Times(Duration.ofSeconds(10), Duration.ofSeconds(10));
        return new TestStore(engine, journal, new LentVault(first), new LentVault(second), times,
                null, Archiver.Limits.STANDARD);
    }

    /// As [#over(Engine, Journal, Vault, Vault)], with changes made at the time of `clock`.
    public static TestStore at(
            SteppedClock clock, Engine engine, Journal journal, Vault first, Vault second) {
        var times = new Accounts.Times(Duration.ofSeconds(10), Duration.ofSeconds(10));
        return new TestStore(engine, journal, new LentVault(first), new LentVault(second), times,
                clock, Archiver.Limits.STANDARD);
    }

    /// As [#at(SteppedClock, Engine, Journal, Vault, Vault)], with an archiver of other limits.
    public static TestStore at(
            SteppedClock clock, Archiver.Limits limits, Engine engine, Journal journal, Vault first,
            Vault second) {
        var times = new Accounts.Times(Duration.ofSeconds(10), Duration.ofSeconds(10));
        return new TestStore(engine, journal, new LentVault(first), new LentVault(second), times,
                clock, limits);
    }

    /// As [#over(Engine)] with short deadlines, for tests in which something hangs.
    public static TestStore impatient(Engine engine, Journal journal) {
        var times = new Accounts.Times(Duration.ofMillis(200), Duration.ofMillis(200));
        return new TestStore(engine, journal, new MemoryVault("one"), new MemoryVault("two"), times, null, Archiver.Limits.STANDARD);
    }

    public Accounts accounts() {
        return accounts;
    }

    /// Makes a new account with [#MAILBOXES].
    public Account account() {
        return accounts.create(AccountId.random(), MAILBOXES);
    }

    /// Returns what takes entries to the vaults when told to; nothing runs by itself.
    public Archiver archiver() {
        return archiver;
    }

    /// Returns the archiver's clock.
    public SteppedClock clock() {
        return clock;
    }

    public FaultyEngine engine() {
        return engine;
    }

    public Journal journal() {
        return journal;
    }

    public FaultyVault firstVault() {
        return first;
    }

    public FaultyVault secondVault() {
        return second;
    }

    /// Sets how many bytes every account may hold from now on; 1 GiB at first.
    public void quota(long bytes) {
        this.quotaBytes = bytes;
    }

    @Override
    public void close() {
        engine.heal();
        first.heal();
        second.heal();
        engine.close();
        first.close();
        second.close();
        cpu.close();
    }
}
