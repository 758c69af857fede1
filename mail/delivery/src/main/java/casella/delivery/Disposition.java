package casella.delivery;

/// What is to become of mail that was looked at.
public sealed interface Disposition {
    /// It goes where its recipients want it.
    record Inbox() implements Disposition {}

    /// It goes to the mailbox of role Junk of those who have one.
    ///
    /// @param reason for the log
    record Junk(String reason) implements Disposition {}

    /// Nobody gets it, and its sender is told so.
    ///
    /// @param code 500 to 599
    /// @param enhanced its enhanced status code, `5.7.1`. RFC 3463
    /// @param text printable ASCII, for whoever sent it
    record Refuse(int code, String enhanced, String text) implements Disposition {
        public Refuse {
            if (code < 500 || code > 599) throw new IllegalArgumentException("code: must be 500 to 599");
        }
    }

    /// Returns the sterner of two; this one where both are alike.
    default Disposition or(Disposition other) {
        return other.sternness() > sternness() ? other : this;
    }

    /// Returns the word for the log.
    default String word() {
        return switch (this) {
            case Inbox _ -> "inbox";
            case Junk(String reason) -> "junk (" + reason + ")";
            case Refuse(int code, String enhanced, _) -> "refuse (" + code + " " + enhanced + ")";
        };
    }

    private int sternness() {
        return switch (this) {
            case Inbox _ -> 0;
            case Junk _ -> 1;
            case Refuse _ -> 2;
        };
    }
}
