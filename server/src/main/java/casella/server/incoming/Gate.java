package casella.server.incoming;

import casella.base.Clock;
import casella.base.Conduct;
import casella.base.Event;
import casella.base.Log;
import casella.base.Metric;
import casella.base.Metrics;
import casella.base.Recent;
import casella.base.Redacted;
import casella.dns.Resolver;
import casella.server.config.IncomingSection;
import casella.smtp.Admittance;
import casella.wire.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Which strangers come in, and how much of them: rates by network, lists in the DNS, and who is new has to come again.
///
/// Peers of one's own networks are asked nothing. Counted in memory: a restart forgets.
final class Gate implements Admittance, AutoCloseable {
    private static final int NETWORKS_MAX = 200_000;
    private static final Duration UNKNOWN_WINDOW = Duration.ofMinutes(10);
    /// Of a reply to who asks for recipients that nobody has.
    private static final Duration SLOWLY = Duration.ofSeconds(5);
    private static final Answer FINE = new Answer.Fine();
    private static final Answer TOO_MANY_UNKNOWN = new Answer.Bye("4.7.0", "Too many recipients that nobody has");
    private static final Answer LATER_UNKNOWN =
            new Answer.No(450, "4.7.1", "Too many recipients that nobody has, try this one later");

    private final IncomingSection config;
    private final List<Network> own;
    private final NameLists lists;
    private final Greylist greylist;
    private final BooleanSupplier busy;
    private final Conduct conduct;
    private final Metrics metrics;
    private final Duration slowly;
    private final Recent<Network> connections;
    private final Recent<Network> messages;
    private final Recent<Network> recipients;
    private final Recent<Network> unknown;
    private final Recent<Network> told;
    private final Semaphore tarpit;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// @param conduct hears of strangers that behave badly
    /// @param own networks whose peers are asked nothing
    /// @param busy says whether mail waits here for accounts that are away: nobody is then sent away for being new
    Gate(IncomingSection config, List<Network> own, Resolver names, BooleanSupplier busy,
            Conduct conduct, Clock clock, Metrics metrics) {
        this(config, own, names, busy, conduct, clock, metrics, SLOWLY);
    }

    Gate(IncomingSection config, List<Network> own, Resolver names, BooleanSupplier busy,
            Conduct conduct, Clock clock, Metrics metrics, Duration slowly) {
        this.config = config;
        this.own = List.copyOf(own);
        this.busy = busy;
        this.conduct = conduct;
        this.metrics = metrics;
        this.slowly = slowly;
        lists = new NameLists(config.dnsbl().stream().map(NameLists.NameList::of).toList(),
                config.dnswl().stream().map(NameLists.NameList::of).toList(), names, clock, metrics);
        greylist = new Greylist(config.greylistWait(), clock);
        connections = new Recent<>(Duration.ofMinutes(1), NETWORKS_MAX, clock::nanos);
        messages = new Recent<>(Duration.ofMinutes(1), NETWORKS_MAX, clock::nanos);
        recipients = new Recent<>(Duration.ofMinutes(1), NETWORKS_MAX, clock::nanos);
        unknown = new Recent<>(UNKNOWN_WINDOW, NETWORKS_MAX, clock::nanos);
        told = new Recent<>(Duration.ofHours(1), NETWORKS_MAX, clock::nanos);
        tarpit = new Semaphore(config.tarpitMax());
    }

    /// Remembers that a mail of `domain` that `peer` brought was proven to be from there.
    void proven(InetAddress peer, String domain) {
        greylist.proven(peer, domain);
    }

    @Override
    public Visit visit(InetAddress peer) {
        if (own.stream().anyMatch(network -> network.has(peer))) return Admittance.OPEN.visit(peer);
        return new Stranger(peer);
    }

    /// Lets go of clients that are kept waiting.
    @Override
    public void close() {
        closed.countDown();
    }

    private final class Stranger implements Visit {
        private final InetAddress peer;
        private final Network network;
        private NameLists.@Nullable Asking asking;
        /// Whether the running message has a recipient.
        private boolean taken;

        Stranger(InetAddress peer) {
            this.peer = peer;
            network = Network.around(peer);
        }

        @Override
        public Answer come() {
            if (connections.add(network, 1) <= config.connectionsPerMinute()) {
                asking = lists.ask(peer); // while it waits for its greeting
                return FINE;
            }
            refused("connections");
            return new Answer.Bye("4.7.0", "Too many connections from your network, come back in a minute");
        }

        @Override
        public Answer mail(String sender) {
            taken = false;
            if (messages.add(network, 1) <= config.messagesPerMinute()) return FINE;
            refused("messages");
            return new Answer.No(450, "4.7.1", "Too many messages from your network, try again in a minute");
        }

        @Override
        public Answer recipient(String sender, String recipient) {
            Answer answer = asked(sender, recipient);
            taken |= answer.equals(FINE);
            return answer;
        }

        private Answer asked(String sender, String recipient) {
            // RFC 5321 §4.5.1: whoever was sent away must be able to write to somebody about it.
            if (recipient.toLowerCase(Locale.ROOT).startsWith("postmaster@")) return FINE;
            if (recipients.add(network, 1) > config.recipientsPerMinute()) {
                refused("recipients");
                return new Answer.No(450, "4.7.1",
                        "Too many recipients from your network, try again in a minute");
            }
            NameLists.Listed listed = (asking == null ? lists.ask(peer) : asking).listed();
            if (listed.welcome()) return FINE;
            if (!listed.zones().isEmpty() && listed.points() >= config.dnsblPoints()) {
                refused("listed");
                if (!listed.sure()) {
                    return new Answer.No(451, "4.7.1", "Your address " + peer.getHostAddress() + " is on the list "
                            + String.join(", ", listed.zones()) + "; not all lists answered, try again later");
                }
                return new Answer.No(554, "5.7.1", "Your address " + peer.getHostAddress() + " is on the list "
                        + String.join(", ", listed.zones()) + "; postmaster is always reached");
            }
            if (!config.greylisting() || greylist.in(peer, sender, recipient) || busy.getAsBoolean()) {
                return FINE;
            }
            refused("greylisted");
            return new Answer.No(451, "4.7.1", "Not seen here before, try again in "
                    + Math.max(1, config.greylistWait().toMinutes()) + " minutes");
        }

        @Override
        public Answer unknown() {
            long so = unknown.add(network, 1);
            boolean tooMany = so > config.unknownMax();
            if (!tooMany && so <= config.unknownSlow()) return FINE;
            if (tooMany) refused("unknown");
            if (tooMany && !taken) {
                conduct.offended(peer, Conduct.Offence.UNKNOWN_RECIPIENTS);
                return TOO_MANY_UNKNOWN;
            }
            boolean waited = waited();
            if (!tooMany && waited) return FINE;
            // Whom the message has already is not to suffer by whom it has not.
            return taken ? LATER_UNKNOWN : TOO_MANY_UNKNOWN;
        }

        /// Keeps the client waiting, unless as many wait as may.
        private boolean waited() {
            if (!tarpit.tryAcquire()) return false;
            try {
                metrics.add(Metric.INCOMING_REFUSED, 1, "slowed");
                var _ = closed.await(slowly.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                tarpit.release();
            }
            return true;
        }

        private void refused(String why) {
            metrics.add(Metric.INCOMING_REFUSED, 1, why);
            if (told.add(network, 1) == 1) {
                Log.event(Event.INCOMING_PEER_LIMITED, "peer", new Redacted(peer.getHostAddress()), "why",
                        why);
            }
        }
    }
}
