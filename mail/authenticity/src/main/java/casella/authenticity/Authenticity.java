package casella.authenticity;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Deadline;
import casella.base.Fault;
import casella.base.Sha256;
import casella.dns.Answer;
import casella.dns.Kind;
import casella.dns.Resolver;
import casella.message.Headers;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Finds out who a mail that comes in is from: SPF, DKIM, DMARC, ARC and the peer's name, in one go.
///
/// All is asked at the same time, each part for three seconds at most, so that a domain or a peer whose DNS does not answer takes nothing
/// from the others; all of it ends within five. Waits on the calling (virtual) thread; hashing of large mails goes to the CPU bulkhead.
/// What cannot be found out is `temperror`, which is no reason to refuse by itself. Safe from any thread; throws nothing whatever the
/// mail is.
public final class Authenticity {
    /// Questions of each part, so that none takes those of another.
    private static final int SPF_QUESTIONS_MAX = 130;
    private static final int KEYS_MAX = 20;
    private static final int POLICY_QUESTIONS_MAX = 2;
    private static final int NAME_QUESTIONS_MAX = 11;
    /// Of which the DNS may take three fifths. RFC 7208 §4.6.4 wants twenty seconds for SPF: no client waits that long after its mail.
    private static final Duration TIME = Duration.ofSeconds(5);
    /// Shorter mails are hashed where they are.
    private static final int HERE_BYTES_MAX = 64 << 10;

    private final Resolver dns;
    private final PublicSuffixes suffixes;
    private final Bulkhead cpu;
    private final Clock clock;
    private final String authservId;
    private final Duration time;

    /// What is computed once all is known that the DNS says.
    private record Verified(List<Dkim.Result> signatures, Arc.Chain arc, int draw) {}

    /// @param authservId this server's name, for the text of explanations
    public Authenticity(
            Resolver dns, PublicSuffixes suffixes, Bulkhead cpu, Clock clock, String authservId) {
        this(dns, suffixes, cpu, clock, authservId, TIME);
    }

    /// @param time that a mail may take
    public Authenticity(
            Resolver dns, PublicSuffixes suffixes, Bulkhead cpu, Clock clock, String authservId,
            Duration time) {
        this.dns = dns;
        this.suffixes = suffixes;
        this.cpu = cpu;
        this.clock = clock;
        this.authservId = authservId;
        this.time = time;
    }

    /// Returns what can be found out about `mail` as the peer gave it, without fields of this server's own.
    ///
    /// @param helo as the peer names itself
    /// @param mailFrom without angle brackets; empty for the null sender
    public Findings check(InetAddress peer, String helo, String mailFrom, byte[] mail) {
        Deadline end = Deadline.in(time);
        var asking = new Asking(Deadline.in(time.multipliedBy(3).dividedBy(5)));
        CompletableFuture<Spf.Outcome> spf = asking.part(SPF_QUESTIONS_MAX,
                names -> Spf.check(names, peer, helo, mailFrom, authservId, clock));
        CompletableFuture<Iprev> iprev = asking.part(NAME_QUESTIONS_MAX, names -> Iprev.of(names, peer));
        Map<String, CompletableFuture<Dmarc.Found>> policies = new HashMap<>();
        for (String domain : Dmarc.domains(Headers.of(mail))) {
            policies.put(domain,
                    asking.part(POLICY_QUESTIONS_MAX, names -> Dmarc.wish(names, suffixes, domain)));
        }
        Verified verified = verified(mail, policies.keySet(), asking, end);
        Map<String, Dmarc.Found> wishes = new HashMap<>();
        policies.forEach((domain, policy) -> wishes.put(domain, policy.join()));
        Dmarc.Outcome dmarc =
                new Dmarc(wishes, suffixes, spf.join(), verified.signatures(), verified.draw()).of();
        return new Findings(peer, helo, mailFrom, spf.join(), verified.signatures(), dmarc, verified.arc(),
                iprev.join(), asking.asked());
    }

    /// Questions about one mail, in parts that are asked at the same time and end together.
    private final class Asking {
        private final Deadline until;
        private final List<Bounded> parts = new ArrayList<>();

        Asking(Deadline until) {
            this.until = until;
        }

        <T> CompletableFuture<T> part(int questionsMax, Function<Resolver, T> what) {
            var names = new Bounded(dns, questionsMax, until);
            parts.add(names);
            return Bounded.apart(() -> what.apply(names));
        }

        int asked() {
            return parts.stream().mapToInt(Bounded::asked).sum();
        }
    }

    private Verified verified(byte[] mail, Set<String> from, Asking asking, Deadline end) {
        Optional<CutMail> cut = CutMail.of(mail);
        if (cut.isEmpty()) return new Verified(unreadable(mail), Arc.Chain.NONE, 0);
        List<Optional<SignatureForm>> signatures = Dkim.signatures(cut.get());
        Arc arc = Arc.of(cut.get());
        Instant now = clock.now();
        Map<String, KeyRecord> keys = keys(signatures, arc, now, from, asking);
        if (mail.length <= HERE_BYTES_MAX) return verified(mail, cut.get(), signatures, arc, keys, now);
        try {
            return cpu.call(Duration.ofNanos(end.remainingNanos()),
                    () -> verified(mail, cut.get(), signatures, arc, keys, now));
        } catch (Fault.Unavailable busy) {
            // Nobody has time to compute: not known, and not the sender's fault.
            return new Verified(Dkim.unverified(signatures), Arc.Chain.NONE, 0);
        }
    }

    private static Verified verified(
            byte[] mail,
            CutMail cut,
            List<Optional<SignatureForm>> signatures,
            Arc arc,
            Map<String, KeyRecord> keys,
            Instant now) {
        List<Dkim.Result> results = Dkim.verified(cut, signatures, keys, now);
        // A mail that is tried again is in the same part of a policy's sample.
        int draw = (Sha256.digest().digest(mail)[0] & 0xff) * 100 / 256;
        return new Verified(results, arc.verified(keys), draw);
    }

    /// Of a header that can be read in two ways nothing is true.
    private static List<Dkim.Result> unreadable(byte[] mail) {
        boolean signed = !Headers.of(mail).all(Dkim.FIELD).isEmpty();
        return signed ? List.of(Dkim.unreadable()) : List.of();
    }

    /// Asks first for the keys that could vouch for From: of what is beyond the most nothing is known.
    private Map<String, KeyRecord> keys(List<Optional<SignatureForm>> signatures, Arc arc, Instant now,
            Set<String> from, Asking asking) {
        Set<String> names = new LinkedHashSet<>();
        Set<String> others = new LinkedHashSet<>();
        for (Optional<SignatureForm> one : signatures) {
            if (one.isEmpty() || Dkim.unfit(one.get(), now) != null) continue;
            String signer = one.get().domain();
            boolean near = from.stream().anyMatch(domain -> Dmarc.near(suffixes, signer, domain));
            (near ? names : others).add(one.get().keyName());
        }
        names.addAll(others);
        names.addAll(arc.keyNames());
        Map<String, CompletableFuture<Answer<String>>> asked = new HashMap<>();
        for (String name : names) {
            if (asked.size() == KEYS_MAX) break;
            asked.put(name, asking.part(1, one -> one.ask(name, Kind.TXT)));
        }
        Map<String, KeyRecord> out = new HashMap<>();
        for (String name : names) out.put(name, new KeyRecord.Later());
        asked.forEach((name, answer) -> out.put(name, KeyRecord.of(answer.join())));
        return out;
    }
}
