package casella.directory;

import casella.base.AccountId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the directory knows of a recipient's address.
public sealed interface Resolution {
    /// An account that takes mail.
    ///
    /// @param address as it was entered in the directory (primary address or alias), whatever case was asked for
    /// @param detail what followed the first `+` of the local part, empty without one. RFC 5233 §1
    record Local(Account account, Plan plan, String address, String detail) implements Resolution {
        /// Returns how much mail the account may hold.
        public long quotaBytes() {
            return account.quotaBytes(plan);
        }
    }

    /// Mail for it goes on.
    ///
    /// @param address as it was entered, or `@domain` of a catch-all
    /// @param own the account that has it and gets its copy; null where nobody does
    /// @param to addresses, here or elsewhere
    record Forwarded(String address, @Nullable Local own, List<String> to) implements Resolution {
        public Forwarded {
            to = List.copyOf(to);
        }
    }

    /// A domain of ours, and nobody there by that name (or somebody whose account was wiped).
    record Unknown() implements Resolution {}

    /// An account of ours that takes no mail now.
    record Disabled(AccountId account) implements Resolution {}

    /// A domain of somebody else's, or no address at all.
    record NotOurs() implements Resolution {}

    /// Returns the account that gets mail for it; null where none does.
    default @Nullable Local mailbox() {
        return switch (this) {
            case Local local -> local;
            case Forwarded(_, Local own, _) -> own;
            case Unknown _, Disabled _, NotOurs _ -> null;
        };
    }
}
