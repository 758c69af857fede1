package casella.incident.availability;

/// For how many milliseconds of a window each capability did not work.
///
/// @param mailbox for how long log-in or reading did not work, or both
public record AwayMillis(long logIn, long read, long receive, long send, long push, long mailbox) {
    /// Everything worked.
    public static final AwayMillis NONE = new AwayMillis(0, 0, 0, 0, 0, 0);

    static AwayMillis of(AccountRecord record) {
        return new AwayMillis(record.millis(Capability.LOG_IN), record.millis(Capability.READ),
                record.millis(Capability.RECEIVE), record.millis(Capability.SEND),
                record.millis(Capability.PUSH), record.millis(Capability.MAILBOX));
    }

    public long of(Capability capability) {
        return switch (capability) {
            case LOG_IN -> logIn;
            case READ -> read;
            case RECEIVE -> receive;
            case SEND -> send;
            case PUSH -> push;
        };
    }

    /// Returns the same of an account that was there for the last `millis` of the window: nothing can have failed for it before.
    public AwayMillis atMost(long millis) {
        return new AwayMillis(Math.min(millis, logIn), Math.min(millis, read), Math.min(millis, receive),
                Math.min(millis, send), Math.min(millis, push), Math.min(millis, mailbox));
    }

    /// Says whether everything worked all the time.
    public boolean none() {
        return logIn + read + receive + send + push == 0;
    }
}
