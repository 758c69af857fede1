package casella.server.naming;

import casella.server.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;

/// By what others know the certificate that this server shows.
public final class ServedCertificate {
    /// The one the server made for itself, in `run/`.
    private static final String OWN = "tls.crt";

    private ServedCertificate() {}

    /// Returns the SHA-256 of its SubjectPublicKeyInfo; empty where there is none that can be read. Blocks on a file.
    public static Optional<List<Byte>> hash(Config config) {
        Path file = config.tls().certificate().orElse(config.data().run().resolve(OWN));
        try (InputStream in = Files.newInputStream(file)) {
            byte[] key = CertificateFactory.getInstance("X.509").generateCertificate(in).getPublicKey()
                    .getEncoded();
            return Optional.of(Needed.bytes(MessageDigest.getInstance("SHA-256").digest(key)));
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty(); // the server says so itself when it starts
        }
    }
}
