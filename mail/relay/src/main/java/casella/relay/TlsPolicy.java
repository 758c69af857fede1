package casella.relay;

import casella.dns.Tlsa;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What is asked of the way to a server before mail goes over it.
public sealed interface TlsPolicy {
    /// Not protected: on this machine alone.
    record None() implements TlsPolicy {}

    /// Protected where the server offers it, whoever it is: better than nothing. RFC 3207 §4.1
    record Opportunistic() implements TlsPolicy {}

    /// Protected, whoever it is: the domain says that its server can, and nothing usable of who that is.
    record Encrypted() implements TlsPolicy {}

    /// Protected, with a certificate for the server's name.
    ///
    /// @param first whether TLS begins with the first byte (RFC 8314 §3)
    /// @param trusted the one certificate that is trusted; empty for those the system trusts
    record Verified(boolean first, Optional<Path> trusted) implements TlsPolicy {}

    /// Protected, with a certificate the domain names in the DNS. RFC 7672 "SMTP Security via Opportunistic DANE TLS".
    ///
    /// @param records usable ones, 1 or more
    record Dane(List<Tlsa> records) implements TlsPolicy {
        public Dane {
            records = List.copyOf(records);
            if (records.isEmpty()) throw new IllegalArgumentException("records: must be 1 or more");
        }
    }
}
