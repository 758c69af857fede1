package casella.store;

import casella.base.AccountId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What serves an account now, as its owner may be told.
///
/// @param since when it began, to the millisecond; null while it is served as always
public record Service(State state, @Nullable Instant since) {
    public static final Service ALWAYS = new Service(State.LIVE, null);

    public enum State {
        /// The engine serves it, as always.
        LIVE,
        /// The standby serves it, out of its journal: everything is there and everything works.
        STANDBY,
        /// A continuation serves it: folders are named and closed, what comes is shown in one that is open, and nothing
        /// can be changed.
        CONTINUATION,
        /// As `LIVE` or `STANDBY`, and no vault answers: folders and lists are as always, and no content can be read.
        CONTENTS_AWAY,
        /// As `STANDBY`, and it is on its way back to the engine.
        RETURNING
    }

    /// Says whether its owner has less than always.
    public boolean reduced() {
        return switch (state) {
            case LIVE, STANDBY, RETURNING -> false;
            case CONTINUATION, CONTENTS_AWAY -> true;
        };
    }

    /// Knows which accounts that are not continued are served by something else than always. Asked often, so it must be
    /// quick: no call to any storage.
    public interface Source {
        Service of(AccountId account);
    }
}
