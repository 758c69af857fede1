package casella.incident.availability;

import java.util.EnumSet;
import java.util.Set;

/// What an owner can do with an account.
public enum Capability {
    /// Open a session, by any protocol.
    LOG_IN("log-in"),
    /// List folders and mails, and open each of them.
    READ("read"),
    /// Have mail taken that comes from others, into the mailbox or the queue.
    RECEIVE("receive"),
    /// Hand over mail for others.
    SEND("send"),
    /// Hear of new mail in an open session (IDLE, EventSource).
    PUSH("push");

    /// What keeps an owner from his mails, whichever of the two it is.
    public static final Set<Capability> MAILBOX = Set.of(LOG_IN, READ);

    private final String word;

    Capability(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static Set<Capability> all() {
        return EnumSet.allOf(Capability.class);
    }
}
