package casella.server.alert;

import java.io.IOException;

/// One way to tell operators.
interface Channel {
    /// Returns its word in logs and figures: `webhook`, `relay`.
    String name();

    /// Sends `alert` now. Blocks, at most half a minute.
    ///
    /// @throws IOException if it is not certain that it was taken; the message says why and holds no secret
    void send(Alert alert) throws IOException;
}
