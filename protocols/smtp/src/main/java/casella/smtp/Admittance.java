package casella.smtp;

import java.net.InetAddress;

/// Says of strangers whether they come in, before anything of theirs is kept: asked at the MX door, never of peers that are trusted.
/// What it goes by is not known here.
@FunctionalInterface
public interface Admittance {
    /// Everybody comes in.
    Admittance OPEN = _ -> new Visit() {
        @Override
        public Answer come() {
            return new Answer.Fine();
        }

        @Override
        public Answer mail(String sender) {
            return new Answer.Fine();
        }

        @Override
        public Answer recipient(String sender, String recipient) {
            return new Answer.Fine();
        }

        @Override
        public Answer unknown() {
            return new Answer.Fine();
        }
    };

    /// A client has come. Never waits.
    Visit visit(InetAddress peer);

    /// One client, from its coming to its going; on the thread of its session. Throws nothing.
    interface Visit {
        /// Before the greeting. Never waits.
        Answer come();

        /// Before a message begins. Never waits.
        ///
        /// @param sender the reverse path without brackets; empty for `<>`
        Answer mail(String sender);

        /// Before a recipient who is here is taken. Waits for a bounded time.
        Answer recipient(String sender, String recipient);

        /// A recipient was named whom nobody has. May keep the client waiting, for a bounded time.
        Answer unknown();
    }

    /// What the client is told.
    sealed interface Answer {
        /// Nothing is held against it.
        record Fine() implements Answer {}

        /// Not this one.
        ///
        /// @param code 400 to 599
        /// @param text printable ASCII
        record No(int code, String enhanced, String text) implements Answer {}

        /// Nothing more now: 421, and the session ends.
        ///
        /// @param text printable ASCII
        record Bye(String enhanced, String text) implements Answer {}
    }
}
