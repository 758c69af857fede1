package casella.authenticity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves which names and domains are read as a brand's, and which are not.
final class BrandClaimTest {
    private static final BrandClaim POSTA = new BrandClaim("Posta", List.of("posta.example", "posta-due.example"));

    @Test
    void namesThatClaimTheBrand() {
        for (String one : List.of("Posta", "POSTA", "Assistenza Posta", "Posta - Sicurezza", "p\u00f2sta", "\u0420\u043e\u0455\u0442\u0430",
                "P0sta", "Po\u200bsta", "\uff30\uff4f\uff53\uff54\uff41", "P o s t a", "\u24c5\u24de\u24e2\u24e3\u24d0", "\"Posta\"",
                "staff@posta.example", "Posta\u202e", "P\u03bfsta", "Po$ta", "posta.example")) {
            assertThat(POSTA.named(one)).as(one).isTrue();
        }
    }

    @Test
    void namesThatDoNot() {
        for (String one : List.of("", "Anna Bianchi", "Postale", "Compost", "Rispostati", "Anna Postatori", "Poste", "Costa")) {
            assertThat(POSTA.named(one)).as(one).isFalse();
        }
        assertThat(POSTA.named(null)).isFalse();
        assertThat(new BrandClaim("Posta Verde", List.of()).named("La mia Posta Verde")).isTrue();
        assertThat(new BrandClaim("Posta Verde", List.of()).named("Posta della Casa Verde")).isFalse();
        assertThat(new BrandClaim("!!", List.of()).named("!!")).isFalse();
    }

    @Test
    void domainsThatReadLikeOneOfTheBrand() {
        for (String one : List.of("p0sta.example", java.net.IDN.toASCII("p\u00f2sta.example"), "mail.posta.example", "posta.example.evil.test",
                "login.posta.example.evil.test", "posta-example.test", "POSTA.example.TEST", "posta.exarnple", "p\u00f2sta.example")) {
            assertThat(POSTA.looksOwned(one)).as(one).isTrue();
            assertThat(POSTA.owns(one)).as(one).isFalse();
        }
    }

    @Test
    void domainsThatDoNot() {
        for (String one : List.of("posta.example", "Posta-Due.Example", "poste.example", "costa.example", "posta.test", "riposta.example",
                "posta-verde.example", "virgola.example", "")) {
            assertThat(POSTA.looksOwned(one)).as(one).isFalse();
        }
        assertThat(POSTA.owns("Posta.EXAMPLE")).isTrue();
    }
}
