package casella.directory;

import casella.base.AccountId;
import java.io.Reader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Enters brands, domains, plans, accounts and aliases into the directory, and changes them.
///
/// What is asked wrongly is an [Answer.Refused]; a directory served from its snapshot cannot be changed and
/// throws [casella.base.Fault.Unavailable]. A change is durable when the call returns, and seen by every
/// look-up after it.
public interface Registrar {
    /// An account to be made.
    ///
    /// @param address its primary address; the domain says the brand
    /// @param plan name of a plan; null for `free`
    /// @param displayName may be empty
    /// @param language BCP 47 tag; null for the brand's first
    /// @param password null for none yet: nobody can log in
    /// @param aliases further addresses
    /// @param paidUntil null for what is never paid
    record NewAccount(
            String address,
            @Nullable String plan,
            String displayName,
            @Nullable String language,
            @Nullable Password password,
            List<String> aliases,
            @Nullable Instant paidUntil) {
        public static NewAccount of(String address, Password password) {
            return new NewAccount(address, null, "", null, password, List.of(), null);
        }

        public static NewAccount of(String address, String displayName, Password password) {
            return new NewAccount(address, null, displayName, null, password, List.of(), null);
        }
    }

    /// One page of accounts in the order of their addresses.
    ///
    /// @param next pass it as `after` to have the next page; null at the end
    record Listing(List<Account> accounts, @Nullable String next) {}

    /// An account, and what it may be counted by.
    ///
    /// @param cohort the one an operator put it in; null for one that nobody moved
    /// @param created when it was entered
    record Member(
            AccountId id, String address, String brand, String plan, @Nullable String cohort,
            Instant created) {}

    /// What an account may hold beyond its plan's quota, for ever or until it is ended.
    ///
    /// @param cause what for; an account has one at a time for each: `incident-12-1795428000000`
    /// @param grant which of all that were ever given for it; one that ended is not given again
    /// @param bytes 0 or more; nothing is kept of 0
    record Allowance(AccountId account, String cause, long grant, long bytes) {
        public Allowance {
            if (cause.isEmpty() || cause.length() > 64) {
                throw new IllegalArgumentException("cause: must be 1 to 64 characters");
            }
            if (bytes < 0) throw new IllegalArgumentException("bytes: must be at least 0");
        }
    }

    /// What an import did.
    ///
    /// @param added accounts now in the directory
    /// @param refused rows that are not
    /// @param errors the first 1,000 of them: row, column and rule
    record ImportReport(long added, long refused, List<String> errors) {}

    Answer<Account> add(NewAccount account);

    /// Reads accounts from CSV (RFC 4180, UTF-8) and enters them in batches of 500, each one transaction.
    ///
    /// The first row names the columns: `address`, and any of `password`, `name`, `plan`, `language`,
    /// `aliases` (separated by spaces), `paid-until` (a date). A password with a scheme in braces is taken as
    /// a hash. A row that is wrong is left out and named in the report; a file without a readable first row
    /// is refused whole.
    ///
    /// @param progress called with the number of rows done, after each batch
    Answer<ImportReport> importCsv(Reader csv, LongConsumer progress);

    /// Returns at most `limit` accounts whose address comes after `after` (empty: from the first).
    Listing list(String after, int limit);

    /// Returns the account that has `address` as primary address or alias, whatever its state.
    Optional<Account> find(String address);

    /// Returns the account with that id, whatever its state.
    Optional<Account> account(AccountId id);

    /// Returns at most `limit` accounts that are not wiped, by their ids as signed numbers, after `after` (null: from the
    /// first).
    List<Member> members(@Nullable AccountId after, int limit);

    /// Puts an account in a cohort. At most 250,000 accounts are in one by an operator's word.
    ///
    /// @param cohort its name, `staff`; null to leave the account where its id says
    Answer<Account> putInCohort(String address, @Nullable String cohort);

    /// Returns what [Directory#cohort] does.
    Optional<String> cohort(AccountId id);

    Answer<Account> setPassword(String address, Password password);

    Answer<Account> disable(String address);

    Answer<Account> enable(String address);

    /// Marks the account for erasure: its credentials and face are gone, nobody logs in, no mail is taken,
    /// its addresses stay reserved. Its mail is not erased by this: the store does that, and says where and
    /// when.
    Answer<Account> wipe(String address);

    /// Forbids, or allows again, that anything of the account goes: mail that ended, or all of it when it is
    /// wiped.
    Answer<Account> hold(String address, boolean held);

    /// Says whether that is forbidden; asks the database itself.
    boolean held(AccountId account);

    Answer<Account> changePlan(String address, String plan, @Nullable Instant paidUntil);

    /// Gives allowances in one transaction, each once however often it is asked: one that is there, or was ended, stays as it is.
    ///
    /// @param some at most 10,000
    /// @return the accounts that have theirs now, this very grant; the others are gone, or wiped, or have another for the
    ///         same cause
    Set<AccountId> allow(List<Allowance> some);

    /// Ends allowances in one transaction. That they were given stays.
    ///
    /// @param accounts at most 10,000; those that have none are passed over
    void endAllowances(String cause, long grant, List<AccountId> accounts);

    Answer<Account> addAlias(String address, String alias);

    Answer<Account> removeAlias(String address, String alias);

    /// Has mail for an address go on, or puts `forward` in the place of what was said of that address.
    Answer<Forward> putForward(Forward forward);

    /// Has mail for an address go on no more.
    Answer<Forward> removeForward(String address);

    /// Returns at most `limit` forwards whose address comes after `after` (empty: from the first).
    List<Forward> forwards(String after, int limit);

    /// Enters a brand, or puts `brand` in the place of the one with its name.
    Answer<Brand> putBrand(Brand brand);

    List<Brand> brands();

    /// Makes mail for `domain` the business of `brand`.
    Answer<String> addDomain(String brand, String domain);

    /// Returns the domains of `brand`, in order.
    List<String> domains(String brand);

    /// Enters a plan, or puts `plan` in the place of the one with its name.
    Answer<Plan> putPlan(Plan plan);

    List<Plan> plans();

    /// Returns how many accounts there are that are not wiped.
    ///
    /// @param brand counts its accounts alone; null for all
    long count(@Nullable String brand);
}
