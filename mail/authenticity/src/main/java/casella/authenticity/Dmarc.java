package casella.authenticity;

import casella.dns.Answer;
import casella.dns.Names;
import casella.dns.Resolver;
import casella.message.Address;
import casella.message.HeaderField;
import casella.message.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Whether the domain that people see in From vouches for a mail, and what it wants done where it does not. RFC 7489
/// "Domain-based Message Authentication, Reporting, and Conformance (DMARC)".
public final class Dmarc {
    /// Domains in one From field; a mail of more is nobody's.
    private static final int DOMAINS_MAX = 5;

    /// NONE: the domain has no policy. PERMERROR: From names nobody, or is there more than once.
    public enum Verdict {
        NONE, PASS, FAIL, TEMPERROR, PERMERROR;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What the domain wants done, from the mildest on; what is done is the receiver's to say.
    public enum Policy {
        NONE, QUARANTINE, REJECT;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param domain of From, lower case, A-labels; the one that decides where there are several; empty without
    /// @param policy what the domain says of mail that does not pass
    /// @param disposition what it wants done with this one: as `policy`, less for those outside its sample, NONE unless it fails
    /// @param aligned whether SPF or a signature passes for the domain or its organization; also without a policy
    public record Outcome(
            Verdict verdict, String domain, Policy policy, Policy disposition, boolean aligned) {}

    /// @param sample per cent of the mail that the policy is for, 0 to 100
    record Wish(Policy policy, boolean strictDkim, boolean strictSpf, int sample) {}

    /// What a domain said when it was asked for its policy.
    sealed interface Found {
        record Some(Wish wish) implements Found {}

        record Nothing() implements Found {}

        record Later() implements Found {}
    }

    private final Map<String, Found> wishes;
    private final PublicSuffixes suffixes;
    private final Spf.Outcome spf;
    private final List<Dkim.Result> signatures;
    private final int draw;

    /// @param wishes of each domain in From; none where it names nobody, or is there more than once
    /// @param draw which part of the mail this is, 0 to 99: below a policy's sample it is meant
    Dmarc(Map<String, Found> wishes, PublicSuffixes suffixes, Spf.Outcome spf,
            List<Dkim.Result> signatures, int draw) {
        this.wishes = new TreeMap<>(wishes);
        this.suffixes = suffixes;
        this.spf = spf;
        this.signatures = signatures;
        this.draw = draw;
    }

    /// Of several domains in From the one that fares worst counts: people may see any of them.
    Outcome of() {
        @Nullable Outcome worst = null;
        for (Map.Entry<String, Found> wish : wishes.entrySet()) {
            Outcome one = of(wish.getKey(), wish.getValue());
            if (worst == null || weight(one) > weight(worst)) worst = one;
        }
        return worst == null ? new Outcome(Verdict.PERMERROR, "", Policy.NONE, Policy.NONE, false) : worst;
    }

    private static int weight(Outcome outcome) {
        int wished = switch (outcome.disposition()) {
            case NONE -> 0;
            case QUARANTINE -> 10;
            case REJECT -> 20;
        };
        return wished + switch (outcome.verdict()) {
            case PASS -> 0;
            case NONE -> outcome.aligned() ? 1 : 2;
            case TEMPERROR -> 3;
            case PERMERROR -> 4;
            case FAIL -> 5;
        };
    }

    /// Returns the domains of From, as it is shown; none unless it is there once and names some.
    static Set<String> domains(Headers header) {
        List<HeaderField> from = header.all("From");
        if (from.size() != 1) return Set.of();
        Set<String> out = new TreeSet<>();
        for (Address.Mailbox mailbox : from.getFirst().asAddresses()) {
            String email = mailbox.email();
            Optional<String> domain = Names.ascii(email.substring(email.lastIndexOf('@') + 1));
            if (email.indexOf('@') < 0 || domain.isEmpty()) return Set.of();
            out.add(domain.get());
            if (out.size() > DOMAINS_MAX) return Set.of();
        }
        return out;
    }

    private Outcome of(String domain, Found wished) {
        return switch (wished) {
            case Found.Later _ -> without(domain, Verdict.TEMPERROR);
            case Found.Nothing _ -> without(domain, Verdict.NONE);
            case Found.Some(var wish) -> judged(domain, wish);
        };
    }

    private Outcome without(String domain, Verdict verdict) {
        return new Outcome(verdict, domain, Policy.NONE, Policy.NONE, aligned(domain, false, false));
    }

    private Outcome judged(String domain, Wish wish) {
        boolean aligned = aligned(domain, wish.strictDkim(), wish.strictSpf());
        if (aligned) return new Outcome(Verdict.PASS, domain, wish.policy(), Policy.NONE, true);
        // What might have passed had the DNS answered is not held against anybody.
        boolean path = spf.result() == Spf.Result.TEMPERROR
                && aligned(spf.domain(), domain, wish.strictSpf());
        boolean open = path || signatures.stream().anyMatch(one -> one.verdict() == Dkim.Verdict.TEMPERROR
                        && aligned(one.domain(), domain, wish.strictDkim()));
        if (open) return new Outcome(Verdict.TEMPERROR, domain, wish.policy(), Policy.NONE, false);
        Policy disposition = draw < wish.sample() ? wish.policy() : milder(wish.policy());
        return new Outcome(Verdict.FAIL, domain, wish.policy(), disposition, false);
    }

    /// For mail outside the sample: RFC 7489's tag `pct`.
    private static Policy milder(Policy policy) {
        return policy == Policy.REJECT ? Policy.QUARANTINE : Policy.NONE;
    }

    private boolean aligned(String domain, boolean strictDkim, boolean strictSpf) {
        boolean byPath = spf.result() == Spf.Result.PASS && aligned(spf.domain(), domain, strictSpf);
        return byPath || signatures.stream()
                .anyMatch(one -> one.passed() && aligned(one.domain(), domain, strictDkim));
    }

    private boolean aligned(String one, String from, boolean strict) {
        if (one.isEmpty()) return false;
        return one.equals(from) || (!strict && near(suffixes, one, from));
    }

    /// Says whether both are of one organization.
    static boolean near(PublicSuffixes suffixes, String one, String other) {
        return organization(suffixes, one).equals(organization(suffixes, other));
    }

    private static String organization(PublicSuffixes suffixes, String domain) {
        return suffixes.organizational(domain).orElse(domain);
    }

    /// Asks the domain, and its organization where it says nothing.
    static Found wish(Resolver dns, PublicSuffixes suffixes, String domain) {
        Found own = asked(dns, domain, false);
        if (!(own instanceof Found.Nothing)) return own;
        String organization = organization(suffixes, domain);
        return organization.equals(domain) ? own : asked(dns, organization, true);
    }

    private static Found asked(Resolver dns, String domain, boolean below) {
        Answer<String> answer = dns.txt("_dmarc." + domain);
        if (answer instanceof Answer.TryLater<String>) return new Found.Later();
        List<TagList> records = new ArrayList<>();
        for (String text : answer.records()) {
            TagList.of(text).filter(tags -> tags.begins("v", "DMARC1")).ifPresent(records::add);
        }
        // Two policies are none.
        if (records.size() != 1) return new Found.Nothing();
        return read(records.getFirst(), below);
    }

    private static Found read(TagList tags, boolean below) {
        Optional<Policy> own = policy(tags.tag("p"));
        Optional<Policy> subdomains = tags.has("sp") ? policy(tags.tag("sp")) : own;
        boolean legible = own.isPresent() && subdomains.isPresent();
        // Who asks for reports and does not say what he wants wants reports.
        if (!legible && !tags.tag("rua").startsWith("mailto:")) return new Found.Nothing();
        Policy policy = legible ? (below ? subdomains : own).get() : Policy.NONE;
        String pct = tags.tag("pct");
        int sample = pct.matches("\\d{1,3}") ? Math.min(100, Integer.parseInt(pct)) : 100;
        return new Found.Some(new Wish(policy, tags.tag("adkim").equalsIgnoreCase("s"),
                tags.tag("aspf").equalsIgnoreCase("s"), sample));
    }

    static Optional<Policy> policy(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "none" -> Optional.of(Policy.NONE);
            case "quarantine" -> Optional.of(Policy.QUARANTINE);
            case "reject" -> Optional.of(Policy.REJECT);
            default -> Optional.empty();
        };
    }
}
