package casella.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Proves that subjects are reduced by exactly the steps of RFC 5256 §2.1, which clients repeat.
final class BaseSubjectTest {
    /// Subject, then base; a `+` before it where a reply or forward mark was taken away.
    private static final Map<String, String> READ =
            Map.ofEntries(
                    Map.entry("Cena", "Cena"),
                    Map.entry("Re: Cena", "+Cena"),
                    Map.entry("RE : re:\tFwd:  Cena  alle  8 ", "+Cena alle 8"),
                    Map.entry("Fw: Cena (fwd) (FWD)", "+Cena"),
                    Map.entry("[amici] Re: [amici] Cena", "+Cena"),
                    Map.entry("[amici] Cena", "Cena"),
                    Map.entry("[amici]", "[amici]"),
                    Map.entry("Re[2]: Cena", "+Cena"),
                    Map.entry("Re [x] : Cena", "+Cena"),
                    Map.entry("[Fwd: Re: Cena]", "+Cena"),
                    Map.entry("[Fwd: [Fwd: Cena] (fwd)]", "+Cena"),
                    Map.entry("=?utf-8?q?Re=3A_perch=C3=A9?=", "+perché"),
                    Map.entry("Regina", "Regina"),
                    Map.entry("R: Cena", "R: Cena"),
                    Map.entry("Re:", "+"),
                    Map.entry("", ""),
                    Map.entry("   ", ""));

    @Test
    void subjectsAreReducedAsTheTableSays() {
        READ.forEach(
                (subject, base) -> {
                    BaseSubject read = BaseSubject.of(subject);
                    assertThat((read.replyOrForward() ? "+" : "") + read.value())
                            .as(subject)
                            .isEqualTo(base);
                });
    }

    @Test
    void marksWithoutEndAreReducedInTime() {
        assertThat(BaseSubject.of("Re: ".repeat(100_000)).value()).isEmpty();
        assertThat(BaseSubject.of("[".repeat(100_000)).replyOrForward()).isFalse();
        assertThat(BaseSubject.of("[a]".repeat(100_000)).replyOrForward()).isFalse();
        assertThat(BaseSubject.of("[fwd:".repeat(300) + "]".repeat(300)).replyOrForward()).isTrue();
    }
}
