package casella.authenticity;

import casella.authenticity.SpfRecord.Directive;
import casella.authenticity.SpfRecord.Mechanism;
import casella.base.Clock;
import casella.dns.Answer;
import casella.dns.Kind;
import casella.dns.Mx;
import casella.dns.Resolver;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks a domain whether a machine sends its mail. RFC 7208 §4.
///
/// One check each; not to be used twice.
public final class Spf {
    /// Terms that cost a question. RFC 7208 §4.6.4.
    private static final int TERMS_MAX = 10;
    /// Hosts of one MX or PTR term. RFC 7208 §4.6.4.
    private static final int HOSTS_MAX = 10;
    /// Questions that find nothing. RFC 7208 §4.6.4.
    private static final int VOID_MAX = 2;
    private static final int DOMAIN_CHARS_MAX = 253;
    private static final int EXPLANATION_CHARS_MAX = 400;
    /// What the peer's own zone may take: it must not use up the time of the domain that is asked.
    private static final Duration REVERSE_TIME = Duration.ofSeconds(1);
    private static final int REVERSE_QUESTIONS_MAX = 44;

    /// What it says. RFC 7208 §2.6.
    public enum Result {
        NONE, NEUTRAL, PASS, FAIL, SOFTFAIL, TEMPERROR, PERMERROR;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param domain who was asked, lower case
    /// @param explanation what the domain says of a failure: others' words, printable ASCII
    public record Outcome(Result result, String domain, Optional<String> explanation) {}

    /// Ends a check before all terms were looked at.
    private static final class Ended extends Exception {
        private final transient Result result;

        Ended(Result result) {
            super(result.word(), null, false, false);
            this.result = result;
        }
    }

    private final Resolver dns;
    private final InetAddress peer;
    private final String helo;
    private final String local;
    private final String senderDomain;
    private final String receiver;
    private final Clock clock;
    private final Kind<InetAddress> kind;

    private int terms;
    private int voids;
    private @Nullable String validated;
    private @Nullable Resolver reverse;
    private Optional<String> explanation = Optional.empty();

    private Spf(Resolver dns, InetAddress peer, String helo, String sender, String receiver, Clock clock) {
        this.dns = dns;
        this.peer = peer;
        this.helo = helo;
        int at = sender.lastIndexOf('@');
        this.local = at > 0 ? sender.substring(0, at) : "postmaster";
        this.senderDomain = sender.substring(at + 1);
        this.receiver = receiver;
        this.clock = clock;
        this.kind = peer instanceof Inet4Address ? Kind.A : Kind.AAAA;
    }

    /// Returns what the domain of `mailFrom` says, or that of `helo` where there is no sender. RFC 7208 §2.4.
    ///
    /// @param mailFrom an address without its angle brackets; empty for the null sender
    /// @param receiver the name of this machine, for explanations
    static Outcome check(
            Resolver dns, InetAddress peer, String helo, String mailFrom, String receiver, Clock clock) {
        String sender = mailFrom.isEmpty() ? "postmaster@" + helo : mailFrom;
        var check = new Spf(dns, peer, helo, sender, receiver, clock);
        String domain = trimmed(check.senderDomain).toLowerCase(Locale.ROOT);
        Result result;
        try {
            result = check.host(check.senderDomain, true);
        } catch (Ended ended) {
            result = ended.result;
        }
        return new Outcome(result, domain, result == Result.FAIL ? check.explanation : Optional.empty());
    }

    private static String trimmed(String domain) {
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    /// RFC 7208 §4.3: whether it is a name of at least two labels.
    private static boolean proper(String domain) {
        String[] labels = trimmed(domain).split("[.]", -1);
        for (String label : labels) if (label.isEmpty() || label.length() > 63) return false;
        boolean fits = labels.length > 1 && domain.length() <= DOMAIN_CHARS_MAX;
        return fits && SpfMacro.topLabel(labels[labels.length - 1]);
    }

    /// @param outermost whether its explanation counts: not that of an included one. RFC 7208 §6.2
    private Result host(String domain, boolean outermost) throws Ended {
        if (!proper(domain)) return Result.NONE;
        Answer<String> answer = dns.txt(domain);
        if (answer instanceof Answer.TryLater<String>) throw new Ended(Result.TEMPERROR);
        List<String> claimed = answer.records().stream().filter(SpfRecord::claimed).toList();
        if (claimed.isEmpty()) return Result.NONE;
        if (claimed.size() > 1) throw new Ended(Result.PERMERROR);
        SpfRecord record = SpfRecord.of(claimed.getFirst()).orElseThrow(() -> new Ended(Result.PERMERROR));
        for (Directive directive : record.directives()) {
            if (!matches(directive.mechanism(), domain)) continue;
            if (directive.result() == Result.FAIL && outermost) explain(record, domain);
            return directive.result();
        }
        if (record.redirect().isEmpty()) return Result.NEUTRAL;
        count();
        Result result = host(expanded(record.redirect().get(), domain), outermost);
        return result == Result.NONE ? Result.PERMERROR : result; // RFC 7208 §6.1
    }

    private boolean matches(Mechanism mechanism, String domain) throws Ended {
        return switch (mechanism) {
            case Mechanism.All _ -> true;
            case Mechanism.Network(var address, var bits) -> within(peer.getAddress(), address, bits);
            case Mechanism.Include(var target) -> {
                count();
                yield switch (host(expanded(target, domain), false)) {
                    case PASS -> true;
                    case FAIL, SOFTFAIL, NEUTRAL -> false;
                    case TEMPERROR -> throw new Ended(Result.TEMPERROR);
                    case PERMERROR, NONE -> throw new Ended(Result.PERMERROR);
                };
            }
            case Mechanism.A(var target, var four, var six) -> {
                count();
                yield pointsHere(target(target, domain), four, six);
            }
            case Mechanism.Mx(var target, var four, var six) -> {
                count();
                yield mx(target(target, domain), four, six);
            }
            case Mechanism.Ptr(var target) -> {
                count();
                String wanted = target(target, domain).toLowerCase(Locale.ROOT);
                yield names(true).stream().anyMatch(name -> below(name, wanted) && hasPeer(name));
            }
            // Always the A records, whatever the peer's address. RFC 7208 §5.7
            case Mechanism.Exists(var target) -> {
                count();
                yield !asked(expanded(target, domain), Kind.A).isEmpty();
            }
        };
    }

    private String target(Optional<SpfMacro> target, String domain) {
        return target.map(one -> expanded(one, domain)).orElse(domain);
    }

    private void count() throws Ended {
        if (++terms > TERMS_MAX) throw new Ended(Result.PERMERROR);
    }

    private <T> List<T> asked(String name, Kind<T> wanted) throws Ended {
        Answer<T> answer = dns.ask(name, wanted);
        if (answer instanceof Answer.TryLater<T>) throw new Ended(Result.TEMPERROR);
        if (answer.none() && ++voids > VOID_MAX) throw new Ended(Result.PERMERROR);
        return answer.records();
    }

    private boolean pointsHere(String host, int four, int six) throws Ended {
        for (InetAddress address : asked(host, kind)) {
            if (within(peer.getAddress(), address.getAddress(), kind == Kind.A ? four : six)) return true;
        }
        return false;
    }

    private boolean mx(String domain, int four, int six) throws Ended {
        List<Mx> hosts = asked(domain, Kind.MX);
        if (hosts.size() > HOSTS_MAX) throw new Ended(Result.PERMERROR);
        for (Mx mx : hosts) if (pointsHere(mx.host(), four, six)) return true;
        return false;
    }

    /// Returns the names that the peer's address says it has, at most ten. RFC 7208 §5.5: trouble is no match.
    private List<String> names(boolean counted) throws Ended {
        Answer<String> answer = reverse().ptr(peer);
        if (counted && answer.none() && ++voids > VOID_MAX) throw new Ended(Result.PERMERROR);
        return answer.records().stream().limit(HOSTS_MAX).toList();
    }

    private boolean hasPeer(String name) {
        return reverse().ask(name, kind).records().stream().anyMatch(peer::equals);
    }

    /// Returns who is asked what the peer's address and its names say.
    private Resolver reverse() {
        Resolver known = reverse;
        if (known == null) {
            known = new Bounded(dns, REVERSE_QUESTIONS_MAX, REVERSE_TIME);
            reverse = known;
        }
        return known;
    }

    private static boolean below(String name, String domain) {
        String wanted = trimmed(domain);
        return name.equals(wanted) || name.endsWith("." + wanted);
    }

    private static boolean within(byte[] one, byte[] other, int bits) {
        if (one.length != other.length) return false;
        for (int i = 0; i < bits; i++) {
            int bit = 0x80 >>> (i % 8);
            if ((one[i / 8] & bit) != (other[i / 8] & bit)) return false;
        }
        return true;
    }

    /// RFC 7208 §6.2: whatever goes wrong, there is no explanation.
    private void explain(SpfRecord record, String domain) {
        if (record.explanation().isEmpty()) return;
        List<String> texts = dns.txt(expanded(record.explanation().get(), domain)).records();
        if (texts.size() != 1) return;
        explanation = SpfMacro.of(texts.getFirst(), true)
                .map(text -> text.expanded(letter -> value(letter, domain)))
                .map(text -> text.replaceAll("[^ -~]", "?"))
                .map(text -> text.substring(0, Math.min(text.length(), EXPLANATION_CHARS_MAX)));
    }

    /// Returns the domain that `macro` stands for; of one that is too long the labels at its end. RFC 7208 §7.3.
    private String expanded(SpfMacro macro, String domain) {
        String out = trimmed(macro.expanded(letter -> value(letter, domain)));
        while (out.length() > DOMAIN_CHARS_MAX && out.indexOf('.') >= 0) {
            out = out.substring(out.indexOf('.') + 1);
        }
        return out;
    }

    /// RFC 7208 §7.2.
    private String value(int letter, String domain) {
        return switch (letter) {
            case 's' -> local + "@" + senderDomain;
            case 'l' -> local;
            case 'o' -> senderDomain;
            case 'd' -> domain;
            case 'i' -> Address.dotted(peer);
            case 'p' -> validatedName(domain);
            case 'v' -> kind == Kind.A ? "in-addr" : "ip6";
            case 'h' -> helo;
            case 'c' -> Address.readable(peer);
            case 'r' -> receiver;
            case 't' -> Long.toString(clock.now().getEpochSecond());
            default -> throw new IllegalStateException("no such letter: " + (char) letter);
        };
    }

    /// Returns the peer's name if it is one: the domain's own first, then one below it, then any. Asked for once.
    private String validatedName(String domain) {
        if (validated != null) return validated;
        String wanted = domain.toLowerCase(Locale.ROOT);
        String found = "unknown";
        try {
            List<String> names = names(false).stream().filter(this::hasPeer).toList();
            if (!names.isEmpty()) found = names.getFirst();
            for (String name : names.reversed()) if (below(name, wanted)) found = name;
            if (names.contains(wanted)) found = wanted;
        } catch (Ended e) {
            throw new IllegalStateException(e); // nothing is counted
        }
        validated = found;
        return found;
    }
}
