package casella.wire;

import java.io.IOException;

/// Takes bytes as they arrive until it knows the end: the content of DATA, which ends with a line of one dot.
public interface Taker {
    /// Takes bytes from `from` inclusive to `until` exclusive and returns how many; fewer than there are only when done.
    int take(byte[] bytes, int from, int until) throws IOException;

    /// Says whether the end was taken.
    boolean done();
}
