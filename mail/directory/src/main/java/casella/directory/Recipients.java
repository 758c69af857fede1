package casella.directory;

import casella.base.AccountId;
import casella.directory.Rows.AddressRow;
import casella.directory.SqliteDirectory.Served;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds who gets mail for an address: whoever has it, and where it was said to go on to.
final class Recipients {
    private final SqliteDirectory directory;

    Recipients(SqliteDirectory directory) {
        this.directory = directory;
    }

    /// The row of an address.
    ///
    /// @param asOfNow whether the database itself told it
    private record Found(Optional<AddressRow> row, String detail, boolean asOfNow) {}

    Resolution resolve(String address) {
        Optional<Addresses.Parts> parts = Addresses.parts(address);
        if (parts.isEmpty() || !directory.ours(parts.get().domain())) return new Resolution.NotOurs();
        Found found = found(parts.get());
        return switch (had(found)) {
            case Resolution.Local local -> {
                // What a snapshot does not know of is filed: nobody's mail is lost by it.
                Onward onward = onward(parts.get(), false);
                yield onward.forward().isEmpty() ? local : forwarded(onward.forward().get(), local);
            }
            case null -> {
                Onward onward = onward(parts.get(), true);
                yield onward.forward().isEmpty() ? unknown(found.asOfNow() && onward.asOfNow())
                        : forwarded(onward.forward().get(), null);
            }
            case Resolution other -> other;
        };
    }

    boolean maySendAs(AccountId account, String address) {
        Optional<Addresses.Parts> parts = Addresses.parts(address);
        if (parts.isEmpty() || !directory.ours(parts.get().domain())) return false;
        Found found = found(parts.get());
        return switch (had(found)) {
            case Resolution.Local local -> local.account().id().equals(account);
            case null -> unknown(found.asOfNow()) instanceof Resolution.Local;
            case Resolution _ -> false;
        };
    }

    private Found found(Addresses.Parts parts) {
        Served<Optional<AddressRow>> served = directory.addressServed(parts.key());
        if (served.value().isPresent() || parts.base().equals(parts.local())) {
            return new Found(served.value(), "", served.asOfNow());
        }
        Served<Optional<AddressRow>> base = directory.addressServed(parts.base() + "@" + parts.domain());
        return new Found(base.value(), parts.detail(), served.asOfNow() && base.asOfNow());
    }

    /// Returns what is known of whoever has the address; null where nobody has.
    private @Nullable Resolution had(Found found) {
        if (found.row().isEmpty()) return null;
        AddressRow row = found.row().get();
        Optional<Account> account = directory.account(row.account());
        if (account.isEmpty()) throw SqliteDirectory.notToldNow(); // no row of the database's own is without its account
        return switch (account.get().state()) {
            case WIPED -> new Resolution.Unknown();
            case DISABLED -> new Resolution.Disabled(account.get().id());
            case ACTIVE -> new Resolution.Local(
                    account.get(), directory.planOf(account.get()), row.written(), found.detail());
        };
    }

    /// What was said of where mail goes on to.
    ///
    /// @param asOfNow whether the database itself told it
    private record Onward(Optional<Forward> forward, boolean asOfNow) {}

    /// Returns what was said of the address, of it without its detail, or of all names in its domain that nobody has.
    ///
    /// @param nobodys whether nobody has the address
    private Onward onward(Addresses.Parts parts, boolean nobodys) {
        var keys = new ArrayList<String>();
        keys.add(parts.key());
        if (!parts.base().equals(parts.local())) keys.add(parts.base() + "@" + parts.domain());
        // What the house itself speaks as is nobody's, also not a catch-all's.
        if (nobodys && !Directory.SPEAKS_AS.contains(parts.base())) keys.add("@" + parts.domain());
        boolean asOfNow = true;
        for (String key : keys) {
            Served<Optional<Forward>> served = directory.forward(key);
            asOfNow &= served.asOfNow();
            if (served.value().isPresent()) return new Onward(served.value(), asOfNow);
        }
        return new Onward(Optional.empty(), asOfNow);
    }

    private static Resolution forwarded(Forward forward, Resolution.@Nullable Local had) {
        return new Resolution.Forwarded(forward.address(), forward.keeps() ? had : null, forward.to());
    }

    /// An address that a snapshot does not know may be newer than it: its mail must not be refused for good.
    private Resolution unknown(boolean asOfNow) {
        if (directory.sure(asOfNow)) return new Resolution.Unknown();
        throw SqliteDirectory.notToldNow();
    }
}
