package casella.directory;

import casella.base.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whose mail it is. Answers from memory, else from the database, else from the last snapshot.
///
/// Safe from any thread; callers are virtual threads and wait at most `directory.read-timeout` (default 2 s),
/// then [casella.base.Fault.Unavailable]. Answers are as of the last change made through the [Registrar] of
/// this process.
public interface Directory {
    /// The local part of the address under which a brand speaks to its owners.
    String NOTICES = "notices";

    /// Local parts that nobody is given, in no domain of ours: what comes from there, people take for the house's own word.
    Set<String> SPEAKS_AS = Set.of(NOTICES, "mailer-daemon");

    /// Returns what is known of `address`.
    ///
    /// The domain is compared without case and as A-labels (RFC 5890 §2.3.2.1); the local part without case.
    /// The whole local part is tried first, then what stands before its first `+` (RFC 5233 §1). Text that is
    /// no address is `NotOurs`.
    ///
    /// @throws casella.base.Fault.Unavailable also if only a snapshot answers, and does not know the address
    Resolution resolve(String address);

    /// Returns the account, whatever its state.
    Optional<Account> account(AccountId id);

    /// Says whether the account is wiped, or the database itself says that there never was one: a snapshot that does not
    /// know it may be older than it.
    default boolean gone(AccountId id) {
        return account(id).map(account -> account.state() == Account.State.WIPED).orElse(true);
    }

    Optional<Plan> plan(String name);

    Optional<Brand> brand(String name);

    List<Brand> brands();

    /// Returns the brand that answers as `host` (a Host header without its port), without case.
    Optional<Brand> brandOfHost(String host);

    /// Returns the domains of `brand`, in order.
    default List<String> domains(String brand) {
        return List.of();
    }

    /// Says whether mail for `domain` is ours, as far as is known now.
    boolean serves(String domain);

    /// Returns the addresses an account may send from, its primary address first; empty when there is no such
    /// account.
    List<Identity> identities(AccountId id);

    /// Says whether `account` may write `address` in From: its primary address, an alias, or either with a
    /// detail.
    boolean maySendAs(AccountId account, String address);

    /// Returns the name of the cohort an operator put the account in; empty for one that nobody moved. Answers from
    /// memory alone: never waits.
    default Optional<String> cohort(AccountId id) {
        return Optional.empty();
    }

    /// Returns the face kept last, if any was.
    Optional<Face> face(AccountId id);

    /// Returns accounts that have a face, by their ids as signed numbers, at most `limit` after `after`.
    default List<AccountId> faced(@Nullable AccountId after, int limit) {
        return List.of();
    }

    /// Keeps `face` in the place of the one before it. To be called after folders, script or quota changed. Nothing
    /// is kept of an account that is wiped, or unknown.
    ///
    /// @throws casella.base.Fault.Unavailable if the directory is served from its snapshot
    void keepFace(AccountId id, Face face);

    /// Lets go of an account's face, if it has one.
    ///
    /// @throws casella.base.Fault.Unavailable if the directory is served from its snapshot
    default void forgetFace(AccountId id) {}

    /// Returns what stands between an account and its erasure.
    ///
    /// @throws casella.base.Fault.Unavailable if the database itself does not say: a snapshot may not know of
    /// a hold
    default Ending ending(AccountId id) {
        return Ending.NONE;
    }

    /// Returns accounts that are marked for erasure and not held, whose plan's days since then are over and
    /// whose erasure was not ordered; at most `limit`.
    default List<AccountId> toErase(Instant now, int limit) {
        return List.of();
    }

    /// Takes note that an account's erasure was ordered.
    default void erasureOrdered(AccountId id) {}

    /// Returns whether the database itself answers.
    Condition condition();

    /// How the directory is being served.
    sealed interface Condition {
        /// From the database.
        record Whole() implements Condition {}

        /// From the snapshot: log-in and resolution go on, nothing can be changed.
        ///
        /// @param why a constant sentence
        /// @param asOf when the snapshot was made
        record ReadOnly(String why, Instant asOf) implements Condition {}
    }
}
