package casella.incident.losses;

import casella.base.AccountId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One mail for one recipient that was not taken.
///
/// @param at when, in milliseconds since 1970
/// @param sender the envelope's; empty for `<>`
/// @param recipient as the sender wrote it; looked up where `account` is null
/// @param account whose address it is; null where nobody asked yet
/// @param remote the address it came from; empty for our own users, whose machine is not named
/// @param code what the sender was answered, 400 to 599; 0 where the connection broke and nothing was
/// @param reason a constant sentence
/// @param message its Message-ID; empty where it is not known
public record Attempt(
        long at, String sender, String recipient, @Nullable AccountId account, String remote, int code,
        String reason, String message) {
    /// Longer addresses than SMTP has (RFC 5321 §4.5.3.1) are cut.
    static final int ADDRESS_MAX = 320;
    static final int REASON_MAX = 200;

    public Attempt {
        sender = cut(sender, ADDRESS_MAX);
        recipient = cut(recipient, ADDRESS_MAX);
        remote = cut(remote, 64);
        reason = cut(reason, REASON_MAX);
        message = cut(message, 1_000);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    Optional<AccountId> known() {
        return Optional.ofNullable(account);
    }

    Attempt of(AccountId found) {
        return new Attempt(at, sender, recipient, found, remote, code, reason, message);
    }
}
