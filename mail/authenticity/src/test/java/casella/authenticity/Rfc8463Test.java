package casella.authenticity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import casella.authenticity.DkimVerifier.Result;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Proves that the signed message of RFC 8463 §A.3 is valid by both of its keys, and by them as they are alone.
final class Rfc8463Test {
    private static final String RSA = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
            + "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
            + "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
            + "Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
    private static final String ED25519 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private static final String MAIL = """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.  Are you hungry yet?

            Joe.
            """;

    private static PublicKey key(String algorithm, byte[] encoded) {
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PublicKey ed25519() {
        byte[] raw = Base64.getDecoder().decode(ED25519);
        byte[] encoded = HexFormat.of().parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(raw));
        return key("Ed25519", encoded);
    }

    private static final PublicKey BRISBANE = ed25519();
    private static final PublicKey TEST = key("RSA", Base64.getDecoder().decode(RSA));
    private static final Map<String, PublicKey> KEYS = Map.of("brisbane", BRISBANE, "test", TEST);

    private static List<Result> verify(String mail) {
        return DkimVerifier.verify(mail.replace("\n", "\r\n").getBytes(US_ASCII),
                (domain, selector) -> domain.equals("football.example.com") ? KEYS.get(selector) : null);
    }

    @Test
    void bothSignaturesOfTheExampleAreValid() {
        assertThat(verify(MAIL)).containsExactly(
                new Result.Valid("football.example.com", "brisbane"), new Result.Valid("football.example.com", "test"));
    }

    @Test
    void anotherWordAnywhereIsNot() {
        for (String one : List.of("Joe.", "SixPack", "dinner", "21:00:37", "46341", "Suzie Q", "1528637909")) {
            assertThat(verify(MAIL.replace(one, "x" + one))).as(one)
                    .hasSize(2).allMatch(result -> result instanceof Result.Invalid);
        }
    }

    @Test
    void spacesThatHopsChangeDoNotMatter() {
        assertThat(verify(MAIL.replace("Is dinner ready?", "Is   dinner\n ready? ").replace("Joe.\n", "Joe. \t\n\n\n")))
                .allMatch(result -> result instanceof Result.Valid);
    }

    @Test
    void theRecordOfEachKeyIsTheOneOfTheExample() {
        var rsa = new DkimKey("football.example.com", "test", unused(), TEST);
        var edwards = new DkimKey("football.example.com", "brisbane", unused(), BRISBANE);

        assertThat(rsa.dnsText()).isEqualTo("v=DKIM1; k=rsa; p=" + RSA);
        assertThat(edwards.zoneLine()).isEqualTo("brisbane._domainkey.football.example.com. IN TXT ( \"v=DKIM1; k=ed25519; p="
                + ED25519 + "\" )");
        assertThat(rsa.zoneLine()).matches("test\\._domainkey\\.football\\.example\\.com\\. IN TXT \\( \"[^\"]{1,255}\" \\)");
    }

    /// A secret half that nothing signs with.
    private static java.security.PrivateKey unused() {
        return new java.security.PrivateKey() {
            @Override
            public String getAlgorithm() {
                return "none";
            }

            @Override
            public String getFormat() {
                return "none";
            }

            @Override
            public byte[] getEncoded() {
                return new byte[0];
            }
        };
    }
}
