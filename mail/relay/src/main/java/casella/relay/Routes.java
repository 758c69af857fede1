package casella.relay;

import casella.base.Event;
import casella.base.Log;
import casella.dns.Answer;
import casella.dns.Mx;
import casella.dns.Resolver;
import casella.dns.Tlsa;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Finds the servers that take a domain's mail. RFC 5321 §5.1.
final class Routes {
    /// Servers tried in one attempt.
    static final int HOSTS_MAX = 6;

    private final Resolver resolver;
    private final RelayConfig config;
    private final RandomGenerator random;
    private volatile @Nullable MtaSts policies;

    Routes(Resolver resolver, RelayConfig config, RandomGenerator random) {
        this.resolver = resolver;
        this.config = config;
        this.random = random;
    }

    /// Has servers be looked at as their domains say by MTA-STS. RFC 8461 "SMTP MTA Strict Transport Security (MTA-STS)".
    void policies(MtaSts known) {
        policies = known;
    }

    void close() {
        MtaSts known = policies;
        if (known != null) known.close();
    }

    /// Where a domain's mail goes.
    sealed interface Route {
        /// @param hosts to be tried in this order, 1 or more
        record To(List<Host> hosts) implements Route {}

        /// There is no such place, and will not be.
        record Nowhere(String status, String why) implements Route {}

        /// It is not known now.
        record Unknown(String status, String why) implements Route {}
    }

    /// One server.
    ///
    /// @param name as the MX record says it
    /// @param policy what is asked of the way there
    record Host(String name, InetAddress address, TlsPolicy policy) {}

    Route find(String domain) {
        if (domain.startsWith("[")) return literal(domain);
        return switch (resolver.mx(domain)) {
            case Answer.Found<Mx>(_, var records, _, boolean secure) -> byMx(domain, records, secure);
            // RFC 5321 §5.1: a domain without MX records is its own server
            case Answer.NoData<Mx>(_, boolean secure) -> hosts(List.of(new Mx(0, domain)), secure, domain);
            case Answer.NoSuchName<Mx> _ -> new Route.Nowhere("5.1.2", "There is no domain " + domain);
            case Answer.TryLater<Mx>(var why) -> new Route.Unknown("4.4.3", unknown(domain, why));
        };
    }

    private static String unknown(String name, Answer.Why why) {
        return "The DNS does not say where " + name + " is (" + why.name().toLowerCase(Locale.ROOT)
                .replace('_', ' ') + ")";
    }

    /// RFC 5321 §4.1.3
    private Route literal(String domain) {
        String inner = domain.endsWith("]") ? domain.substring(1, domain.length() - 1) : "";
        boolean v6 = inner.regionMatches(true, 0, "IPv6:", 0, 5);
        String text = v6 ? inner.substring(5) : inner;
        boolean fits = v6 ? text.matches("[0-9A-Fa-f:.]{2,45}") && text.contains(":")
                : text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        try {
            if (!fits) throw new IllegalArgumentException("no literal");
            InetAddress address = InetAddress.ofLiteral(text);
            if (!allowed(address)) return new Route.Nowhere("5.1.2", domain + " is in a network of its own");
            return new Route.To(List.of(new Host(text, address, new TlsPolicy.Opportunistic())));
        } catch (IllegalArgumentException e) {
            return new Route.Nowhere("5.1.3", domain + " is no address of a server");
        }
    }

    private Route byMx(String domain, List<Mx> records, boolean secure) {
        // RFC 7505 "A 'Null MX' No Service Resource Record": the domain takes no mail
        if (records.size() == 1 && (records.getFirst().host().isEmpty() || records.getFirst().host()
                .equals("."))) {
            return new Route.Nowhere("5.1.10", domain + " takes no mail");
        }
        var all = new ArrayList<>(records);
        Collections.shuffle(all,
                java.util.Random.from(random)); // RFC 5321 §5.1: spread over those of one preference
        all.sort(Comparator.comparingInt(Mx::preference));
        Optional<Mx> ours = all.stream().filter(mx -> mx.host().equalsIgnoreCase(config.hostName()))
                .findFirst();
        // RFC 5321 §5.1: where we are one of them, only those before us, or mail goes in circles
        if (ours.isPresent()) all.removeIf(mx -> mx.preference() >= ours.get().preference());
        if (all.isEmpty()) return new Route.Nowhere("5.4.6", "Mail for " + domain
                + " would come back to this server");
        return hosts(all, secure, domain);
    }

    private Route hosts(List<Mx> servers, boolean secure, String domain) {
        var hosts = new ArrayList<Host>();
        var said = new Said(domain, policies);
        boolean later = false;
        boolean closed = false;
        boolean strange = false;
        String why = "No server of " + domain + " has an address";
        for (Mx mx : servers) {
            if (hosts.size() >= HOSTS_MAX) break;
            Answer<InetAddress> v6 = resolver.aaaa(mx.host());
            Answer<InetAddress> v4 = resolver.a(mx.host());
            later |= v6 instanceof Answer.TryLater || v4 instanceof Answer.TryLater;
            List<InetAddress> addresses = alternating(v6.records(), v4.records());
            if (addresses.isEmpty()) continue;
            Optional<TlsPolicy> policy = policy(mx.host(), secure && (v6.secure() || v4.secure()));
            if (policy.isEmpty()) {
                later = true;
                why = "The DNS does not say whom to trust as " + mx.host();
                continue;
            }
            Optional<TlsPolicy> asked = asked(said, mx.host(), policy.get());
            if (asked.isEmpty()) {
                strange = true;
                continue;
            }
            for (InetAddress address : addresses) {
                if (!allowed(address)) closed = true;
                else if (hosts.size() < HOSTS_MAX) hosts.add(new Host(mx.host(), address, asked.get()));
            }
        }
        if (!hosts.isEmpty()) return new Route.To(hosts);
        if (strange) return new Route.Unknown("4.7.5", "No server of " + domain
                + " is one that its policy names");
        if (later) return new Route.Unknown("4.4.3", why);
        if (closed) return new Route.Nowhere("5.4.4", "The servers of " + domain
                + " are in networks of their own");
        return new Route.Nowhere("5.4.4", why);
    }

    /// What a domain asks of the way to its servers, asked once in an attempt, and not where the servers' own records say it all.
    private static final class Said {
        private final String domain;
        private final @Nullable MtaSts known;
        private @Nullable StsPolicy policy;

        Said(String domain, @Nullable MtaSts known) {
            this.domain = domain;
            this.known = known;
        }

        StsPolicy policy(MtaSts from) {
            StsPolicy there = policy;
            if (there != null) return there;
            StsPolicy now = from.of(domain);
            policy = now;
            return now;
        }
    }

    /// What the domain asks of the way to a server, beside the server's own records: those that DANE can use go before it. RFC 8461,
    /// its section 2.
    ///
    /// @return empty if the server is none that the domain names
    private static Optional<TlsPolicy> asked(Said said, String host, TlsPolicy own) {
        MtaSts known = said.known;
        if (known == null || own instanceof TlsPolicy.Dane) return Optional.of(own);
        StsPolicy policy = said.policy(known);
        if (policy.mode() == StsPolicy.Mode.NONE) return Optional.of(own);
        boolean named = policy.names(host);
        if (!named) Log.event(Event.RELAY_SERVER_NOT_NAMED, "domain", said.domain, "server", host, "mode",
                policy.mode());
        if (policy.mode() == StsPolicy.Mode.TESTING) return Optional.of(own);
        return named ? Optional.of(known.verified()) : Optional.empty();
    }

    /// The newer protocol first, then in turns: a network without IPv6 costs one attempt and not all.
    static List<InetAddress> alternating(List<InetAddress> v6, List<InetAddress> v4) {
        var all = new ArrayList<InetAddress>();
        for (int i = 0; i < Math.max(v6.size(), v4.size()); i++) {
            if (i < v6.size()) all.add(v6.get(i));
            if (i < v4.size()) all.add(v4.get(i));
        }
        return all;
    }

    /// What a server's own records ask for. RFC 7672 "SMTP Security via Opportunistic DANE TLS", its section 2.2.
    ///
    /// @param secure whether MX and address are proven: without that, TLSA records prove nothing
    /// @return empty if it is not known, and the server is to be left alone
    private Optional<TlsPolicy> policy(String host, boolean secure) {
        if (!secure) return Optional.of(new TlsPolicy.Opportunistic());
        return switch (resolver.tlsa("_" + config.port() + "._tcp." + host)) {
            case Answer.Found<Tlsa>(_, var records, _, boolean proven) when proven -> {
                List<Tlsa> usable = records.stream().filter(Tls::usable).toList();
                yield Optional.of(usable.isEmpty() ? new TlsPolicy.Encrypted() : new TlsPolicy.Dane(usable));
            }
            case Answer.Found<Tlsa> _, Answer.NoData<Tlsa> _, Answer.NoSuchName<Tlsa> _ ->
                    Optional.of(new TlsPolicy.Opportunistic());
            case Answer.TryLater<Tlsa> _ -> Optional.empty();
        };
    }

    /// Whoever writes an MX record must not have us speak with what only we can reach.
    private boolean allowed(InetAddress address) {
        return allowed(config, address);
    }

    static boolean allowed(RelayConfig config, InetAddress address) {
        return config.privateNetworks() || GlobalAddress.of(address);
    }
}
