package casella.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Proves how a policy's text is read.
final class StsPolicyTest {
    @ParameterizedTest
    @CsvSource({"mx.x.example, true", "MX.x.example, true", "a.y.example, true", "y.example, false",
            "a.b.y.example, false",
        "amx.x.example, false"})
    void aStarIsOneLabel(String host, boolean named) {
        var policy =
                StsPolicy.parse("version: STSv1\nmode: enforce\nmx: mx.x.example\nmx: *.Y.example\nmax_age: 9999999999\n").orElseThrow();
        assertThat(policy.names(host)).isEqualTo(named);
        assertThat(policy.maxAge()).isEqualTo(Duration.ofHours(8_766));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mode: enforce", "version: STSv1\nmode: enforce\nmax_age: 5",
            "version: STSv1\nmode: strict\nmx: a\nmax_age: 5",
        "version: STSv1\nmode: enforce\nmx: a\nmax_age: -1", "version: STSv1\nmode: enforce\nmx: a", "<html>",
        "version: STSv1\nmode: strict\nmode: enforce\nmx: a\nmax_age: 5"})
    void whatIsNotWholeIsNoPolicy(String text) {
        assertThat(StsPolicy.parse(text)).isEmpty();
        assertThat(StsPolicy.parse("version: STSv1\nmode: none\nmax_age: 5\nmode: enforce").orElseThrow()
                .mode())
                .isEqualTo(StsPolicy.Mode.NONE);
    }
}
