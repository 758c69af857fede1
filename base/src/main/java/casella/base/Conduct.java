package casella.base;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/// How peers behave, told by whoever sees it, and who is shut out for it: one register for every protocol. Safe from any
/// thread, never waits.
public interface Conduct {
    /// Nobody listens, and nobody is shut out.
    Conduct UNHEARD = new Conduct() {
        @Override
        public void offended(InetAddress peer, Offence what) {}

        @Override
        public void loggedIn(InetAddress peer) {}

        @Override
        public Optional<Duration> banned(InetAddress peer) {
            return Optional.empty();
        }
    };

    /// What is held against a peer, and how many points it counts.
    enum Offence {
        /// A log-in that failed, or was tried while its address had to wait.
        LOG_IN(1),
        /// A session was ended for too many recipients that nobody has.
        UNKNOWN_RECIPIENTS(20);

        private final int points;

        Offence(int points) {
            this.points = points;
        }

        public int points() {
            return points;
        }
    }

    void offended(InetAddress peer, Offence what);

    /// Somebody logged in from there.
    void loggedIn(InetAddress peer);

    /// Returns for how long the peer is shut out still; empty when it is not.
    Optional<Duration> banned(InetAddress peer);
}
