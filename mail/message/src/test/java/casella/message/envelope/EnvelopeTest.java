package casella.message.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import casella.message.envelope.Notify.On;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What may stand beside a message, read and written.
final class EnvelopeTest {
    @Test
    void notifySaysWhenOrNever() {
        assertThat(Notify.parse("success,Failure").orElseThrow().on()).containsExactlyInAnyOrder(On.SUCCESS,
                On.FAILURE);
        assertThat(Notify.parse("NEVER").orElseThrow().never()).isTrue();
        assertThat(Notify.parse("DELAY").orElseThrow().word()).isEqualTo("DELAY");
        for (String wrong : new String[] {"", "NEVER,SUCCESS", "SUCCESS,", "SUCCESS,SUCCESS", "OFTEN",
                "SUCCESS FAILURE"}) {
            assertThat(Notify.parse(wrong)).as(wrong).isEmpty();
        }
    }

    /// RFC 3461 §4.1: what was not said is failure, and delay at the server's will.
    @Test
    void unsaidIsFailureAndDelay() {
        assertThat(EnumSet.allOf(On.class)).filteredOn(Notify.UNSAID::wants).containsExactly(On.FAILURE,
                On.DELAY);
        assertThat(EnumSet.allOf(On.class)).filteredOn(Notify.parse("NEVER").orElseThrow()::wants).isEmpty();
        assertThat(EnumSet.allOf(On.class)).filteredOn(Notify.parse("SUCCESS").orElseThrow()::wants)
                .containsExactly(On.SUCCESS);
    }

    @Test
    void bitsSayTheSame() {
        for (String word : new String[] {"NEVER", "SUCCESS", "FAILURE,DELAY", "SUCCESS,FAILURE,DELAY"}) {
            Notify said = Notify.parse(word).orElseThrow().of("rfc822;anna@posta.example");
            assertThat(Notify.of(said.bits(), said.original())).contains(said);
        }
        assertThat(Notify.of(Notify.UNSAID.bits(), "")).contains(Notify.UNSAID);
        assertThat(Notify.of(9, "")).isEmpty();
        assertThat(Notify.of(-1, "")).isEmpty();
        assertThat(Notify.of(1, "with blank")).isEmpty();
    }

    /// RFC 3461 §4
    @Test
    void xtextHidesWhatCommandsCannotHold() {
        assertThat(Xtext.encode("a+b=c d\u00e9")).isEqualTo("a+2Bb+3Dc+20d+C3+A9");
        assertThat(Xtext.decode("a+2Bb+3Dc+20d+C3+A9")).contains("a+b=c d\u00e9");
        for (String wrong : new String[] {"a+", "a+2", "a+2b", "a=b", "a b", "a\u00e9"}) {
            assertThat(Xtext.decode(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void whatCouldBeginACommandOfItsOwnIsNoOption() {
        assertThatThrownBy(() -> new MailOptions(Body.SEVEN_BIT, false, Ret.FULL, "a\r\nRSET", 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Notify(Set.of(), false, "rfc822;a b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bodyAndRetAreReadInAnyCase() {
        assertThat(Body.parse("binarymime")).contains(Body.BINARY_MIME);
        assertThat(Body.parse("9BIT")).isEmpty();
        assertThat(Ret.parse("hdrs")).contains(Ret.HDRS);
        assertThat(Ret.parse("")).isEqualTo(Optional.empty());
        for (Body body : Body.values()) assertThat(Body.of(body.number())).contains(body);
        for (Ret ret : Ret.values()) assertThat(Ret.of(ret.number())).contains(ret);
    }
}
