package casella.delivery;

import casella.queue.Proof;

/// Looks at mail that others bring, before anybody gets it.
@FunctionalInterface
public interface Checking {
    /// Nothing is looked at.
    Checking NONE = (_, mail) -> new Checked(mail, new byte[0], Proof.UNASKED, new Disposition.Inbox());

    /// What came of it.
    ///
    /// @param mail what was sent, without fields that claim to be this server's
    /// @param field says what was found, its line end included; empty where nothing was looked for
    /// @param proof whether the mail is from whom it says
    /// @param disposition what is to become of it
    record Checked(Content mail, byte[] field, Proof proof, Disposition disposition) {}

    /// Returns what was found. Waits for a bounded time, and throws nothing whatever the mail is.
    Checked check(Envelope envelope, Content mail);
}
