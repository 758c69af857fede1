package casella.wire;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLSession;

/// What both ends of a TLS connection know of it and nobody between them does. RFC 5929, RFC 9266.
final class ChannelBindings {
    private static final int EXPORTED_BYTES = 32;
    private static final Pattern HASH = Pattern.compile("(MD5|SHA(?:-?[0-9]+)?)WITH.*");

    private ChannelBindings() {}

    static Map<String, byte[]> of(SSLSession session) {
        var bindings = new HashMap<String, byte[]>();
        exported(session).ifPresent(data -> bindings.put("tls-exporter", data));
        Certificate[] own = session.getLocalCertificates();
        if (own != null && own.length > 0 && own[0] instanceof X509Certificate certificate) {
            endPoint(certificate).ifPresent(data -> bindings.put("tls-server-end-point", data));
        }
        return bindings;
    }

    /// Before TLS 1.3 two connections may export the same where the extended master secret was not agreed on, which the
    /// JDK does not tell: none is offered there.
    private static Optional<byte[]> exported(SSLSession session) {
        if (!session.getProtocol().equals("TLSv1.3") || !(session instanceof ExtendedSSLSession extended)) {
            return Optional.empty();
        }
        try {
            return Optional.of(extended.exportKeyingMaterialData(
                    "EXPORTER-Channel-Binding", new byte[0], EXPORTED_BYTES));
        } catch (SSLKeyException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /// The certificate's hash, by the hash of its signature, MD5 and SHA-1 replaced by SHA-256. A signature without a
    /// hash of its own (Ed25519), or with one in its parameters, gives none.
    static Optional<byte[]> endPoint(X509Certificate certificate) {
        Matcher name = HASH.matcher(certificate.getSigAlgName().toUpperCase(Locale.ROOT));
        if (!name.matches()) return Optional.empty();
        String hash = switch (name.group(1).replace("-", "")) {
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            case "SHA224" -> "SHA-224";
            default -> "SHA-256";
        };
        try {
            return Optional.of(MessageDigest.getInstance(hash).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
