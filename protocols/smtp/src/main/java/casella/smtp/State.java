package casella.smtp;

import casella.base.AccountId;
import casella.delivery.Recipient;
import casella.directory.Account;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a session stands. RFC 5321 §4.1.4.
sealed interface State {
    /// @param account who logged in, if anyone did
    record Client(@Nullable Account account) {
        /// Returns whose mail goes on to other servers; null where nobody logged in.
        @Nullable AccountId submitter() {
            return account == null ? null : account.id();
        }
    }

    /// @param name     what the client calls itself
    /// @param extended said EHLO or LHLO, not HELO
    record Hello(String name, boolean extended) {}

    /// Nothing said yet, or TLS has just begun.
    record Fresh() implements State {}

    /// Greeted, no message under way.
    record Idle(Client client, Hello hello) implements State {}

    /// MAIL was accepted.
    record Mailing(Client client, Hello hello, Mail mail, List<Recipient> recipients) implements State {
        Mailing with(Recipient recipient) {
            // One list for the whole transaction: 1,000 recipients are not copied 1,000 times.
            recipients.add(recipient);
            return this;
        }

        Idle over() {
            return new Idle(client, hello);
        }
    }

    /// BDAT has begun the message.
    record Chunking(Mailing mailing, Chunks chunks) implements State {}

    /// Good-bye was said.
    record Over() implements State {}

    /// Returns the message under way, null where there is none.
    static @Nullable Mailing message(State state) {
        return switch (state) {
            case Mailing mailing -> mailing;
            case Chunking chunking -> chunking.mailing();
            case Fresh _, Idle _, Over _ -> null;
        };
    }

    static Mailing mailing(Idle idle, Mail mail) {
        return new Mailing(idle.client(), idle.hello(), mail, new ArrayList<>());
    }
}
