package casella.server.control;

import java.io.Reader;
import tools.jackson.databind.node.ObjectNode;

/// Carries out orders: in this process ([LocalOperations]) or in the server's ([ControlClient]).
public interface Operations {
    /// Does what `order` says. Rows of a list and progress come through `out` before this returns.
    ///
    /// @param body what follows the order: the CSV of an import; else nothing is read of it
    Outcome perform(Order order, Reader body, Output out);

    /// Takes what comes while an order is carried out, on the thread of [#perform]. Throws [java.io.UncheckedIOException] where nobody
    /// listens any more.
    interface Output {
        /// One row of a list.
        void row(ObjectNode row);

        /// So many things are done.
        void progress(long count);

        /// So many of `total` are done.
        ///
        /// @param unit what they are: `accounts`
        default void progress(long done, long total, String unit) {
            progress(done);
        }

        /// Says whether anybody is still there to be told.
        default boolean heard() {
            return true;
        }
    }
}
