package casella.directory.sasl;

import casella.base.Clock;
import casella.base.Event;
import casella.base.Log;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Says whose account a bearer token opens: a JWT (RFC 7519) that one issuer signed for us.
///
/// Taken are RS256, ES256 and EdDSA over Ed25519; each key checks the one algorithm its kind has, so that a public key is
/// never taken for a secret and `none` is never taken.
public final class Tokens implements AutoCloseable {
    /// Clocks differ by as much.
    static final Duration LEEWAY = Duration.ofSeconds(60);
    static final int BYTES_MAX = 12_288;

    /// `SubjectPublicKeyInfo` of an Ed25519 key, up to the key. RFC 8410
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final Set<JWSAlgorithm> ED25519_NAMES = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
    private static final Set<String> TYPES = Set.of("", "jwt", "at+jwt");

    private final TokenSettings settings;
    private final TokenKeys keys;
    private final Clock clock;

    /// @throws IllegalArgumentException with a sentence, if the issuer's keys cannot be read
    public Tokens(TokenSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.keys = new TokenKeys(settings.keys(), clock);
    }

    TokenSettings settings() {
        return settings;
    }

    /// Returns the address of the account that `token` opens; empty if it opens none.
    Optional<String> address(String token) {
        String why = "unreadable";
        try {
            if (token.length() <= BYTES_MAX) {
                SignedJWT jwt = SignedJWT.parse(token);
                why = wrong(jwt);
                if (why.isEmpty()) {
                    Optional<String> address = address(jwt.getJWTClaimsSet());
                    if (address.isPresent()) return address;
                    why = "no-address";
                }
            }
        } catch (ParseException | RuntimeException e) {
            // Whatever a client sends is no token; the library's own exceptions are many.
            why = "unreadable";
        }
        Log.event(Event.DIRECTORY_TOKEN_REFUSED, "why", why);
        return Optional.empty();
    }

    /// Returns what is wrong with a token, in a word; empty for nothing.
    private String wrong(SignedJWT jwt) throws ParseException {
        JWSHeader header = jwt.getHeader();
        String type = header.getType() == null ? "" : header.getType().toString().toLowerCase(Locale.ROOT);
        if (!TYPES.contains(type)) return "type";
        if (header.getCriticalParams() != null) return "critical-parameters"; // RFC 7515: none is known here
        String id = header.getKeyID() == null ? "" : header.getKeyID();
        List<JWK> candidates = keys.find(id);
        if (candidates.isEmpty()) return "unknown-key";
        boolean signed = false;
        for (JWK key : candidates) signed = signed || signed(jwt, key);
        if (!signed) return "signature";
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        if (!settings.issuer().equals(claims.getIssuer())) return "issuer";
        if (!claims.getAudience().contains(settings.audience())) return "audience";
        return time(claims);
    }

    private String time(JWTClaimsSet claims) {
        Instant now = clock.now();
        Date until = claims.getExpirationTime();
        if (until == null) return "no-expiry";
        if (!now.isBefore(until.toInstant().plus(LEEWAY))) return "expired";
        Date from = claims.getNotBeforeTime();
        if (from != null && now.isBefore(from.toInstant().minus(LEEWAY))) return "not-yet";
        return "";
    }

    private static boolean signed(SignedJWT jwt, JWK key) {
        JWSAlgorithm algorithm = jwt.getHeader().getAlgorithm();
        if (key.getAlgorithm() != null && !key.getAlgorithm().equals(algorithm)) return false;
        try {
            return switch (key) {
                case RSAKey rsa -> algorithm.equals(JWSAlgorithm.RS256)
                        && jwt.verify(new RSASSAVerifier(rsa));
                case ECKey ec -> algorithm.equals(JWSAlgorithm.ES256) && Curve.P_256.equals(ec.getCurve())
                        && jwt.verify(new ECDSAVerifier(ec));
                case OctetKeyPair ed -> ED25519_NAMES.contains(algorithm)
                        && Curve.Ed25519.equals(ed.getCurve()) && edSigned(jwt, ed);
                default -> false;
            };
        } catch (JOSEException e) {
            return false;
        }
    }

    /// By the JDK; the library wants another library for this.
    private static boolean edSigned(SignedJWT jwt, OctetKeyPair key) {
        byte[] point = key.getDecodedX();
        byte[] encoded = Arrays.copyOf(ED25519, ED25519.length + point.length);
        System.arraycopy(point, 0, encoded, ED25519.length, point.length);
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            check.update(jwt.getSigningInput());
            return check.verify(jwt.getSignature().decode());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// An address its issuer has not checked is nobody's.
    private Optional<String> address(JWTClaimsSet claims) throws ParseException {
        boolean unchecked = settings.claim().equals("email") && Boolean.FALSE.equals(claims.getBooleanClaim("email_verified"));
        String address = claims.getStringClaim(settings.claim());
        return unchecked || address == null || address.isEmpty() ? Optional.empty() : Optional.of(address);
    }

    @Override
    public void close() {
        keys.close();
    }
}
