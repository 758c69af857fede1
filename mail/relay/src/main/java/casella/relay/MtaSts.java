package casella.relay;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.dns.Answer;
import casella.dns.Resolver;
import casella.relay.StsFile.Kept;
import casella.store.disk.Disk;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Knows how domains want their mail to be brought. RFC 8461 "SMTP MTA Strict Transport Security (MTA-STS)".
///
/// A policy that was read holds until it ends, whatever DNS and network say meanwhile (its section 5.1). It is read again when the
/// record in the DNS has another id, and once a day, so that it does not end while somebody is in the way.
public final class MtaSts implements AutoCloseable {
    private static final String VERSION = "v=STSv1";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9]{1,32}");
    /// Fields of a record that are looked at.
    private static final int FIELDS_MAX = 64;
    /// What has a place in the file's lines.
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9._-]{1,240}");
    private static final int HTTPS_PORT = 443;
    private static final Duration FETCH = Duration.ofSeconds(30);
    private static final Duration FILE_TIME = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofDays(1);
    /// Between two questions for a domain's policy, whatever came of the first. RFC 8461, its section 3.3: five minutes or longer.
    private static final Duration BETWEEN = Duration.ofMinutes(5);
    private static final Duration OPENED_AGAIN = Duration.ofMinutes(1);
    private static final int ADDRESSES_MAX = 2;
    private static final int ASKED_MAX = 20_000;

    private final Resolver resolver;
    private final Predicate<InetAddress> allowed;
    private final PolicyFetch fetch;
    private final Optional<Path> trusted;
    private final Clock clock;
    private final Bulkhead files;
    private final Path path;
    /// Null where it cannot be used; changed on the thread of [#files] alone.
    private volatile @Nullable StsFile file;
    /// When opening it was last tried.
    private volatile Instant tried;
    private final Map<String, Kept> known = new ConcurrentHashMap<>();
    /// When a domain's policy was last asked for.
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();
    private final Map<String, ReentrantLock> underWay = new ConcurrentHashMap<>();

    /// Opens what is known. Where its file cannot be used, policies are known until the stop only.
    ///
    /// @param config says whether servers in private networks may be asked
    public static MtaSts open(Path file, Resolver resolver, RelayConfig config, Clock clock) {
        return new MtaSts(file, resolver, address -> Routes.allowed(config, address), clock, HTTPS_PORT,
                FETCH, Optional.empty());
    }

    /// @param trusted the one certificate that is trusted, of policies' hosts and of mail servers; empty for those the system trusts
    MtaSts(Path path, Resolver resolver, Predicate<InetAddress> allowed, Clock clock, int port, Duration time,
            Optional<Path> trusted) {
        this.resolver = resolver;
        this.allowed = allowed;
        this.fetch = new PolicyFetch(port, time, trusted);
        this.trusted = trusted;
        this.clock = clock;
        this.files = new Bulkhead("relay.policies", 1, 256);
        this.path = path;
        this.tried = clock.now();
        try {
            files.call(FILE_TIME.multipliedBy(4), () -> {
                file = opened();
                return true;
            });
        } catch (Fault e) {
            Log.event(Event.RELAY_POLICIES_UNUSABLE, e, "file", path);
        }
    }

    private StsFile opened() throws IOException {
        tried = clock.now();
        return StsFile.open(Disk.real(), path, clock.now(), known);
    }

    /// Returns what is asked of the way to servers that the policy names.
    TlsPolicy verified() {
        return new TlsPolicy.Verified(false, trusted);
    }

    /// Returns the policy that holds for a domain; the mode `none` where there is none. Waits for DNS and network, for a
    /// minute at most where a policy is to be read.
    StsPolicy of(String domain) {
        if (!DOMAIN.matcher(domain).matches()) return StsPolicy.NOTHING;
        Optional<String> id = id(domain);
        Optional<Kept> kept = valid(domain);
        if (id.isEmpty()) return policy(kept);
        if (fresh(kept, id.get())) return policy(kept);
        ReentrantLock lock = underWay.computeIfAbsent(domain, _ -> new ReentrantLock());
        lock.lock();
        try {
            if (fresh(valid(domain), id.get()) || askedLately(domain)) return policy(valid(domain));
            read(domain, id.get());
            return policy(valid(domain));
        } finally {
            lock.unlock();
            underWay.remove(domain, lock);
        }
    }

    private Optional<Kept> valid(String domain) {
        return Optional.ofNullable(known.get(domain)).filter(kept -> kept.until().isAfter(clock.now()));
    }

    private static StsPolicy policy(Optional<Kept> kept) {
        return kept.map(Kept::policy).orElse(StsPolicy.NOTHING);
    }

    private boolean fresh(Optional<Kept> kept, String id) {
        return kept.isPresent() && kept.get().id().equals(id) && kept.get().read().plus(AGAIN)
                .isAfter(clock.now());
    }

    private boolean askedLately(String domain) {
        Instant last = asked.get(domain);
        return last != null && last.plus(BETWEEN).isAfter(clock.now());
    }

    private void asksNow(String domain) {
        Instant before = clock.now().minus(BETWEEN);
        if (asked.size() >= ASKED_MAX) asked.values().removeIf(last -> !last.isAfter(before));
        if (asked.size() >= ASKED_MAX) asked.clear();
        asked.put(domain, clock.now());
    }

    /// Returns the id of the one record there is; empty for none, or several. RFC 8461, its section 3.1.
    private Optional<String> id(String domain) {
        List<String> records = resolver.txt("_mta-sts." + domain).records().stream()
                .filter(text -> text.startsWith(VERSION)).toList();
        return records.size() == 1 ? id(records.getFirst().split(";", FIELDS_MAX)) : Optional.empty();
    }

    /// A stranger wrote it: it is read from the front to the end, once.
    private static Optional<String> id(String[] fields) {
        if (!fields[0].strip().equals(VERSION)) return Optional.empty();
        for (int i = 1; i < fields.length; i++) {
            String field = fields[i].strip();
            if (!field.startsWith("id=")) continue;
            String id = field.substring(3);
            return ID.matcher(id).matches() ? Optional.of(id) : Optional.empty();
        }
        return Optional.empty();
    }

    private void read(String domain, String id) {
        asksNow(domain);
        String host = "mta-sts." + domain;
        String why = "has no address";
        for (InetAddress address : addresses(host)) {
            try {
                String text = fetch.fetch(host, address);
                Optional<StsPolicy> policy = StsPolicy.parse(text);
                if (policy.isPresent()) {
                    Instant now = clock.now();
                    keep(domain, new Kept(id, now, now.plus(policy.get().maxAge()), policy.get()));
                    return;
                }
                why = "is no policy";
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        Log.event(Event.RELAY_POLICY_NOT_READ, "domain", domain, "why", why);
    }

    private List<InetAddress> addresses(String host) {
        Answer<InetAddress> v4 = resolver.a(host);
        Answer<InetAddress> v6 = resolver.aaaa(host);
        var all = new ArrayList<>(Routes.alternating(v6.records(), v4.records()));
        all.removeIf(address -> !allowed.test(address));
        return all.subList(0, Math.min(all.size(), ADDRESSES_MAX));
    }

    private void keep(String domain, Kept kept) {
        if (!admitted(domain, kept)) return;
        boolean opens = file == null;
        if (opens && tried.plus(OPENED_AGAIN).isAfter(clock.now())) return;
        try {
            files.call(opens ? FILE_TIME.multipliedBy(4) : FILE_TIME, () -> {
                write(domain, kept);
                return domain;
            });
        } catch (Fault e) {
            Log.event(Event.RELAY_POLICIES_UNUSABLE, e, "domain", domain);
        }
    }

    /// Takes a policy for known, unless it ends at once or there are as many as there may be.
    private synchronized boolean admitted(String domain, Kept kept) {
        Instant now = clock.now();
        known.values().removeIf(one -> !one.until().isAfter(now));
        Kept before = known.get(domain);
        if (!kept.until().isAfter(now)) return known.remove(domain) != null;
        long chars = known.values().stream().mapToLong(Kept::chars).sum() + kept.chars();
        boolean fits = before != null || known.size() < StsFile.POLICIES_MAX;
        if (!fits || chars - (before == null ? 0 : before.chars()) > StsFile.CHARS_MAX) {
            Log.event(Event.RELAY_POLICIES_UNUSABLE, "domain", domain, "why", "too many policies are known");
            return false;
        }
        known.put(domain, kept);
        return true;
    }

    private void write(String domain, Kept kept) throws IOException {
        StsFile there = file;
        if (there == null) {
            file = opened();
            return;
        }
        try {
            there.add(domain, kept, known);
        } catch (IOException e) {
            file = null;
            there.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            files.call(FILE_TIME, () -> {
                StsFile there = file;
                file = null;
                if (there != null) there.close();
                return true;
            });
        } catch (Fault e) {
            Log.event(Event.RELAY_POLICIES_UNUSABLE, e, "why", "not closed");
        } finally {
            files.close();
        }
    }
}
