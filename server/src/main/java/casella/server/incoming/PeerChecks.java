package casella.server.incoming;

import static java.nio.charset.StandardCharsets.US_ASCII;

import casella.authenticity.AuthenticationResults;
import casella.authenticity.Authenticity;
import casella.authenticity.Findings;
import casella.authenticity.PublicSuffixes;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Metric;
import casella.base.Metrics;
import casella.delivery.Checking;
import casella.delivery.Content;
import casella.delivery.Disposition;
import casella.delivery.Envelope;
import casella.delivery.Trace;
import casella.dns.Resolver;
import casella.message.Headers;
import casella.queue.Proof;
import casella.server.config.SmtpSection;
import casella.wire.Network;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Asks of mail that strangers bring whether it is from whom it says, and writes down what it finds. [Strictness] says
/// what becomes of it.
///
/// A DNS that does not answer costs a mail five seconds, not its delivery; what the others said by then counts.
final class PeerChecks implements Checking {
    private static final Duration TIME = Duration.ofSeconds(5);
    /// RFC 7601 §2.2: "none" where nothing was found out.
    private static final String NOTHING_FOUND = "Authentication-Results: %s; none\r\n";

    private final Resolver names;
    private final Bulkhead cpu;
    private final Clock clock;
    private final Metrics metrics;
    private final String hostName;
    private final List<Network> unchecked;
    private final List<Network> trusted;
    private final Strictness strictness;
    private final BiConsumer<InetAddress, String> proven;
    private final Duration time;
    private @Nullable Authenticity authenticity;

    /// @param hostName this server's name, which its findings carry
    /// @param proven hears of each domain that a mail was proven to be from, and who brought it
    /// @param smtp says which peers are of one's own networks, and which are trusted: nothing of theirs is refused
    PeerChecks(
            Resolver names, Bulkhead cpu, Clock clock, Metrics metrics, String hostName, SmtpSection smtp,
            Strictness strictness, BiConsumer<InetAddress, String> proven) {
        this(names, cpu, clock, metrics, hostName, smtp.uncheckedPeers(), smtp.trustedPeers(), strictness,
                proven, TIME);
    }

    PeerChecks(
            Resolver names, Bulkhead cpu, Clock clock, Metrics metrics, String hostName,
                    List<Network> unchecked, List<Network> trusted, Strictness strictness,
            BiConsumer<InetAddress, String> proven, Duration time) {
        this.names = names;
        this.cpu = cpu;
        this.clock = clock;
        this.metrics = metrics;
        this.hostName = hostName;
        this.unchecked = List.copyOf(unchecked);
        this.trusted = List.copyOf(trusted);
        this.strictness = strictness;
        this.proven = proven;
        this.time = time;
    }

    @Override
    public Checked check(Envelope envelope, Content mail) {
        Trace trace = envelope.trace();
        boolean ours = envelope.account() != null || trace.clientHidden() || trace.with().contains("LMTP");
        if (ours || among(unchecked, trace.peer())) {
            return Checking.NONE.check(envelope, mail);
        }
        byte[] sent = new byte[mail.size()];
        mail.copyTo(sent, 0);
        // What claims to be ours, and came from elsewhere, is somebody's lie. RFC 7601 §5
        byte[] bytes = AuthenticationResults.withoutClaims(sent, hostName);
        boolean trust = among(trusted, trace.peer());
        Disposition byHeader = trust ? new Disposition.Inbox() : strictness.of(Headers.of(bytes));
        if (byHeader instanceof Disposition.Refuse) {
            return checked(bytes, NOTHING_FOUND.formatted(hostName), Proof.NONE, byHeader, "from-field");
        }
        Optional<Findings> found = found(trace.peer(), trace.from(), envelope.sender(), bytes);
        metrics.add(Metric.INCOMING_CHECKED, 1, found.map(PeerChecks::word).orElse("error"));
        String field = found.map(one -> one.field(hostName)).orElse(NOTHING_FOUND.formatted(hostName));
        found.filter(Findings::aligned).ifPresent(one -> proven.accept(trace.peer(), one.dmarc().domain()));
        Proof proof = found.filter(Findings::aligned).isPresent() ? Proof.ALIGNED : Proof.NONE;
        Disposition byPolicy = trust ? new Disposition.Inbox()
                : found.map(strictness::of).orElse(new Disposition.Inbox());
        Disposition disposition = byHeader.or(byPolicy);
        return checked(bytes, field, proof, disposition, disposition == byHeader ? "from-field" : "dmarc");
    }

    private Checked checked(byte[] mail, String field, Proof proof, Disposition disposition, String why) {
        switch (disposition) {
            case Disposition.Inbox _ -> {}
            case Disposition.Junk _ -> metrics.add(Metric.INCOMING_DISPOSED, 1, why, "junk");
            case Disposition.Refuse _ -> metrics.add(Metric.INCOMING_DISPOSED, 1, why, "refused");
        }
        return new Checked(Content.of(mail), field.getBytes(US_ASCII), proof, disposition);
    }

    private static boolean among(List<Network> networks, InetAddress peer) {
        return networks.stream().anyMatch(network -> network.has(peer));
    }

    private static String word(Findings findings) {
        return findings.dmarc().verdict().name().toLowerCase(Locale.ROOT);
    }

    private Optional<Findings> found(InetAddress peer, String helo, String sender, byte[] mail) {
        try {
            return Optional.of(authenticity().check(peer, helo, sender, mail));
        } catch (RuntimeException mistake) {
            return Optional.empty(); // one of ours: no sender loses mail by it
        }
    }

    /// Made with the first mail: the list of public suffixes costs a start more than anything else here.
    private synchronized Authenticity authenticity() {
        Authenticity known = authenticity;
        if (known == null) {
            known = new Authenticity(names, PublicSuffixes.shipped(), cpu, clock, hostName, time);
            authenticity = known;
        }
        return known;
    }
}
