package casella.server.drill;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Where a server listens.
@FunctionalInterface
public interface Ports {
    /// Returns the port of a door: `imap`, `lmtp`.
    ///
    /// @throws IOException while it does not serve
    int port(String name) throws IOException;

    /// Returns those that a server named when it began to serve.
    ///
    /// @param ready `Casella is ready imap=2143 …`
    static Map<String, Integer> of(String ready) {
        var ports = new HashMap<String, Integer>();
        for (String word : ready.split(" ", -1)) {
            int at = word.indexOf('=');
            if (at > 0) ports.put(word.substring(0, at), Integer.parseInt(word.substring(at + 1)));
        }
        return Map.copyOf(ports);
    }
}
