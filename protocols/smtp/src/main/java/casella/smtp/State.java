package casella.smtp;

import casella.delivery.Recipient;
import casella.directory.Account;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a session stands. RFC 5321 §4.1.4.
sealed interface State {
    /// @param account who logged in, if anyone did
    record Client(@Nullable Account account) {}

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

    /// Good-bye was said.
    record Over() implements State {}

    static Mailing mailing(Idle idle, Mail mail) {
        return new Mailing(idle.client(), idle.hello(), mail, new ArrayList<>());
    }
}
