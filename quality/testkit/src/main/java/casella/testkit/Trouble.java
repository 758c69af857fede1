package casella.testkit;

import casella.base.Fault;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/// What a storage can suffer, as tests command it. Each is something real disks, kernels and native libraries have done.
public sealed interface Trouble {
    /// All is well.
    record None() implements Trouble {}

    /// Every call takes `by` longer. The one place where a test thread sleeps.
    record Slow(Duration by) implements Trouble {}

    /// Calls hold their platform thread until the part is healed or closed; then they go on as if nothing had been.
    record Hung() implements Trouble {}

    /// Nothing is done and the call fails at once.
    record Failing(Supplier<? extends RuntimeException> with) implements Trouble {}

    /// Writes: done, but reported as failed. Reads: as [Failing].
    record UnknownOutcome() implements Trouble {}

    /// Writes: reported as done, but never done. Reads: as [None].
    record Forgetting() implements Trouble {}

    /// Vault reads: one bit of what is returned is turned over. Anything else: as [None].
    record WrongBytes() implements Trouble {}

    /// Vault reads: the second half is missing. Anything else: as [None].
    record ShortBytes() implements Trouble {}

    /// Vault reads: the object is not there. Anything else: as [None].
    record Missing() implements Trouble {}

    static Trouble none() {
        return new None();
    }

    static Trouble slow(Duration by) {
        return new Slow(by);
    }

    static Trouble hung() {
        return new Hung();
    }

    /// Returns the trouble of a part that is away.
    static Trouble unavailable() {
        return new Failing(() -> new Fault.Unavailable("Away by command of a test", Map.of()));
    }

    /// Returns the trouble of a part that knows that it is damaged.
    static Trouble corrupt() {
        return new Failing(() -> new Fault.Corrupt("Damaged by command of a test", Map.of()));
    }

    /// Returns the trouble of a full disk.
    static Trouble full() {
        return new Failing(() -> new Fault.Exhausted("Full by command of a test", Map.of()));
    }

    static Trouble unknownOutcome() {
        return new UnknownOutcome();
    }

    static Trouble forgetting() {
        return new Forgetting();
    }

    static Trouble wrongBytes() {
        return new WrongBytes();
    }

    static Trouble shortBytes() {
        return new ShortBytes();
    }

    static Trouble missing() {
        return new Missing();
    }
}
