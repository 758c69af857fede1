package casella.store.vault;

import casella.base.AccountId;
import casella.base.Ticket;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place that keeps immutable objects. One instance, one technology, its own bulkhead.
///
/// A vault keeps bytes and answers bytes; whoever reads checks them ([StoredObject#open]). A name is written once;
/// putting the same name again with the same bytes is harmless. Contract: `casella.testkit.VaultContract`.
public interface Vault extends AutoCloseable {
    /// An object as a listing shows it, without its content.
    ///
    /// @param storedBytes length of the stored object
    /// @param receipt the encoded [Receipt] from the object's header; empty for kinds that have none
    record Entry(ObjectName name, long storedBytes, byte[] receipt) {}

    /// What a vault holds.
    ///
    /// @param objects live objects
    /// @param bytes their stored length
    /// @param quarantined records that could not be read, set aside with their evidence
    record Figures(long objects, long bytes, long quarantined) {}

    /// How a vault keeps its files up.
    ///
    /// @param files in which objects are; 0 where a library keeps them
    /// @param runs groups of files whose objects' names do not overlap: an account is in one or two files of each
    /// @param wasteBytes estimated bytes of objects that are no more
    /// @param rewrittenBytes written to bring objects together or to be rid of others, since opening
    /// @param erasing accounts that were erased and of which bytes are still in files, when last looked
    /// @param indexBytes memory that what finds objects takes
    record Upkeep(
            long files, long runs, long wasteBytes, long rewrittenBytes, long erasing, long indexBytes) {
        public static final Upkeep NONE = new Upkeep(0, 0, 0, 0, 0, 0);
    }

    /// Returns the instance's configured name, `pack` for example: lower case letters, digits, hyphens.
    String name();

    /// Returns the technology's name: what can fail in every instance at once.
    String technology();

    /// Hands an object over; the ticket is answered when it is synced. Many callers share one sync.
    ///
    /// @param object a whole [StoredObject], at most 64 MiB; not changed by the caller afterwards
    Ticket<Void> put(ObjectName name, byte[] object);

    /// Returns bytes of a stored object from `from` on, at most `length` of them, fewer at its end; null when there is
    /// no such object. Name, receipt and content are those that were put; a vault that keeps contents plain answers
    /// with chunks that are not compressed, the same in every answer.
    ///
    /// @throws casella.base.Fault.Unavailable if the vault does not answer within `time`
    /// @throws casella.base.Fault.Corrupt if the vault knows that it has lost the bytes
    byte @Nullable [] get(ObjectName name, long from, int length, Duration time);

    /// Returns objects of one account and kind in name order, at most `limit` after `after`.
    ///
    /// @param after exclusive; null for the first page
    /// @param limit 1 to 10_000
    List<Entry> list(AccountId account, ObjectName.Kind kind, @Nullable ObjectName after, int limit, Duration time);

    /// Returns accounts that have objects, in id order, at most `limit` after `after`.
    List<AccountId> accounts(@Nullable AccountId after, int limit, Duration time);

    /// Removes an object; a name that is not there is harmless. Answered when the removal is synced.
    Ticket<Void> delete(ObjectName name);

    /// Removes every object of an account. Answered when no read can find one and the removal is synced.
    Ticket<Void> erase(AccountId account);

    /// Writes, reads and removes something small of its own, and throws if it cannot. Never touches an account.
    void probe(Duration time);

    Figures figures();

    /// Says whether bytes that no read finds any more may be `account`'s: damaged records, parts that were set aside.
    default boolean mayHoldUnread(AccountId account) {
        return figures().quarantined() > 0;
    }

    /// Removes for good what was set aside because it could not be read, whosesoever it is: somebody in it has to be
    /// forgotten. What is still read goes at the next opening, after it was written anew where it can be read; that may
    /// take several calls. Damaged records inside a file stay until it is merged.
    ///
    /// @throws casella.base.Fault.Unavailable if that cannot be done now
    default void forgetEvidence(Duration time) {}

    /// Has what is read from now on come from the disk and not from memory, where the vault can.
    ///
    /// @throws casella.base.Fault.Unavailable if that is not done within `time`
    default void forgetCached(Duration time) {}

    /// Returns how often since opening files were found to have been taken from under the vault, so that it holds less
    /// than it was given. When this grows, what it holds has to be looked over.
    default long losses() {
        return 0;
    }

    /// Returns how many syncs were made since opening.
    long syncs();

    /// Returns how the files are. Never blocks.
    default Upkeep upkeep() {
        return Upkeep.NONE;
    }

    /// Says how many bytes a second keeping the files up may read and write from now on. For vaults that do it
    /// themselves; nothing otherwise.
    default void pace(long bytesPerSecond) {}

    @Override
    void close();
}
