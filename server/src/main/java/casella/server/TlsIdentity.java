package casella.server;

import casella.server.config.TlsConfig;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The certificate shown to clients: the configured one, or one that signs itself, made once and kept.
final class TlsIdentity {
    private static final Duration LIFE = Duration.ofDays(825);
    private static final Duration RENEW = Duration.ofDays(30);
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";
    private static final char[] NO_PASSWORD = new char[0];

    private TlsIdentity() {}

    /// Returns a context that serves with the certificate.
    ///
    /// @param folder where a self-signed one is kept, its key readable by its owner alone
    /// @param hosts names it is for, the first its subject
    /// @throws IOException if a file cannot be read or holds no certificate or key; the message names it
    static SSLContext open(TlsConfig config, Path folder, List<String> hosts) throws IOException {
        Path certificate = config.certificate().orElse(folder.resolve(CERTIFICATE));
        Path key = config.key().orElse(folder.resolve(KEY));
        if (config.certificate().isEmpty() && !usable(certificate, key)) make(certificate, key, hosts);
        return context(certificate, key);
    }

    /// Returns when the certificate that [#open] serves with ends.
    ///
    /// @throws IOException if it cannot be read
    static Instant ends(TlsConfig config, Path folder) throws IOException {
        Path certificate = config.certificate().orElse(folder.resolve(CERTIFICATE));
        var first = (java.security.cert.X509Certificate) chain(certificate).iterator().next();
        return first.getNotAfter().toInstant();
    }

    private static boolean usable(Path certificate, Path key) {
        if (!Files.exists(certificate) || !Files.exists(key)) return false;
        try {
            var first = (java.security.cert.X509Certificate) chain(certificate).iterator().next();
            return first.getNotAfter().toInstant().isAfter(Instant.now().plus(RENEW));
        } catch (IOException e) {
            return false; // unreadable: it is made anew
        }
    }

    private static void make(Path certificate, Path key, List<String> hosts) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            var name = new X500Principal("CN=" + hosts.getFirst());
            Instant now = Instant.now();
            var builder =
                    new JcaX509v3CertificateBuilder(
                            name,
                            new BigInteger(120, new SecureRandom()),
                            Date.from(now.minus(Duration.ofHours(1))),
                            Date.from(now.plus(LIFE)),
                            name,
                            pair.getPublic());
            GeneralName[] names =
                    hosts.stream().map(host -> new GeneralName(GeneralName.dNSName,
                            host)).toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
            Files.createDirectories(key.toAbsolutePath().getParent());
            Files.deleteIfExists(key);
            Files.createFile(key,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(key, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            Files.writeString(certificate, pem("CERTIFICATE", builder.build(signer).getEncoded()));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("no certificate could be made: " + e.getMessage(), e);
        }
    }

    private static String pem(String type, byte[] content) {
        var out = new StringWriter();
        out.write("-----BEGIN " + type + "-----\n");
        out.write(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
        out.write("\n-----END " + type + "-----\n");
        return out.toString();
    }

    private static SSLContext context(Path certificate, Path key) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            Certificate[] chain = chain(certificate).toArray(Certificate[]::new);
            store.setKeyEntry("casella", privateKey(key), NO_PASSWORD, chain);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("tls: " + certificate + " and " + key + " do not belong together: "
                    + e.getMessage(), e);
        }
    }

    private static Collection<? extends Certificate> chain(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            Collection<? extends Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) throw new IOException("tls.certificate: " + file + " holds no certificate");
            return chain;
        } catch (FileSystemException e) {
            throw new IOException("tls.certificate: cannot be read: " + file, e);
        } catch (GeneralSecurityException e) {
            throw new IOException("tls.certificate: " + file + " holds no PEM certificate", e);
        }
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (FileSystemException e) {
            throw new IOException("tls.key: cannot be read: " + file, e);
        }
    }

    private static IOException noKey(Path file) {
        return new IOException("tls.key: " + file + " holds no PEM private key (PKCS #8, not encrypted)");
    }

    private static PrivateKey privateKey(Path file) throws IOException {
        var body = new StringBuilder();
        boolean within = false;
        for (String line : lines(file)) {
            if (line.startsWith("-----END")) break;
            if (within) body.append(line.strip());
            if (line.equals("-----BEGIN PRIVATE KEY-----")) within = true;
        }
        if (!within) throw noKey(file);
        byte[] encoded;
        try {
            encoded = Base64.getDecoder().decode(body.toString());
        } catch (IllegalArgumentException e) {
            throw noKey(file);
        }
        GeneralSecurityException last = new GeneralSecurityException("no algorithm");
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                last = e; // perhaps another kind of key
            }
        }
        throw new IOException("tls.key: " + file + " holds a key that is not RSA, EC or Ed25519", last);
    }
}
