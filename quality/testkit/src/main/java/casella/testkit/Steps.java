package casella.testkit;

import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Ticket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Counts the calls into all parts of a process, and lets one of them go wrong: so that a test can spoil the first, the
/// second, … and the last call of something that takes many steps.
public final class Steps implements Intercepted.Around {
    /// What is answered from memory and cannot fail.
    private static final Set<String> NEVER =
            Set.of("name", "technology", "keeps", "syncs", "figures", "newest", "doubtedSince", "release");

    private static final Duration TIME = Duration.ofSeconds(10);

    /// What becomes of the call.
    public enum How {
        /// Nothing is done, and it is reported as failed.
        FAILS,
        /// Done, and reported as failed.
        UNKNOWN,
        /// The process dies before the call: no later one is made either.
        KILLED_BEFORE,
        /// The process dies when it is done.
        KILLED_AFTER
    }

    private int at = -1;
    private How how = How.FAILS;
    private int count;
    private boolean counting;
    private boolean dead;
    private String struck = "";

    /// Counts from now on, and lets the `at`-th call go wrong, the first being 1; 0 for none.
    public synchronized void begin(int call, How what) {
        at = call;
        how = what;
        count = 0;
        struck = "";
        counting = true;
    }

    /// Lets all calls through again, unless the process died.
    public synchronized void end() {
        counting = false;
    }

    /// Returns how many calls there were since [#begin].
    public synchronized int count() {
        return count;
    }

    /// Returns the call that went wrong; empty when there were fewer.
    public synchronized String struck() {
        return struck;
    }

    public synchronized boolean dead() {
        return dead;
    }

    private synchronized boolean strikes(String what) {
        if (NEVER.contains(what)) return false;
        if (dead) throw away(what);
        if (!counting || ++count != at) return false;
        struck = what;
        if (how == How.KILLED_BEFORE) dead = true;
        return true;
    }

    @Override
    public @Nullable Object call(String what, Callable<@Nullable Object> inner) throws Exception {
        if (!strikes(what)) return inner.call();
        if (how == How.UNKNOWN || how == How.KILLED_AFTER) {
            Object done = inner.call();
            if (done instanceof Ticket<?> ticket) awaitIt(ticket);
            synchronized (this) {
                dead |= how == How.KILLED_AFTER;
            }
        }
        throw away(what);
    }

    private static void awaitIt(Ticket<?> ticket) {
        try {
            Object _ = ticket.await(Deadline.in(TIME));
        } catch (Fault e) {
            // It failed by itself.
        }
    }

    private static Fault.Unavailable away(String what) {
        return new Fault.Unavailable("Spoiled by a test", Map.of("call", what));
    }
}
