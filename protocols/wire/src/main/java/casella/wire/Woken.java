package casella.wire;

/// What ended a [Connection#await].
public enum Woken {
    /// The client sent something, or closed: the next read says which and does not wait.
    INPUT,
    /// Somebody called [Connection#wake()] since the last time.
    EVENT,
    /// The time passed.
    TIME,
    /// The server is stopping: say good-bye and return.
    STOPPING
}
