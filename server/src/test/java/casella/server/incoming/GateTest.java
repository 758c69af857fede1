package casella.server.incoming;

import static org.assertj.core.api.Assertions.assertThat;

import casella.base.Conduct;
import casella.base.Metric;
import casella.base.Metrics;
import casella.dns.Answer;
import casella.dns.Kind;
import casella.dns.Resolver;
import casella.dns.ZoneFile;
import casella.server.config.Config;
import casella.server.config.IncomingSection;
import casella.smtp.Admittance;
import casella.testkit.SteppedClock;
import casella.wire.Network;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/// Strangers come in as often as may be, unless a list says otherwise, and who is new comes again where that is wanted.
final class GateTest {
    private static final Admittance.Answer FINE = new Admittance.Answer.Fine();
    private static final Resolver NAMES = ZoneFile.of("""
            $ORIGIN bad.example.
            7.2.0.192 A 127.0.0.2
            1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2 A 127.0.0.2
            $ORIGIN half.example.
            7.2.0.192 A 127.0.0.4
            8.2.0.192 A 127.0.0.4
            $ORIGIN good.example.
            8.2.0.192 A 127.0.10.1
            $ORIGIN everybody.example.
            * A 127.0.0.2
            $ORIGIN parked.example.
            9.2.0.192 A 203.0.113.9
            $ORIGIN refusing.example.
            9.2.0.192 A 127.255.255.254
            $ORIGIN unsure.example.
            9.2.0.192 A 127.0.0.2
            ; casella: timeout 1.0.0.127.unsure.example
            ; casella: timeout 8.2.0.192.silent.example
            """);

    private final SteppedClock clock = new SteppedClock();
    private final List<Conduct.Offence> offences = new ArrayList<>();
    private final Conduct conduct = new Conduct() {
        @Override
        public void offended(InetAddress peer, Offence what) {
            offences.add(what);
        }

        @Override
        public void loggedIn(InetAddress peer) {}

        @Override
        public Optional<Duration> banned(InetAddress peer) {
            return Optional.empty();
        }
    };
    private boolean busy;

    private Gate gate(String yaml, Resolver names, Duration slowly) {
        return new Gate(section(yaml), List.of(Network.parse("10.0.0.0/8").orElseThrow()), names, () -> busy, conduct,
                clock, Metrics.none(), slowly);
    }

    private static IncomingSection section(String yaml) {
        var loaded = Config.text("incoming:\n" + yaml.indent(2), new Config.Overrides(Path.of("data"), 0));
        if (loaded instanceof Config.Loaded.Good(Config config)) return config.incoming();
        throw new AssertionError(loaded);
    }

    private Admittance.Answer rcpt(Gate gate, String peer, String recipient) {
        return gate.visit(InetAddress.ofLiteral(peer)).recipient("bruno@virgola.example", recipient);
    }

    private Admittance.Answer rcpt(String yaml, String peer) {
        return rcpt(gate(yaml, NAMES, Duration.ofSeconds(5)), peer, "anna@posta.example");
    }

    private static Admittance.Answer listed(String peer, String zones) {
        return new Admittance.Answer.No(554, "5.7.1",
                "Your address " + peer + " is on the list " + zones + "; postmaster is always reached");
    }

    @Test
    void whoIsOnAListIsSentAwayAndReachesPostmaster() {
        String lists = "dnsbl: [bad.example]";
        assertThat(rcpt(lists, "192.0.2.7")).isEqualTo(listed("192.0.2.7", "bad.example"));
        assertThat(rcpt(lists, "2001:db8::1")).isEqualTo(listed("2001:db8:0:0:0:0:0:1", "bad.example"));
        assertThat(rcpt(lists, "192.0.2.8")).isEqualTo(FINE);
        Gate gate = gate(lists, NAMES, Duration.ofSeconds(5));
        assertThat(rcpt(gate, "192.0.2.7", "Postmaster@posta.example")).isEqualTo(FINE);
    }

    @Test
    void pointsAreAddedAndWhoIsWelcomeIsWelcome() {
        assertThat(rcpt("dnsbl: [half.example]\ndnsbl-points: 2", "192.0.2.7")).isEqualTo(FINE);
        assertThat(rcpt("dnsbl: [half.example=2]\ndnsbl-points: 2", "192.0.2.7"))
                .isEqualTo(listed("192.0.2.7", "half.example"));
        assertThat(rcpt("dnsbl: [half.example]", "192.0.2.8")).isEqualTo(listed("192.0.2.8", "half.example"));
        assertThat(rcpt("dnsbl: [half.example]\ndnswl: [good.example]", "192.0.2.8")).isEqualTo(FINE);
        assertThat(rcpt("greylisting: yes\ndnswl: [good.example]", "192.0.2.8")).isEqualTo(FINE);
    }

    @Test
    void whoMayBeWelcomeIsSentAwayForNowOnly() {
        assertThat(rcpt("dnsbl: [half.example]\ndnswl: [silent.example]", "192.0.2.8"))
                .isEqualTo(new Admittance.Answer.No(451, "4.7.1", "Your address 192.0.2.8 is on the list half.example; "
                        + "not all lists answered, try again later"));
        assertThat(rcpt("dnsbl: [half.example, silent.example]", "192.0.2.8"))
                .isEqualTo(listed("192.0.2.8", "half.example"));
        assertThat(rcpt("dnsbl: [half.example]\ndnswl: [silent.example, good.example]", "192.0.2.8")).isEqualTo(FINE);
    }

    @Test
    void aTestQuestionThatTimesOutSaysNothingOfTheList() {
        var counted = new ArrayList<String>();
        Metrics metrics = new Metrics() {
            @Override
            public void add(Metric metric, long amount, String... labels) {
                counted.add(String.join(" ", labels));
            }

            @Override
            public void time(Metric metric, Duration taken, String... labels) {}

            @Override
            public void gauge(Metric metric, DoubleSupplier value, String... labels) {}
        };
        for (String zone : List.of("unsure.example", "parked.example")) {
            var lists = new NameLists(
                    List.of(NameLists.NameList.of(zone)), List.of(), NAMES, clock, metrics);
            assertThat(lists.ask(InetAddress.ofLiteral("192.0.2.9")).listed().zones()).isEmpty();
        }
        assertThat(counted).containsExactly("parked.example dead");
    }

    @Test
    void whoIsTooMuchAtOnceAsksNoLists() {
        var asked = new AtomicInteger();
        Resolver counting = new Resolver() {
            @Override
            public <T> Answer<T> ask(String name, Kind<T> kind) {
                asked.incrementAndGet();
                return NAMES.ask(name, kind);
            }
        };
        Gate gate = gate("dnsbl: [bad.example]\nconnections-per-minute: 1", counting, Duration.ofSeconds(5));
        Admittance.Visit first = gate.visit(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(first.come()).isEqualTo(FINE);
        assertThat(first.recipient("", "anna@posta.example")).isEqualTo(FINE);
        assertThat(asked.get()).as("the list, begun once").isEqualTo(1);
        assertThat(gate.visit(InetAddress.ofLiteral("192.0.2.1")).come()).isInstanceOf(Admittance.Answer.Bye.class);
        assertThat(asked.get()).isEqualTo(1);
    }

    @Test
    void aMessageThatHasRecipientsIsNotLostByOthers() {
        Gate gate = gate("unknown-slow: 1\nunknown-max: 1", NAMES, Duration.ofMillis(1));
        Admittance.Visit visit = gate.visit(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(visit.mail("x@virgola.example")).isEqualTo(FINE);
        assertThat(visit.unknown()).isEqualTo(FINE);
        assertThat(visit.recipient("x@virgola.example", "anna@posta.example")).isEqualTo(FINE);
        assertThat(visit.unknown()).isEqualTo(new Admittance.Answer.No(
                450, "4.7.1", "Too many recipients that nobody has, try this one later"));
        assertThat(visit.mail("x@virgola.example")).isEqualTo(FINE);
        assertThat(visit.unknown()).isInstanceOf(Admittance.Answer.Bye.class);
    }

    @Test
    void aDeadListCountsForNothing() {
        for (String zone : List.of("everybody", "parked", "refusing", "unsure")) {
            assertThat(rcpt("dnsbl: [" + zone + ".example]", "192.0.2.9")).as(zone).isEqualTo(FINE);
        }
    }

    @Test
    void aListThatHangsIsNotWaitedForLong() {
        var never = new CountDownLatch(1);
        Resolver hung = new Resolver() {
            @Override
            public <T> Answer<T> ask(String name, Kind<T> kind) {
                if (!name.endsWith("hung.example")) return NAMES.ask(name, kind);
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return new Answer.TryLater<>(Answer.Why.TIME_OUT);
            }
        };
        var lists = new NameLists(
                List.of(NameLists.NameList.of("hung.example"), NameLists.NameList.of("bad.example")),
                List.of(), hung, clock, Metrics.none(), Duration.ofMillis(300));
        assertThat(lists.ask(InetAddress.ofLiteral("192.0.2.7")).listed().zones()).containsExactly("bad.example");
        never.countDown();
    }

    @Test
    void aNetworkMayDoSoMuchInAMinute() {
        Gate gate = gate("connections-per-minute: 2\nmessages-per-minute: 1\nrecipients-per-minute: 1", NAMES,
                Duration.ofSeconds(5));
        Admittance.Visit visit = gate.visit(InetAddress.ofLiteral("2001:db8::1"));
        assertThat(visit.come()).isEqualTo(FINE);
        assertThat(visit.mail("")).isEqualTo(FINE);
        assertThat(visit.recipient("", "anna@posta.example")).isEqualTo(FINE);
        assertThat(visit.mail("")).isInstanceOf(Admittance.Answer.No.class);
        assertThat(visit.recipient("", "anna@posta.example")).isInstanceOf(Admittance.Answer.No.class);
        Admittance.Visit neighbour = gate.visit(InetAddress.ofLiteral("2001:db8::2"));
        assertThat(neighbour.come()).isEqualTo(FINE);
        assertThat(neighbour.come()).as("of the same 64 bits").isInstanceOf(Admittance.Answer.Bye.class);
        assertThat(gate.visit(InetAddress.ofLiteral("2001:db8:0:1::1")).come()).isEqualTo(FINE);
        for (int i = 0; i < 5; i++) {
            assertThat(gate.visit(InetAddress.ofLiteral("10.1.1.1")).come()).as("one's own").isEqualTo(FINE);
        }
        clock.step(Duration.ofMinutes(3));
        assertThat(visit.mail("")).isEqualTo(FINE);
    }

    @Test
    void whoAsksForNamesThatNobodyHasIsSlowedAndThenSentAway() {
        Gate gate = gate("unknown-slow: 1\nunknown-max: 3", NAMES, Duration.ofMillis(500));
        Admittance.Visit visit = gate.visit(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(visit.unknown()).isEqualTo(FINE);
        long start = System.nanoTime();
        assertThat(visit.unknown()).isEqualTo(FINE);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(490));
        gate.close(); // nobody is kept waiting any more
        start = System.nanoTime();
        assertThat(visit.unknown()).isEqualTo(FINE);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(400));
        assertThat(offences).isEmpty();
        assertThat(visit.unknown()).isInstanceOf(Admittance.Answer.Bye.class);
        assertThat(offences).containsExactly(Conduct.Offence.UNKNOWN_RECIPIENTS);
    }

    @Test
    void noMoreAreKeptWaitingThanMayBe() {
        Gate gate = gate("unknown-slow: 1\ntarpit-connections-max: 0", NAMES, Duration.ofMinutes(1));
        Admittance.Visit visit = gate.visit(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(visit.unknown()).isEqualTo(FINE);
        assertThat(visit.unknown()).isInstanceOf(Admittance.Answer.Bye.class);
    }

    @Test
    void whoIsNewComesAgainUnlessMailWaitsHere() {
        Gate gate = gate("greylisting: yes", NAMES, Duration.ofSeconds(5));
        var later = new Admittance.Answer.No(451, "4.7.1", "Not seen here before, try again in 5 minutes");
        assertThat(rcpt(gate, "192.0.2.1", "anna@posta.example")).isEqualTo(later);
        busy = true;
        assertThat(rcpt(gate, "192.0.2.1", "anna@posta.example")).isEqualTo(FINE);
        busy = false;
        assertThat(rcpt(gate, "192.0.2.1", "anna@posta.example")).isEqualTo(later);
        clock.step(Duration.ofMinutes(5));
        assertThat(rcpt(gate, "192.0.2.1", "anna@posta.example")).isEqualTo(FINE);
        gate.proven(InetAddress.ofLiteral("192.0.2.1"), "virgola.example");
        assertThat(rcpt(gate, "192.0.2.2", "other@posta.example")).as("proven once").isEqualTo(FINE);
        assertThat(rcpt(gate, "198.51.100.2", "other@posta.example")).as("not from there").isEqualTo(later);
        assertThat(rcpt("{}", "192.0.2.3")).as("off unless it is wanted").isEqualTo(FINE);
    }
}
