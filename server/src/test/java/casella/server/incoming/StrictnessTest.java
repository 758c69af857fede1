package casella.server.incoming;

import static org.assertj.core.api.Assertions.assertThat;

import casella.authenticity.Arc;
import casella.authenticity.Dmarc;
import casella.authenticity.Dmarc.Policy;
import casella.authenticity.Findings;
import casella.authenticity.Iprev;
import casella.authenticity.Spf;
import casella.delivery.Disposition;
import casella.server.incoming.Strictness.Deed;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a domain wishes is done as far as the operators allow, and a list that is trusted may say that it was not forged.
final class StrictnessTest {
    private static final Strictness USUAL = new Strictness(
            Deed.REJECT, Deed.JUNK, Deed.REJECT, Set.of("list.example", "second.example"));
    private static final String PASSED = "mx.list.example; spf=pass smtp.mailfrom=b@x.example;"
            + " dmarc=pass (p=reject) header.from=virgola.example";

    private static Findings found(Policy disposition, Arc.Chain arc) {
        var verdict = disposition == Policy.NONE ? Dmarc.Verdict.TEMPERROR : Dmarc.Verdict.FAIL;
        return new Findings(InetAddress.ofLiteral("192.0.2.1"), "helo.example", "b@virgola.example",
                new Spf.Outcome(Spf.Result.FAIL, "virgola.example", Optional.empty()), List.of(),
                new Dmarc.Outcome(verdict, "virgola.example", Policy.REJECT, disposition, false), arc,
                new Iprev(Iprev.Verdict.FAIL, ""), 3);
    }

    private static Arc.Chain chain(Arc.Hand... hands) {
        return new Arc.Chain(Arc.Status.PASS, List.of(hands), "");
    }

    private static Disposition by(Strictness strictness, Policy wish) {
        return strictness.of(found(wish, new Arc.Chain(Arc.Status.NONE, List.of(), "")));
    }

    @Test
    void whatTheDomainWishesIsDone() {
        assertThat(by(USUAL, Policy.REJECT)).isInstanceOf(Disposition.Refuse.class);
        assertThat(by(USUAL, Policy.QUARANTINE)).isEqualTo(new Disposition.Junk("DMARC policy of virgola.example"));
        assertThat(by(USUAL, Policy.NONE)).as("also what the DNS did not say").isEqualTo(new Disposition.Inbox());
    }

    @Test
    void operatorsMayBeMilder() {
        var mild = new Strictness(Deed.JUNK, Deed.NONE, Deed.JUNK, Set.of());
        assertThat(by(mild, Policy.REJECT)).isInstanceOf(Disposition.Junk.class);
        assertThat(by(mild, Policy.QUARANTINE)).isEqualTo(new Disposition.Inbox());
        assertThat(by(new Strictness(Deed.NONE, Deed.NONE, Deed.NONE, Set.of()), Policy.REJECT))
                .isEqualTo(new Disposition.Inbox());
    }

    private static boolean refused(Arc.Chain chain) {
        return USUAL.of(found(Policy.REJECT, chain)) instanceof Disposition.Refuse;
    }

    @Test
    void aListThatIsTrustedMaySayThatItPassed() {
        assertThat(refused(chain(new Arc.Hand("list.example", PASSED)))).isFalse();
        assertThat(refused(chain(new Arc.Hand("list.example", PASSED), new Arc.Hand("second.example", "x; spf=fail"))))
                .isFalse();
        assertThat(refused(new Arc.Chain(Arc.Status.FAIL, List.of(new Arc.Hand("list.example", PASSED)), "x")))
                .as("a chain that is broken").isTrue();
        assertThat(refused(chain(new Arc.Hand("evil.example", PASSED)))).as("anybody else's word").isTrue();
        assertThat(refused(chain(new Arc.Hand("list.example", PASSED), new Arc.Hand("evil.example", PASSED))))
                .as("a mail put behind the seals of another").isTrue();
    }

    @Test
    void itMustBeItsWordAndOfThatDomain() {
        for (String said : List.of(
                "mx; dmarc=fail header.from=virgola.example",
                "mx; dmarc=pass header.from=other.example",
                "mx; spf=fail (x; (y) dmarc=pass) smtp.mailfrom=\"a; dmarc=pass ;\"@evil.example",
                "mx; arc=pass")) {
            assertThat(refused(chain(new Arc.Hand("list.example", said)))).as(said).isTrue();
        }
        assertThat(Strictness.passed("mx;dmarc=pass", "virgola.example")).isTrue();
    }
}
