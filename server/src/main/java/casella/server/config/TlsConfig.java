package casella.server.config;

import java.nio.file.Path;
import java.util.Optional;

/// The `tls` section. Without a certificate the server makes one that signs itself, in `run/`.
///
/// @param certificate PEM chain, the server's own first; empty for a self-signed one
/// @param key PEM private key, PKCS #8; there if and only if the certificate is
public record TlsConfig(Optional<Path> certificate, Optional<Path> key) {
    static final String ABOUT = "The certificate shown to clients. Without one the server makes one that signs itself.";

    static TlsConfig read(Section in) {
        Optional<Path> certificate = file(in, "certificate", "PEM file of the certificate and its chain, the server's own first.");
        Optional<Path> key = file(in, "key", "PEM file of the certificate's private key (PKCS #8).");
        if (certificate.isPresent() && key.isEmpty()) in.problem("certificate", "needs tls.key too");
        if (key.isPresent() && certificate.isEmpty()) in.problem("key", "needs tls.certificate too");
        return new TlsConfig(certificate, key);
    }

    private static Optional<Path> file(Section in, String key, String meaning) {
        Path path = in.path(key).means(meaning).orElse(Path.of(""), "none");
        return path.toString().isEmpty() ? Optional.empty() : Optional.of(path);
    }
}
