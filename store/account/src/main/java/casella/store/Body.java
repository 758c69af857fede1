package casella.store;

import casella.base.Fault;

/// The bytes of an email, or of a stretch of it: there, or not reachable now.
public sealed interface Body {
    /// Exactly the bytes that were stored, checked.
    record Present(byte[] bytes) implements Body {}

    /// No vault that answers now has them. They are kept; asking again later may work.
    record Unavailable(Fault why) implements Body {}
}
