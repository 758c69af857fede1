package casella.incident.availability;

import java.util.Map;

/// What does not work for whole scopes now, as the server's own figures say. Asked once a second by one thread; must answer at once,
/// from memory.
@FunctionalInterface
public interface Conditions {
    /// What holds for a scope.
    record Standing(Scope scope, Cause cause) {}

    /// What is so now.
    ///
    /// @param standing each with since when, in milliseconds since 1970; used where it is new
    /// @param doorsFree whether whoever asks to log in is let in at once: nobody is held any more
    record Now(Map<Standing, Long> standing, boolean doorsFree) {}

    /// @param now milliseconds since 1970
    Now look(long now);
}
