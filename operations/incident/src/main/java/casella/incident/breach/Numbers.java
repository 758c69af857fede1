package casella.incident.breach;

import casella.incident.availability.Capability;
import casella.incident.availability.Totals;
import casella.incident.losses.LossAccount;
import casella.incident.losses.Tried;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How many people and records, as they were counted: people by the availability record, records by the loss account.
///
/// An account stands for a person: who has two is counted twice, who shares one is counted once. It says "about" for that.
///
/// @param from beginning of the time it is about
/// @param until its end
/// @param accounts of the brands concerned
/// @param mailbox those that could not get at their mails for some time
/// @param people those for which something did not work, of the capability with the most
/// @param measured those of `mailbox` at whose own account it was measured; for the others it held for all
/// @param millis for how long those of `mailbox` could not, all together
/// @param longest the most of one
/// @param mails held by all accounts of the brands concerned, with what waits; -1 where they were not counted
/// @param lost of these, those of which no vault has a copy; -1 where they were not counted
/// @param unreachable of these, those which only vaults may have that do not answer; -1 where they were not counted
/// @param senders whose mail was not taken in that time
/// @param gone of these, those of which nothing came later
public record Numbers(
        Instant from, Instant until, long accounts, long mailbox, long people, long measured, long millis,
        long longest, long mails, long lost, long unreachable, long senders, long gone) {

    /// Reads them out of what was counted.
    ///
    /// @param brand says of a brand's name whether it is concerned
    /// @param mails null where they were not counted
    public static Numbers of(
            Totals totals, Predicate<String> brand, @Nullable LossAccount mails, Tried.Count senders) {
        long accounts = 0;
        long mailbox = 0;
        long measured = 0;
        long millis = 0;
        long longest = 0;
        for (Totals.Group group : totals.groups()) {
            if (!brand.test(group.brand())) continue;
            accounts += totals.accounts(group);
            Totals.Sum sum = totals.mailbox(group);
            mailbox += sum.accounts();
            measured += sum.own();
            millis += sum.millis();
            longest = Math.max(longest, sum.longest());
        }
        long people = mailbox;
        for (Capability one : Capability.values()) {
            long without = totals.groups().stream().filter(group -> brand.test(group.brand()))
                    .mapToLong(group -> totals.of(group, one).accounts()).sum();
            people = Math.max(people, without);
        }
        Instant from = Instant.ofEpochMilli(totals.window().from());
        Instant until = Instant.ofEpochMilli(totals.window().until());
        return new Numbers(from, until, accounts, mailbox, people, measured, millis, longest,
                mails == null ? -1 : mails.accepted() - mails.deleted(), mails == null ? -1 : mails.lost(),
                mails == null ? -1 : mails.unreachable(), senders.senders(), senders.gone());
    }
}
