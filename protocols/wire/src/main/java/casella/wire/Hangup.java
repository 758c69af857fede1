package casella.wire;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The connection is over. A session lets it pass up to its loop, says good-bye if [#canStillSpeak()], and returns.
public final class Hangup extends IOException {
    private static final long serialVersionUID = 1L;
    private final CloseReason reason;

    Hangup(CloseReason reason, @Nullable Throwable cause) {
        super(reason.label(), cause);
        this.reason = reason;
    }

    Hangup(CloseReason reason) {
        this(reason, null);
    }

    public CloseReason reason() {
        return reason;
    }

    /// Says whether a last reply may still reach the client.
    public boolean canStillSpeak() {
        return switch (reason) {
            case IDLE, STALLED, STOPPING -> true;
            case DONE, CLIENT_LEFT, LOST, NOT_READING, TLS_FAILED, FAILED -> false;
        };
    }
}
