package casella.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Clock;
import casella.directory.sasl.TokenSettings;
import casella.directory.sasl.Tokens;
import casella.testkit.Dialogue.Header;
import casella.wire.Patience;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logging in over TLS by SCRAM, bound to the connection or not, and by a token; played by clients of our own.
class SaslLogInTest {
    private static final SmtpConfig CONFIG = SmtpConfig.usual().withHostName("mx.posta.example");

    private @Nullable SmtpStage held;
    private Path folder = Path.of("none");

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        this.folder = folder;
        var stage = new SmtpStage(folder);
        stage.prepare(new Header(List.of(), List.of(), ""));
        held = stage;
    }

    @AfterEach
    void close() throws Exception {
        stage().end();
    }

    private SmtpStage stage() {
        if (held == null) throw new IllegalStateException("not opened");
        return held;
    }

    private Client client(String protocol) throws Exception {
        var client = new Client(stage().open("submissions", CONFIG, Patience.usual(), new Room(1 << 20)));
        client.startTls(protocol);
        assertThat(client.reply()).startsWith("220");
        assertThat(client.say("EHLO a")).startsWith("250");
        return client;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String base64(String text) {
        return base64(text.getBytes(UTF_8));
    }

    private static byte[] hmac(byte[] key, byte[] text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    /// Returns the last reply of a log-in by SCRAM. RFC 5802 §3.
    ///
    /// @param header as it begins the first message
    private static String scram(
            Client client, String mechanism, String header, byte[] binding, String password) throws Exception {
        String bare = "n=anna@posta.example,r=clientnonce";
        String challenge = client.say("AUTH " + mechanism + " " + base64(header + bare));
        if (!challenge.startsWith("334 ")) return challenge;
        String first = new String(Base64.getDecoder().decode(challenge.substring(4)), UTF_8);
        String[] parts = first.split(",");
        var spec = new PBEKeySpec(
                password.toCharArray(), Base64.getDecoder().decode(parts[1].substring(2)),
                Integer.parseInt(parts[2].substring(2)), 256);
        byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        byte[] key = hmac(salted, "Client Key".getBytes(UTF_8));
        byte[] all = (header + new String(binding, ISO_8859_1))
                .getBytes(ISO_8859_1);
        String without = "c=" + base64(all) + "," + parts[0];
        byte[] message = (bare + "," + first + "," + without).getBytes(UTF_8);
        byte[] proof = hmac(MessageDigest.getInstance("SHA-256").digest(key), message);
        for (int i = 0; i < proof.length; i++) proof[i] ^= key[i];
        String reply = client.say(base64(without + ",p=" + base64(proof)));
        assertThat(reply).as("told of success without a proof").doesNotStartWith("235");
        if (!reply.startsWith("334 ")) return reply;
        // The server proves itself too.
        byte[] server = hmac(hmac(salted, "Server Key".getBytes(UTF_8)), message);
        assertThat(new String(Base64.getDecoder().decode(reply.substring(4)), UTF_8)).isEqualTo("v=" + base64(server));
        return client.say("");
    }

    private static byte[] exported(SSLSession session) throws Exception {
        return ((ExtendedSSLSession) session).exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
    }

    private static byte[] endPoint(SSLSession session) throws Exception {
        // The hash of its signature, SHA384withECDSA.
        return MessageDigest.getInstance("SHA-384").digest(session.getPeerCertificates()[0].getEncoded());
    }

    @Test
    void scramIsSpokenAndBoundToTheConnection() throws Exception {
        for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
            try (Client client = client(protocol)) {
                assertThat(scram(client, "SCRAM-SHA-256", "n,,", new byte[0], "wrong")).isEqualTo("535 5.7.8 Wrong name or password");
                assertThat(scram(client, "SCRAM-SHA-256", "n,,", new byte[0], "casella")).isEqualTo("235 2.7.0 Welcome");
                assertThat(client.say("MAIL FROM:<anna@posta.example>")).startsWith("250");
            }
            try (Client client = client(protocol)) {
                String header = "p=tls-server-end-point,,";
                byte[] binding = endPoint(client.session());
                assertThat(scram(client, "SCRAM-SHA-256-PLUS", header, new byte[32], "casella")).startsWith("535 ");
                assertThat(scram(client, "SCRAM-SHA-256-PLUS", header, binding, "casella")).startsWith("235 ");
            }
        }
        try (Client client = client("TLSv1.3"); Client other = client("TLSv1.3")) {
            String header = "p=tls-exporter,,";
            // What another connection exported: that of somebody between.
            assertThat(scram(client, "SCRAM-SHA-256-PLUS", header, exported(other.session()), "casella")).startsWith("535 ");
            assertThat(scram(client, "SCRAM-SHA-256-PLUS", header, exported(client.session()), "wrong")).startsWith("535 ");
            assertThat(scram(client, "SCRAM-SHA-256-PLUS", header, exported(client.session()), "casella")).startsWith("235 ");
        }
        try (Client client = client("TLSv1.2")) {
            byte[] binding = exported(client.session());
            assertThat(scram(client, "SCRAM-SHA-256-PLUS", "p=tls-exporter,,", binding, "casella")).startsWith("535 ");
        }
    }

    @Test
    void aTokenOpensTheAccountItNamesAndNoOther() throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).keyID("k").generate();
        Path file = folder.resolve("keys.json");
        Files.writeString(file, new JWKSet(key).toString(true));
        var settings = new TokenSettings("https://login", "mail", file, "email", "imap smtp", "https://login/.well-known");
        try (var tokens = new Tokens(settings, Clock.system())) {
            stage().tokens = Optional.of(tokens);
            String anna = token(key, "anna@posta.example");
            for (String response : new String[] {
                "n,,\1auth=Bearer " + anna + "\1\1",
                "n,a=anna@posta.example,\1host=mx.posta.example\1port=465\1auth=bearer " + anna + "\1\1",
                "y,a=ANNA@posta.example,\1auth=Bearer " + anna + "\1user=nobody\1\1",
            }) {
                try (Client client = client("TLSv1.3")) {
                    assertThat(client.say("AUTH OAUTHBEARER " + base64(response))).as(response).isEqualTo("235 2.7.0 Welcome");
                    assertThat(client.say("MAIL FROM:<bruno@virgola.example>")).startsWith("553");
                    assertThat(client.say("MAIL FROM:<anna@posta.example>")).startsWith("250");
                }
            }
            try (Client client = client("TLSv1.3")) {
                String response = base64("user=anna@posta.example\1auth=Bearer " + anna + "\1\1");
                assertThat(client.say("AUTH XOAUTH2")).isEqualTo("334 ");
                assertThat(client.say(response)).isEqualTo("235 2.7.0 Welcome");
            }
            try (Client client = client("TLSv1.3")) {
                refused(client, "OAUTHBEARER", "n,a=bruno@virgola.example,\1auth=Bearer " + anna + "\1\1", "AQ==");
                refused(client, "XOAUTH2", "user=bruno@virgola.example\1auth=Bearer " + anna + "\1\1", "");
                refused(client, "OAUTHBEARER", "n,,\1auth=Bearer " + token(key, "nobody@posta.example") + "\1\1", "AQ==");
                // A disabled account says so: its owner proved who asks.
                String gone = "n,,\1auth=Bearer " + token(key, "gone@posta.example") + "\1\1";
                assertThat(client.say("AUTH OAUTHBEARER " + base64(gone))).isEqualTo("525 5.7.13 This account is disabled");
            }
        }
    }

    /// RFC 7628 §3.2.3: what to ask for, a dummy, and the refusal.
    private static void refused(Client client, String mechanism, String response, String dummy)
            throws Exception {
        String told = client.say("AUTH " + mechanism + " " + base64(response));
        assertThat(told).startsWith("334 ");
        assertThat(new String(Base64.getDecoder().decode(told.substring(4)), UTF_8))
                .contains("\"scope\":\"imap smtp\"").contains("https:");
        assertThat(client.say(dummy)).isEqualTo("535 5.7.8 Wrong name or password");
        assertThat(client.say("MAIL FROM:<anna@posta.example>")).startsWith("530");
    }

    private static String token(RSAKey key, String address) throws Exception {
        var claims = new JWTClaimsSet.Builder().issuer("https://login").audience("mail").claim("email", address)
                .expirationTime(Date.from(Instant.now().plusSeconds(600))).build();
        var jwt = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build(), claims);
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }
}
