package casella.relay;

import casella.dns.Tlsa;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Makes the way to a server secure, as far as a policy asks.
final class Tls {
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    private static final int DNS_NAME = 2;
    private static final SSLSocketFactory ANYBODY = anybody();

    private Tls() {}

    /// @param host the server's name
    /// @throws IOException if there is no TLS to be had, or it is not whom the policy asks for
    static SSLSocket begin(Socket plain, String host, TlsPolicy policy) throws IOException {
        SSLSocket socket = (SSLSocket) factory(policy).createSocket(plain, host, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        if (policy instanceof TlsPolicy.Verified) parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        if (policy instanceof TlsPolicy.Dane(List<Tlsa> records)) {
            checkDane(socket.getSession().getPeerCertificates(), records, host);
        }
        return socket;
    }

    private static SSLSocketFactory factory(TlsPolicy policy) throws IOException {
        return switch (policy) {
            case TlsPolicy.Verified(_, Optional<Path> trusted) -> trusted.isEmpty()
                    ? (SSLSocketFactory) SSLSocketFactory.getDefault()
                    : trusting(trusted.get());
            case TlsPolicy.None _, TlsPolicy.Opportunistic _, TlsPolicy.Encrypted _, TlsPolicy.Dane _ ->
                    ANYBODY;
        };
    }

    private static SSLSocketFactory trusting(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("trusted", CertificateFactory.getInstance("X.509")
                    .generateCertificate(in));
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no certificate", e);
        }
    }

    /// Whom opportunistic TLS speaks with is not asked (RFC 3207 §4.1); whom DANE asks for is looked at afterwards.
    private static SSLSocketFactory anybody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a Java without TLS", e);
        }
    }

    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /// RFC 7672 "SMTP Security via Opportunistic DANE TLS", its section 3.1: what DANE-EE names is enough; what DANE-TA
    /// names must have issued a certificate for the server's name.
    ///
    /// @throws Broken if no record fits
    static void checkDane(Certificate[] chain, List<Tlsa> records, String host) throws Broken {
        for (Tlsa record : records) {
            if (record.usage() == 3 && fits(chain[0], record)) return;
            if (record.usage() == 2 && issued(chain, record, host)) return;
        }
        throw new Broken("4.7.5", "The certificate is none that the DNS names");
    }

    /// Says whether a record can be used at all. RFC 7672, its section 3.1.3: usages 0 and 1 are not for mail.
    static boolean usable(Tlsa record) {
        return (record.usage() == 2 || record.usage() == 3) && record.selector() <= 1
                && record.matchingType() <= 2;
    }

    private static boolean fits(Certificate certificate, Tlsa record) {
        try {
            byte[] what = record.selector() == 0 ? certificate.getEncoded() : certificate.getPublicKey()
                    .getEncoded();
            byte[] shown = switch (record.matchingType()) {
                case 0 -> what;
                case 1 -> MessageDigest.getInstance("SHA-256").digest(what);
                case 2 -> MessageDigest.getInstance("SHA-512").digest(what);
                default -> new byte[0];
            };
            return shown.length > 0 && MessageDigest.isEqual(shown, record.data());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean issued(Certificate[] chain, Tlsa record, String host) {
        for (int i = 0; i < chain.length; i++) {
            if (!fits(chain[i], record) || !(chain[i] instanceof X509Certificate anchor)) continue;
            if (!(chain[0] instanceof X509Certificate leaf) || !named(leaf, host)) return false;
            if (i == 0) return true;
            return leadsTo(List.of(chain).subList(0, i), anchor);
        }
        return false;
    }

    private static boolean leadsTo(List<Certificate> below, X509Certificate anchor) {
        try {
            var parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false); // the DNS is where the domain says what holds
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509")
                            .generateCertPath(new ArrayList<>(below)), parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// RFC 6125 "Representation and Verification of Domain-Based Application Service Identity": a name, or `*` for its
    /// first label.
    private static boolean named(X509Certificate leaf, String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        try {
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            if (names == null) return false;
            for (List<?> name : names) {
                if (!Integer.valueOf(DNS_NAME).equals(name.get(0))) continue;
                String said = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
                if (said.equals(wanted)) return true;
                int dot = wanted.indexOf('.');
                if (said.startsWith("*.") && dot > 0 && wanted.substring(dot + 1)
                        .equals(said.substring(2))) return true;
            }
            return false;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
