package casella.wire;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// The certificate in use, which may be replaced while the server runs: connections made later use the new one.
public final class TlsContext implements Supplier<SSLContext> {
    private volatile SSLContext current;

    public TlsContext(SSLContext first) {
        this.current = first;
    }

    @Override
    public SSLContext get() {
        return current;
    }

    /// Uses `next` for every handshake from now on.
    public void reload(SSLContext next) {
        current = next;
    }
}
