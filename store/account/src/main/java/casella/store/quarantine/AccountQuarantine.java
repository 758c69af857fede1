package casella.store.quarantine;

import casella.base.AccountId;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.store.Marking;
import casella.store.disk.Disk;
import casella.store.disk.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Accounts that are set aside because work on their data ended the process twice. Safe from any thread.
///
/// What is marked is rare work on one account's stored data: opening it, mending it. A process that died left the marks
/// behind; the next start judges. A stack exhausted by an account's rows, which is caught, counts like a death of the
/// process; memory exhausted does not: that is everybody's. Page: docs/formats/quarantine.md.
public final class AccountQuarantine implements Marking, AutoCloseable {
    private static final String FIRST = "casella-quarantine 1";
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Duration BEAT = Duration.ofSeconds(1);
    /// One request that is tried again at once is one crash.
    private static final Duration ONE_CRASH = Duration.ofSeconds(10);

    private final @Nullable UnderWay underWay;
    private final SmallFile file;
    private final Bulkhead files = new Bulkhead("quarantine", 1, 64);
    private final Clock clock;
    private final Suspects suspects;
    private final Set<AccountId> aside = ConcurrentHashMap.newKeySet();
    private volatile Runnable released = () -> {};
    private final CountDownLatch closed = new CountDownLatch(1);

    /// An account that is set aside, with the evidence.
    public record Aside(AccountId account, Instant since, List<Crash> crashes) {
        public Aside {
            crashes = List.copyOf(crashes);
        }
    }

    private AccountQuarantine(
            @Nullable UnderWay underWay, SmallFile file, Suspects suspects, Clock clock, Metrics metrics) {
        this.underWay = underWay;
        this.file = file;
        this.suspects = suspects;
        this.clock = clock;
        for (Suspects.Aside one : suspects.aside()) aside.add(one.account());
        metrics.gauge(Metric.QUARANTINE_ACCOUNTS, aside::size);
    }

    /// Opens what is known in `folder` and judges over what the process before left. Blocks on files: before anything is
    /// served, from a platform thread. Whatever it cannot read or write keeps nobody from their mail.
    public static AccountQuarantine open(Path folder, Clock clock, Metrics metrics) {
        var file = new SmallFile(Disk.real(), folder.resolve("quarantine"), FIRST);
        Suspects suspects = read(file);
        @Nullable UnderWay underWay = null;
        try {
            underWay = UnderWay.open(folder.resolve("under-way"), clock.now());
        } catch (IOException e) {
            Log.event(Event.QUARANTINE_NOT_KEPT, e, "file", "under-way");
        }
        AccountId condemned = underWay == null ? null : suspects.judge(underWay.left(), clock.now());
        var quarantine = new AccountQuarantine(underWay, file, suspects, clock, metrics);
        if (underWay != null) {
            quarantine.tell(underWay.left(), condemned);
            quarantine.keep();
            Thread.ofVirtual().name("under-way").start(quarantine::beat);
        }
        return quarantine;
    }

    private static Suspects read(SmallFile file) {
        try {
            return Suspects.of(file.read().orElse(List.of()));
        } catch (IOException | IllegalArgumentException e) {
            Log.event(Event.QUARANTINE_NOT_KEPT, e, "file", file.path().getFileName());
            return new Suspects();
        }
    }

    /// Returns who is set aside as a file in `folder` says it: beside a running server, or without one.
    public static List<Aside> list(Path folder) {
        return list(read(new SmallFile(Disk.real(), folder.resolve("quarantine"), FIRST)));
    }

    private static List<Aside> list(Suspects suspects) {
        return suspects.aside().stream()
                .map(one -> new Aside(one.account(), one.since(), one.crashes()))
                .toList();
    }

    private void tell(UnderWay.Left left, @Nullable AccountId condemned) {
        if (left.died()) {
            for (UnderWay.Mark mark : left.marks()) {
                Log.event(Event.QUARANTINE_SUSPECT, "account", mark.account(), "work", mark.work().words(),
                        "seconds", mark.seconds(), "at", left.at());
            }
        }
        if (condemned != null) Log.event(Event.QUARANTINE_SET_ASIDE, "account", condemned);
    }

    private void beat() {
        UnderWay marks = underWay;
        if (marks == null) return;
        try {
            while (!closed.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) marks.beat(clock.now());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Says whether an account is set aside. From memory.
    public boolean holds(AccountId account) {
        return !aside.isEmpty() && aside.contains(account);
    }

    /// Lets pass who is not set aside.
    ///
    /// @throws Fault.Unavailable if the account is: [Marking#isSetAside]
    public void admit(AccountId account) {
        if (holds(account)) throw new Fault.Unavailable(SET_ASIDE, Map.of("account", account));
    }

    @Override
    public Mark begin(AccountId account, Opening opening) {
        return begin(account, switch (opening) {
            case FIRST_USE -> Work.OPENING;
            case MEND -> Work.MENDING;
        });
    }

    /// Marks that rows of an account are read for the first time.
    Mark reading(AccountId account) {
        return begin(account, Work.READING);
    }

    private Mark begin(AccountId account, Work work) {
        UnderWay marks = underWay;
        if (marks == null) return () -> {};
        int slot = marks.begin(account, work, clock.now());
        return () -> marks.end(slot);
    }

    @Override
    public Fault broke(AccountId account, VirtualMachineError error) {
        return broke(account, Work.OPENING, error);
    }

    /// Takes an error that work on an account ended with; returns what its caller is told. Only an exhausted stack
    /// counts against the account.
    Fault.Unavailable broke(AccountId account, Work work, VirtualMachineError error) {
        Instant now = clock.now();
        boolean condemned = false;
        boolean counts = error instanceof StackOverflowError; // other errors are the whole machine's
        synchronized (suspects) {
            if (counts && !suspects.crashedLately(account, now, ONE_CRASH)) {
                String how = error.getClass().getSimpleName();
                condemned = suspects.caught(account, new Crash(now, work, 0, 0, how));
            }
        }
        Log.event(Event.QUARANTINE_SUSPECT, "account", account, "work", work.words(),
                "error", error.getClass().getName(), "counts", counts);
        if (condemned && aside.add(account)) Log.event(Event.QUARANTINE_SET_ASIDE, "account", account);
        if (counts) keep();
        return new Fault.Unavailable("Work on the account broke off", Map.of("account", account), error);
    }

    /// Returns who is set aside.
    public List<Aside> list() {
        synchronized (suspects) {
            return list(suspects);
        }
    }

    /// Has `then` run after each release. It must not block.
    public void onRelease(Runnable then) {
        released = then;
    }

    /// Lets an account in again and forgets its crashes; false if it is not set aside.
    public boolean release(AccountId account) {
        synchronized (suspects) {
            if (!suspects.release(account)) return false;
        }
        keep();
        aside.remove(account);
        Log.event(Event.QUARANTINE_RELEASED, "account", account);
        released.run();
        return true;
    }

    /// Forgets an account of which nothing is left: there is nothing to keep anybody from.
    public void forget(AccountId account) {
        if (holds(account)) release(account);
    }

    private void keep() {
        List<String> lines;
        synchronized (suspects) {
            lines = suspects.lines();
        }
        try {
            files.call(TIME, () -> {
                // A file that was never needed is not made.
                Optional<List<String>> there = file.read();
                if (!there.orElse(List.of()).equals(lines)) file.write(lines);
                return true;
            });
        } catch (Fault e) {
            Log.event(Event.QUARANTINE_NOT_KEPT, e, "file", file.path().getFileName());
        }
    }

    /// Says that the process ends as it should.
    @Override
    public void close() {
        closed.countDown();
        UnderWay marks = underWay;
        if (marks != null) marks.close();
        files.close();
    }
}
