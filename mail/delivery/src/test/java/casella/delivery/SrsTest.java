package casella.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import casella.testkit.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Proves that what goes on under another sender finds back, and that nothing else does.
final class SrsTest {
    private final SteppedClock clock = new SteppedClock();
    private final Srs srs = new Srs("sixteen bytes or more".getBytes(StandardCharsets.US_ASCII), clock);
    private final Srs next = new Srs("another server's key".getBytes(StandardCharsets.US_ASCII), clock);

    private static String local(String address) {
        return address.substring(0, address.lastIndexOf('@'));
    }

    @Test
    void aSenderFindsBack() {
        String on = srs.forward("Bruno.Rossi@virgola.example", "posta.example");
        assertThat(on).matches("SRS0=[0-9a-z]{8}=[0-9a-z]{2}=virgola.example=Bruno.Rossi@posta.example");
        assertThat(srs.back(local(on))).contains("Bruno.Rossi@virgola.example");
        assertThat(srs.back(local(on).toUpperCase(Locale.ROOT))).as("servers that shout")
                .contains("BRUNO.ROSSI@VIRGOLA.EXAMPLE");
        assertThat(srs.back(local(srs.forward("a=b+c@d.example", "posta.example"))))
                .contains("a=b+c@d.example");
        assertThat(srs.forward("", "posta.example")).isEmpty();
    }

    @Test
    void throughSeveralItFindsBackToTheFirstAtOnce() {
        String first = next.forward("bruno@virgola.example", "first.example");
        String second = srs.forward(first, "posta.example");
        assertThat(second).startsWith("SRS1=").endsWith("=virgola.example=bruno@posta.example")
                .contains("=first.example==");
        assertThat(srs.back(local(second))).contains(first);
        String third = next.forward(second, "third.example");
        assertThat(next.back(local(third))).as("past the second").contains(first);
        assertThat(next.back(local(first))).contains("bruno@virgola.example");
    }

    @Test
    void whatWeDidNotWriteFindsNowhere() {
        String on = local(srs.forward("bruno@virgola.example", "posta.example"));
        assertThat(srs.back(on.replace("virgola", "vittima"))).isEmpty();
        assertThat(srs.back(on.replace("bruno", "dora"))).isEmpty();
        assertThat(next.back(on)).as("another's key").isEmpty();
        for (String made : new String[] {"SRS0=", "SRS0====", "SRS0=x=y=z", "SRS0=!=?=a.example=b",
                "SRS1=x=y==z",
            "SRS0=" + "x".repeat(100_000), "srs0", "SRS0-AAAA=AA=b.example=c"}) {
            assertThat(srs.back(made)).as(made.substring(0, Math.min(20, made.length()))).isEmpty();
        }
    }

    @Test
    void itEndsAfterThreeWeeks() {
        String on = local(srs.forward("bruno@virgola.example", "posta.example"));
        clock.step(Duration.ofDays(21));
        assertThat(srs.back(on)).isPresent();
        clock.step(Duration.ofDays(1));
        assertThat(srs.back(on)).isEmpty();
    }

    @Test
    void whatWouldBeTooLongIsNobodys() {
        assertThat(srs.forward("x".repeat(64) + "@" + "y".repeat(180) + ".example", "posta.example"))
                .isEmpty();
        assertThat(srs.forward("x".repeat(64) + "@y.example", "posta.example")).isNotEmpty();
    }

    @Test
    void anyTextIsReadOrRefused() {
        var random = new Random(7);
        String on = local(srs.forward("bruno@virgola.example", "posta.example"));
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder(on);
            text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(95)));
            if (!text.toString().equalsIgnoreCase(on)) {
                srs.back(text.toString()).ifPresent(to -> assertThat(to).as(text.toString())
                        .isEqualToIgnoringCase("bruno@virgola.example"));
            }
        }
    }
}
