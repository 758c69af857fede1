package casella.directory.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.base.Clock;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proves that a token opens an account only if the issuer signed it, for us, for now.
final class TokensTest {
    private static final Optional<String> ANNA = Optional.of("anna@posta.example");
    private static final Issuer ISSUER = new Issuer("a");

    /// Stands at one moment until it is moved.
    private static final class Moment implements Clock {
        private long nanos = 1;

        @Override
        public Instant now() {
            return Issuer.NOW.plusNanos(nanos);
        }

        @Override
        public long nanos() {
            return nanos;
        }
    }

    private final Moment clock = new Moment();
    private @Nullable Tokens held;
    private Path file = Path.of("none");

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        file = folder.resolve("keys.json");
        Issuer.write(file, ISSUER.rsa, ISSUER.ec, ISSUER.ed);
        held = new Tokens(settings("email"), clock);
    }

    @AfterEach
    void close() {
        tokens().close();
    }

    private Tokens tokens() {
        if (held == null) throw new IllegalStateException("not opened");
        return held;
    }

    private TokenSettings settings(String claim) {
        return new TokenSettings(Issuer.WHO, "mail", file, claim, "", "");
    }

    private static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> more) {
        return Issuer.claims(more);
    }

    private Optional<String> said(Consumer<JWTClaimsSet.Builder> more) {
        return tokens().address(Issuer.rs256(ISSUER.rsa, claims(more)));
    }

    @Test
    void eachOfTheThreeAlgorithmsIsTaken() {
        assertThat(tokens().address(Issuer.rs256(ISSUER.rsa, claims(_ -> {})))).isEqualTo(ANNA);
        assertThat(tokens().address(ISSUER.es256(claims(_ -> {})))).isEqualTo(ANNA);
        assertThat(tokens().address(ISSUER.edDsa(claims(_ -> {})))).isEqualTo(ANNA);
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256).type(new com.nimbusds.jose.JOSEObjectType("at+jwt")).build();
        assertThat(tokens().address(Issuer.rs256(header, ISSUER.rsa, claims(_ -> {})))).as("without a key id").isEqualTo(ANNA);
    }

    @Test
    void anotherIssuerAudienceOrTimeIsNotTaken() {
        assertThat(said(b -> b.issuer("https://login.posta.example/"))).isEmpty();
        assertThat(said(b -> b.issuer(null))).isEmpty();
        assertThat(said(b -> b.audience("other"))).isEmpty();
        assertThat(said(b -> b.audience((String) null))).isEmpty();
        assertThat(said(b -> b.expirationTime(null))).isEmpty();
        Instant late = Issuer.NOW.minus(Tokens.LEEWAY);
        assertThat(said(b -> b.expirationTime(Date.from(late)))).isEmpty();
        assertThat(said(b -> b.expirationTime(Date.from(late.plusSeconds(1))))).isEqualTo(ANNA);
        assertThat(said(b -> b.notBeforeTime(Date.from(Issuer.NOW.plusSeconds(62))))).isEmpty();
        assertThat(said(b -> b.notBeforeTime(Date.from(Issuer.NOW.plusSeconds(59))))).isEqualTo(ANNA);
        assertThat(said(b -> b.notBeforeTime(null))).isEqualTo(ANNA);
    }

    @Test
    void theClaimIsTheAddress() {
        assertThat(said(b -> b.claim("email", null))).isEmpty();
        assertThat(said(b -> b.claim("email", ""))).isEmpty();
        assertThat(said(b -> b.claim("email", 7))).isEmpty();
        assertThat(said(b -> b.claim("email_verified", false))).isEmpty();
        assertThat(said(b -> b.claim("email_verified", true))).isEqualTo(ANNA);
        try (var other = new Tokens(settings("upn"), clock)) {
            assertThat(other.address(Issuer.rs256(ISSUER.rsa, claims(b -> b.claim("upn", "b@b.example")))))
                    .contains("b@b.example");
            assertThat(other.address(Issuer.rs256(ISSUER.rsa, claims(_ -> {})))).isEmpty();
        }
    }

    @Test
    void noOtherAlgorithmIsTaken() throws Exception {
        String claims = claims(_ -> {}).toString();
        assertThat(tokens().address(Issuer.text("{\"alg\":\"none\"}") + "." + Issuer.text(claims) + ".")).isEmpty();
        // The public key as a secret: what a checker that asks the token for its algorithm would take.
        var mac = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("a-rsa").build(), claims(_ -> {}));
        mac.sign(new MACSigner(ISSUER.rsa.toRSAPublicKey().getEncoded()));
        assertThat(tokens().address(mac.serialize())).isEmpty();
        for (JWSAlgorithm algorithm : Set.of(JWSAlgorithm.RS384, JWSAlgorithm.RS512, JWSAlgorithm.PS256)) {
            var header = new JWSHeader.Builder(algorithm).keyID("a-rsa").build();
            String token = Issuer.rs256(header, ISSUER.rsa, claims(_ -> {}));
            assertThat(tokens().address(token)).as(algorithm.getName()).isEmpty();
        }
        assertThat(tokens().address(ISSUER.edDsa(",\"crit\":[\"x\"],\"x\":1", claims(_ -> {})))).isEmpty();
        assertThat(tokens().address(ISSUER.edDsa(",\"x\":1", claims(_ -> {})))).isEqualTo(ANNA);
        var type = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("a-rsa")
                .type(new com.nimbusds.jose.JOSEObjectType("logout+jwt")).build();
        assertThat(tokens().address(Issuer.rs256(type, ISSUER.rsa, claims(_ -> {})))).isEmpty();
    }

    @Test
    void whatIsChangedIsNotTaken() {
        var other = new Issuer("a");
        assertThat(tokens().address(Issuer.rs256(other.rsa, claims(_ -> {})))).isEmpty();
        assertThat(tokens().address(other.es256(claims(_ -> {})))).isEmpty();
        assertThat(tokens().address(other.edDsa(claims(_ -> {})))).isEmpty();
        assertThat(tokens().address("")).isEmpty();
        assertThat(tokens().address("x".repeat(Tokens.BYTES_MAX + 1))).isEmpty();
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (String good : new String[] {
            Issuer.rs256(ISSUER.rsa, claims(_ -> {})),
            ISSUER.es256(claims(_ -> {})),
            ISSUER.edDsa(claims(_ -> {}))
        }) {
            for (int i = 0; i < 200; i++) {
                var changed = new StringBuilder(good);
                int at = random.nextInt(good.length());
                char was = good.charAt(at);
                char next = "ABCDEFGHijklmnop0123456789-_.=".charAt(random.nextInt(30));
                // The last letter of a part has bits that say nothing.
                boolean end = at + 1 == good.length() || good.charAt(at + 1) == '.';
                if (next == was || end) continue;
                changed.setCharAt(at, next);
                assertThat(tokens().address(changed.toString())).as("seed %d", seed).isEmpty();
            }
        }
    }

    @Test
    void aNewKeyIsReadWhenATokenNamesIt() throws Exception {
        var next = new Issuer("b");
        String token = Issuer.rs256(next.rsa, claims(_ -> {}));
        assertThat(tokens().address(token)).isEmpty();
        Issuer.write(file, next.rsa);
        assertThat(tokens().address(token)).as("not read for each").isEmpty();
        clock.nanos += TokenKeys.BETWEEN.toNanos();
        assertThat(tokens().address(token)).isEqualTo(ANNA);
        assertThat(tokens().address(Issuer.rs256(ISSUER.rsa, claims(_ -> {})))).as("it is gone").isEmpty();
        // A file that is no file of keys leaves those there were.
        Files.writeString(file, "{");
        clock.nanos += TokenKeys.BETWEEN.toNanos() + Duration.ofSeconds(1).toNanos();
        assertThat(tokens().address(Issuer.rs256(ISSUER.rsa, claims(_ -> {})))).isEmpty();
        assertThat(tokens().address(token)).isEqualTo(ANNA);
    }

    @Test
    void aFileWithoutKeysIsRefused() throws Exception {
        refused("{", "token-keys: is no JSON Web Key Set");
        refused("{\"keys\":[]}", "token-keys: has no public key to check signatures with");
        refused("{\"keys\":[" + new OctetSequenceKey.Builder("0123456789012345678901234567890123".getBytes(UTF_8)).build()
                + "]}", "token-keys: has no public key to check signatures with");
        refused("{\"keys\":[" + small() + "]}", "token-keys: an RSA key is under 2048 bits");
        RSAKey secret = new RSAKey.Builder(ISSUER.rsa).keyUse(KeyUse.ENCRYPTION).build();
        refused("{\"keys\":[" + secret.toPublicJWK() + "]}", "token-keys: has no public key to check signatures with");
        Files.delete(file);
        assertThatThrownBy(() -> new Tokens(settings("email"), clock)).hasMessage("token-keys: cannot be read: " + file);
    }

    private void refused(String text, String why) throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() -> new Tokens(settings("email"), clock)).hasMessage(why);
    }

    private static RSAKey small() throws JOSEException {
        return new RSAKeyGenerator(1024, true).generate().toPublicJWK();
    }

    @Test
    void aTokenIsNoBase64Either() {
        assertThat(tokens().address(Base64.getEncoder().encodeToString("a.b.c".getBytes(UTF_8)))).isEmpty();
        assertThat(tokens().address("..")).isEmpty();
        assertThat(tokens().address("e30.e30.")).isEmpty();
    }
}
