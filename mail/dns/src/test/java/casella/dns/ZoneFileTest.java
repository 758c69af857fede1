package casella.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Proves that a zone file answers as a server of these zones would, and says what its marks say.
final class ZoneFileTest {
    private static final ZoneFile ZONES = ZoneFile.of("""
            ; casella: secure signed.test
            ; casella: servfail broken.test
            ; casella: timeout slow.test MX
            ; casella: bogus forged.test
            $TTL 1h
            $ORIGIN signed.test.
            @   IN SOA ns root 1 1 1 1 60
            @   IN MX 10 mx
            mx  60 IN A 192.0.2.1
                IN AAAA 2001:db8::1
            _25._tcp.mx IN TLSA 3 1 1 0102
            *.wild IN A 192.0.2.9
            there.wild IN TXT "here"
            $ORIGIN plain.test.
            @   IN TXT ( "v=spf1 a" " -all" )
            www 30 IN CNAME mx.signed.test.
            loop IN CNAME loop
            slow.test. IN A 192.0.2.3
            forged.test. IN A 192.0.2.4
            1.2.0.192.in-addr.arpa. IN PTR mx.signed.test.
            """);

    @Test
    void itAnswersAsServersDo() throws Exception {
        InetAddress first = InetAddress.getByName("192.0.2.1");
        assertThat(ZONES.mx("SIGNED.test")).isEqualTo(new Answer.Found<>("signed.test",
                List.of(new Mx(10, "mx.signed.test")), Duration.ofHours(1), true));
        assertThat(ZONES.tlsa("_25._tcp.mx.signed.test").records()).hasSize(1);
        assertThat(ZONES.txt("plain.test").records()).containsExactly("v=spf1 a -all");
        assertThat(ZONES.txt("plain.test").secure()).isFalse();
        assertThat(ZONES.ptr(first).records()).containsExactly("mx.signed.test");
        // An alias in a zone that nobody signed proves nothing, whatever it leads to.
        assertThat(ZONES.a("www.plain.test")).isEqualTo(
                new Answer.Found<>("mx.signed.test", List.of(first), Duration.ofSeconds(30), false));
        assertThat(ZONES.cname("www.plain.test").records()).containsExactly("mx.signed.test");
        assertThat(ZONES.a("loop.plain.test")).isEqualTo(new Answer.TryLater<>(Answer.Why.MALFORMED));
    }

    @Test
    void noDataIsToldFromNoName() {
        assertThat(ZONES.a("plain.test")).isInstanceOf(Answer.NoData.class);
        assertThat(ZONES.a("_tcp.mx.signed.test")).isInstanceOf(Answer.NoData.class);
        assertThat(ZONES.a("no.plain.test")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(ZONES.a("no.signed.test").secure()).isTrue();
        assertThat(ZONES.a("elsewhere.example")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(ZONES.a("a.b.wild.signed.test").records()).hasSize(1);
        assertThat(ZONES.a("there.wild.signed.test")).isInstanceOf(Answer.NoData.class);
        assertThat(ZONES.a("x.there.wild.signed.test")).isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void marksSayWhatRecordsCannot() {
        assertThat(ZONES.a("broken.test")).isEqualTo(new Answer.TryLater<>(Answer.Why.SERVER_FAILURE));
        assertThat(ZONES.mx("slow.test")).isEqualTo(new Answer.TryLater<>(Answer.Why.TIME_OUT));
        assertThat(ZONES.a("slow.test").records()).hasSize(1);
        assertThat(ZONES.a("forged.test")).isEqualTo(new Answer.TryLater<>(Answer.Why.BOGUS));
    }

    @Test
    void whatIsNoZoneFileIsRefused() {
        for (String text : List.of("example. IN A not-an-address", "$INCLUDE /etc/passwd", "; casella: secur a.test",
                "; casella: timeout a.test WHAT", "$GENERATE 1-3 a$.test. A 192.0.2.$")) {
            assertThatThrownBy(() -> ZoneFile.of(text)).as(text).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("zone file");
        }
    }
}
