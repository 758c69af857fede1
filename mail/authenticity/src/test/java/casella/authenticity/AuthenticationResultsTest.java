package casella.authenticity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that nobody outside speaks in this server's name.
final class AuthenticationResultsTest {
    @Test
    void whatClaimsToBeOursIsTakenOutAndNothingElse() {
        for (String claim : List.of("mx.test; spf=pass", " MX.Test ; dkim=pass", "(a (b) \\( c) mx.test; none",
                "\"mx.test\"; spf=pass", "mx.test 1; spf=pass", "mx.test/1; spf=pass", "\r\n\tmx.test;\r\n\tspf=pass",
                "mx.test.; spf=pass", "mx.(x)test; spf=pass")) {
            String mail = "A: b\r\nauthentication-results:" + claim + "\r\nFrom: x@y\r\n\r\nAuthentication-Results: mx.test;\r\n";
            assertThat(new String(AuthenticationResults.withoutClaims(mail.getBytes(UTF_8), "mx.test"), UTF_8)).as(claim)
                    .isEqualTo("A: b\r\nFrom: x@y\r\n\r\nAuthentication-Results: mx.test;\r\n");
        }
        for (String other : List.of("mx.test.example; spf=pass", "(mx.test) other; x", "amx.test; spf=pass", "")) {
            byte[] mail = ("Authentication-Results: " + other + "\r\nX: y\r\n\r\n").getBytes(UTF_8);
            assertThat(AuthenticationResults.withoutClaims(mail, "mx.test")).as(other).isSameAs(mail);
        }
    }
}
