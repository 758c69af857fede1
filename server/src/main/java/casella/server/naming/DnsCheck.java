package casella.server.naming;

import casella.authenticity.Published;
import casella.authenticity.Spf;
import casella.base.Clock;
import casella.dns.Answer;
import casella.dns.Mx;
import casella.dns.Resolver;
import casella.dns.Srv;
import casella.dns.Tlsa;
import casella.server.config.Config;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Asks the DNS whether what a domain needs is there, by what it means: a key is the same however it is spaced, any valid policy
/// is one.
final class DnsCheck {
    private static final int ADDRESSES_MAX = 8;

    /// PRESENT serves; DIFFERS is there and does not.
    enum State {
        PRESENT, MISSING, DIFFERS, UNKNOWN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param found what is there, as a zone file has it; or why nothing is known
    record Result(State state, List<String> found) {}

    private final Resolver dns;
    private final Config config;
    private final Clock clock;

    DnsCheck(Resolver dns, Config config, Clock clock) {
        this.dns = dns;
        this.config = config;
        this.clock = clock;
    }

    /// Waits for the DNS, a bounded time.
    Result of(Needed needed) {
        return switch (needed) {
            case Needed.Exchanger mx -> compared(dns.mx(mx.name()), one -> one.host().equals(mx.host()),
                    DnsCheck::shown);
            case Needed.Address a -> compared(addresses(a.name(), a.address()), a.address()::equals,
                    InetAddress::getHostAddress);
            case Needed.Reverse back -> compared(dns.ptr(back.address()), back.host()::equals, name -> name
                    + ".");
            case Needed.Alias alias -> alias(alias);
            case Needed.Service service -> service(service);
            case Needed.Certificate tlsa -> certificate(tlsa);
            case Needed.Senders spf -> senders(spf);
            case Needed.Key key -> compared(dns.txt(key.name()), text -> Published.key(text, key.key()
                    .open()), Needed::quoted);
            case Needed.Policy policy -> one(dns.txt(policy.name()), Published::claimsDmarc,
                    Published::dmarc);
            case Needed.Plain plain -> one(dns.txt(plain.name()), text -> begins(text, plain.version()),
                    text -> !plain.exact() || same(text, plain.text()));
            case Needed.Missing _ -> new Result(State.MISSING, List.of());
            case Needed.Advice _ -> new Result(State.PRESENT, List.of());
        };
    }

    private static <T> Result compared(Answer<T> answer, Predicate<T> serves, Function<T, String> shown) {
        List<String> found = answer.records().stream().map(shown).toList();
        if (answer instanceof Answer.TryLater<T>(Answer.Why why)) return unknown(why);
        if (found.isEmpty()) return new Result(State.MISSING, found);
        return new Result(answer.records().stream().anyMatch(serves) ? State.PRESENT : State.DIFFERS, found);
    }

    private static Result unknown(Answer.Why why) {
        return new Result(State.UNKNOWN, List.of(why.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    }

    /// Of several texts at a name one may be of this kind: two policies are none.
    private static Result one(Answer<String> answer, Predicate<String> kind, Predicate<String> serves) {
        if (answer instanceof Answer.TryLater<String>(Answer.Why why)) return unknown(why);
        List<String> of = answer.records().stream().filter(kind).toList();
        List<String> found = of.stream().map(Needed::quoted).toList();
        if (of.isEmpty()) return new Result(State.MISSING, found);
        return new Result(of.size() == 1 && serves.test(of.getFirst()) ? State.PRESENT : State.DIFFERS,
                found);
    }

    private static boolean begins(String text, String version) {
        String head = text.strip();
        return head.equals(version) || head.startsWith(version + ";") || head.startsWith(version + " ");
    }

    private static boolean same(String a, String b) {
        return plain(a).equals(plain(b));
    }

    private static String plain(String text) {
        String without = text.replaceAll("\\s", "");
        return without.endsWith(";") ? without.substring(0, without.length() - 1) : without;
    }

    private static String shown(Mx mx) {
        return mx.preference() + " " + mx.host() + ".";
    }

    private static String shown(Srv srv) {
        return srv.priority() + " " + srv.weight() + " " + srv.port() + " " + srv.host() + ".";
    }

    private Answer<InetAddress> addresses(String name, InetAddress like) {
        return like instanceof Inet4Address ? dns.a(name) : dns.aaaa(name);
    }

    private Set<InetAddress> addresses(String name) {
        var out = new HashSet<InetAddress>(dns.a(name).records());
        out.addAll(dns.aaaa(name).records());
        return out;
    }

    /// The name itself as an alias, or with addresses that the target has too.
    private Result alias(Needed.Alias alias) {
        Answer<String> direct = dns.cname(alias.name());
        if (direct instanceof Answer.TryLater<String>(Answer.Why why)) return unknown(why);
        if (direct.records().contains(alias.target())) return compared(direct, alias.target()::equals, name ->
                name + ".");
        Set<InetAddress> here = addresses(alias.name());
        List<String> found = direct.records().isEmpty()
                ? here.stream().map(InetAddress::getHostAddress).sorted().toList()
                : direct.records().stream().map(name -> name + ".").toList();
        if (found.isEmpty()) return new Result(State.MISSING, found);
        here.retainAll(addresses(alias.target()));
        return new Result(here.isEmpty() ? State.DIFFERS : State.PRESENT, found);
    }

    /// What is not offered need not be named.
    private Result service(Needed.Service service) {
        Answer<Srv> answer = dns.srv(service.name());
        Result result = compared(answer, srv -> srv.host().equals(service.target())
                && (service.target().isEmpty() || srv.port() == service.port()), DnsCheck::shown);
        boolean silent = service.target().isEmpty() && result.state() == State.MISSING;
        return silent ? new Result(State.PRESENT, List.of()) : result;
    }

    /// RFC 7672 §2.2: one that DNSSEC does not prove counts for nothing.
    private Result certificate(Needed.Certificate needed) {
        Answer<Tlsa> answer = dns.tlsa(needed.name());
        Result result = compared(answer, one -> one.usage() == 3 && one.selector() == 1
                && one.matchingType() == 1
                && Needed.bytes(one.data()).equals(needed.hash()), Tlsa::toString);
        if (result.state() != State.PRESENT || answer.secure()) return result;
        var found = new ArrayList<>(result.found());
        found.add("not proven by DNSSEC");
        return new Result(State.DIFFERS, found);
    }

    /// One record, and each address of ours passes by it. Where a relay takes our mail its addresses are not known here.
    private Result senders(Needed.Senders needed) {
        Result record = one(dns.txt(needed.name()), Published::claimsSpf, Published::spf);
        if (record.state() != State.PRESENT || config.relay().through().isPresent()) return record;
        String host = config.mail().hostname();
        List<InetAddress> ours = config.publish().addresses().isEmpty() ? List.copyOf(addresses(host))
                : config.publish().addresses();
        var found = new ArrayList<>(record.found());
        if (ours.isEmpty()) {
            found.add(host + " has no address");
            return new Result(State.UNKNOWN, found);
        }
        for (InetAddress one : ours.subList(0, Math.min(ours.size(), ADDRESSES_MAX))) {
            Spf.Result result = Published.spf(dns, needed.name(), one, host, clock);
            if (result == Spf.Result.PASS) continue;
            found.add(one.getHostAddress() + " gets " + result.name().toLowerCase(Locale.ROOT));
            return new Result(result == Spf.Result.TEMPERROR ? State.UNKNOWN : State.DIFFERS, found);
        }
        return record;
    }
}
