package casella.store.engine;

import casella.base.AccountId;
import casella.base.Fault;
import casella.base.Ticket;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An ordered key-value space per account, with atomic conditional writes. One instance, one technology.
///
/// Every call enters the instance's own bulkhead: callers are virtual threads and only ever wait with a deadline.
/// Contract: `casella.testkit.EngineContract`.
public interface Engine extends AutoCloseable {
    /// Reads rows of one snapshot. Runs on a thread of the engine: short, no waiting, no calls to other instances.
    interface Reading<T extends @Nullable Object> {
        T read(Rows rows);
    }

    /// What became of a batch that was decided. An undecided one is a `Fault.Unavailable` on the ticket.
    sealed interface Outcome {
        /// All rows are durable.
        record Written() implements Outcome {}

        /// Nothing was written: the account is at another version or epoch.
        record Refused(long version, long epoch) implements Outcome {}
    }

    /// Returns the technology's name, `rocksdb` or `memory`: what can fail in every instance at once.
    String technology();

    /// Runs `reading` on a snapshot of `account`, one hop whatever it reads, and returns what it returns.
    ///
    /// Rows written and answered before the call are seen. An unknown account has no rows.
    ///
    /// @throws casella.base.Fault.Unavailable if the engine does not answer within `time`
    <T extends @Nullable Object> T read(AccountId account, Duration time, Reading<T> reading);

    /// Hands a batch over; many callers' batches share one sync. Batches of one account apply in the order handed over.
    Ticket<Outcome> write(AccountId account, Batch batch);

    /// Returns accounts that have rows, in id order, at most `limit` after `after`.
    ///
    /// @param after exclusive; `null` for the first page
    /// @param limit 1 to 10_000
    List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time);

    /// Says whether rows of this account are kept here: comparing them with its journal tells something, and
    /// looking for them costs little. False while they are made of the journal when they are asked for.
    default boolean keeps(AccountId account) {
        return true;
    }

    /// Says what would become of a batch now, for an account that is not kept here: the journal gets its change
    /// before the rows show it, and nothing that would be refused.
    ///
    /// @throws casella.base.Fault.Unavailable if it cannot be written now
    default Outcome admits(AccountId account, Batch batch) {
        return new Outcome.Written();
    }

    /// Removes every row of an account, in the order of the writes around it.
    Ticket<Outcome> erase(AccountId account);

    /// Reads and writes something small of its own and throws if it cannot. Never touches an account.
    void probe(Duration time);

    /// Says whether this account's rows answer: reads its head where nothing else is read, so that it tells of the account and
    /// not of who waits before it.
    ///
    /// @return false if that fails, or takes longer than `time`
    /// @throws casella.base.Fault.Unavailable if it could not be tried: too many accounts do not answer
    default boolean answers(AccountId account, Duration time) {
        try {
            var _ = read(account, time, rows -> rows.get(new Key.Head().bytes()) != null);
            return true;
        } catch (Fault.Unavailable e) {
            return false;
        } catch (Fault e) {
            // Damage is answered: it is told, and mended elsewhere.
            return true;
        }
    }

    /// Returns for how long the oldest call that is not answered has waited; zero when none has. Never waits.
    default Duration oldestCall() {
        return Duration.ZERO;
    }

    /// Answers whoever waits for a call, as if its deadline had passed. Never waits.
    default void giveUp() {}

    /// As [#giveUp()], for reads of one account alone. Never waits.
    default void giveUp(AccountId account) {}

    /// Returns how many syncs were made since opening: the denominator of flushes per delivery.
    long syncs();

    @Override
    void close();
}
