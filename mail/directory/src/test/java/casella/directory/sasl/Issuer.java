package casella.directory.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;

/// Somebody who gives out tokens.
final class Issuer {
    static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    static final String WHO = "https://login.posta.example";

    final RSAKey rsa;
    final ECKey ec;
    final OctetKeyPair ed;
    private final KeyPair edPair;

    Issuer(String id) {
        try {
            rsa = new RSAKeyGenerator(2048).keyID(id + "-rsa").generate();
            ec = new ECKeyGenerator(Curve.P_256).keyID(id + "-ec").generate();
            edPair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (JOSEException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        byte[] encoded = edPair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        ed = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point))
                .keyID(id + "-ed").build();
    }

    static void write(Path file, JWK... keys) throws IOException {
        Files.writeString(file, new JWKSet(List.of(keys)).toString(false));
    }

    static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> more) {
        var builder = new JWTClaimsSet.Builder()
                .issuer(WHO)
                .audience(List.of("other", "mail"))
                .subject("7")
                .claim("email", "anna@posta.example")
                .notBeforeTime(Date.from(NOW.minusSeconds(10)))
                .expirationTime(Date.from(NOW.plusSeconds(600)));
        more.accept(builder);
        return builder.build();
    }

    static String rs256(RSAKey key, JWTClaimsSet claims) {
        return rs256(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), key, claims);
    }

    static String rs256(JWSHeader header, RSAKey key, JWTClaimsSet claims) {
        try {
            var jwt = new SignedJWT(header, claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    String es256(JWTClaimsSet claims) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(ec.getKeyID()).build();
            var jwt = new SignedJWT(header, claims);
            jwt.sign(new ECDSASigner(ec));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    String edDsa(JWTClaimsSet claims) {
        return edDsa("", claims);
    }

    /// @param more further members of the header
    String edDsa(String more, JWTClaimsSet claims) {
        String header = "{\"alg\":\"EdDSA\",\"kid\":\"" + ed.getKeyID() + "\"" + more + "}";
        String signed = text(header) + "." + text(claims.toString());
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(edPair.getPrivate());
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + Base64URL.encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String text(String json) {
        return Base64URL.encode(json).toString();
    }
}
