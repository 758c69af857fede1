package casella.server.control;

import java.util.List;

/// What a running server knows of itself.
public interface Parts {
    /// How the parts are now. Must answer at once, from memory.
    List<Part> parts();

    /// What has fewer copies than the policy asks for. Must answer at once, from memory.
    Debt debt();

    /// One part of the server.
    ///
    /// @param name `engine`, `tail`, `vault.pack`, `directory`, `listener.imap`
    /// @param detail a constant sentence; empty when whole
    record Part(String name, State state, String detail) {
        public static Part whole(String name) {
            return new Part(name, State.WHOLE, "");
        }
    }

    /// How a part is.
    enum State {
        WHOLE,
        /// It serves, with less than it should have.
        DEGRADED,
        /// It does not serve; others stand in for it where they can.
        GONE;

        public String word() {
            return switch (this) {
                case WHOLE -> "whole";
                case DEGRADED -> "degraded";
                case GONE -> "gone";
            };
        }
    }

    /// Copies debt.
    ///
    /// @param oldestSeconds age of the oldest object that lacks a copy, 0 without debt
    record Debt(long objects, long bytes, long accounts, long oldestSeconds) {
        public static final Debt NONE = new Debt(0, 0, 0, 0);
    }
}
