package casella.authenticity;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.dns.Names;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Below which names anybody may have a domain: `it`, `co.uk`. From them follows which names are one organization's.
///
/// The public suffix list, all of it; its algorithm is in the list's own documentation.
public final class PublicSuffixes {
    /// In the jar of Apache HttpClient, which has a new list with each release.
    private static final String SHIPPED = "/org/publicsuffix/list/effective_tld_names.dat";
    private static final int RULES_MIN = 1_000;

    private final Set<String> rules = new HashSet<>();
    /// What follows `*.`
    private final Set<String> wildcards = new HashSet<>();
    private final Set<String> exceptions = new HashSet<>();

    private PublicSuffixes(List<String> lines) {
        for (String line : lines) {
            String rule = line.strip().split("\\s", 2)[0];
            if (rule.isEmpty() || rule.startsWith("//")) continue;
            if (rule.startsWith("!")) Names.ascii(rule.substring(1)).ifPresent(exceptions::add);
            else if (rule.startsWith("*.")) Names.ascii(rule.substring(2)).ifPresent(wildcards::add);
            else Names.ascii(rule).ifPresent(rules::add);
        }
    }

    /// Returns the list that comes with the program. Reads it anew; 10,000 rules.
    ///
    /// @throws IllegalStateException if it is not there
    public static PublicSuffixes shipped() {
        try (InputStream in = PublicSuffixes.class.getResourceAsStream(SHIPPED)) {
            if (in == null) throw new IllegalStateException("public suffix list: not on the class path");
            var out = of(new String(in.readAllBytes(), UTF_8));
            if (out.rules.size() < RULES_MIN) throw new IllegalStateException("public suffix list: too short");
            return out;
        } catch (IOException e) {
            throw new IllegalStateException("public suffix list: cannot be read", e);
        }
    }

    /// Returns the list that `text` is, in the form of `public_suffix_list.dat`.
    public static PublicSuffixes of(String text) {
        return new PublicSuffixes(text.lines().toList());
    }

    /// Returns the domain of the organization that `domain` belongs to: its public suffix and one label more; empty if it is
    /// itself a public suffix, or no name.
    ///
    /// @param domain any case; A-labels or not
    public Optional<String> organizational(String domain) {
        if (domain.startsWith(".")) return Optional.empty();
        return Names.ascii(domain).flatMap(this::belowSuffix);
    }

    private Optional<String> belowSuffix(String name) {
        String below = "";
        String at = name;
        while (true) {
            int dot = at.indexOf('.');
            String parent = dot < 0 ? "" : at.substring(dot + 1);
            if (exceptions.contains(at)) return Optional.of(at);
            // Without a rule the last label is the suffix.
            boolean suffix = rules.contains(at) || wildcards.contains(parent) || parent.isEmpty();
            if (suffix) return below.isEmpty() ? Optional.empty() : Optional.of(below);
            below = at;
            at = parent;
        }
    }
}
