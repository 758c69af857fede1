package casella.authenticity;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A record that says who sends a domain's mail: `v=spf1 mx include:relay.example -all`. RFC 7208 §4.5, §5, §6.
///
/// @param redirect whose record counts where nothing here matches
/// @param explanation where the text is that explains a failure
record SpfRecord(List<Directive> directives, Optional<SpfMacro> redirect, Optional<SpfMacro> explanation) {
    private static final String VERSION = "v=spf1";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*+");
    private static final Pattern LENGTHS = Pattern.compile("(?:/(0|[1-9]\\d?))?(?://(0|[1-9]\\d{0,2}))?$");
    private static final Pattern FOUR = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern SIX = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    /// Terms looked at are bounded by lookups, but for addresses and modifiers; longer records are permanent errors.
    private static final int TERMS_MAX = 2_000;

    /// What a match means, and of what.
    record Directive(Spf.Result result, Mechanism mechanism) {}

    /// @param target empty for the domain whose record it is
    /// @param four how many bits of an IPv4 address count, 0 to 32
    /// @param six how many bits of an IPv6 address count, 0 to 128
    sealed interface Mechanism {
        record All() implements Mechanism {}

        record Include(SpfMacro target) implements Mechanism {}

        record A(Optional<SpfMacro> target, int four, int six) implements Mechanism {}

        record Mx(Optional<SpfMacro> target, int four, int six) implements Mechanism {}

        record Ptr(Optional<SpfMacro> target) implements Mechanism {}

        record Network(byte[] address, int bits) implements Mechanism {}

        record Exists(SpfMacro target) implements Mechanism {}
    }

    /// Says whether a TXT record is an SPF record at all. RFC 7208 §4.5.
    static boolean claimed(String text) {
        boolean version = text.regionMatches(true, 0, VERSION, 0, VERSION.length());
        return version && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /// Returns the record; empty if there is a mistake anywhere in it. RFC 7208 §4.6.
    static Optional<SpfRecord> of(String text) {
        var directives = new ArrayList<Directive>();
        SpfMacro redirect = null;
        SpfMacro explanation = null;
        int terms = 0;
        for (String term : text.substring(VERSION.length()).split(" +")) {
            if (term.isEmpty()) continue;
            if (++terms > TERMS_MAX) return Optional.empty();
            Matcher name = NAME.matcher(term);
            if (name.lookingAt() && name.end() < term.length() && term.charAt(name.end()) == '=') {
                String key = name.group().toLowerCase(Locale.ROOT);
                Optional<SpfMacro> value = SpfMacro.of(term.substring(name.end() + 1), false);
                if (value.isEmpty()) return Optional.empty();
                boolean redirects = key.equals("redirect");
                if (!redirects && !key.equals("exp")) continue;
                boolean twice = (redirects ? redirect : explanation) != null;
                if (twice || !value.get().endsAsDomain()) return Optional.empty();
                if (redirects) redirect = value.get();
                else explanation = value.get();
                continue;
            }
            Optional<Directive> directive = directive(term);
            if (directive.isEmpty()) return Optional.empty();
            directives.add(directive.get());
        }
        return Optional.of(new SpfRecord(
                directives, Optional.ofNullable(redirect), Optional.ofNullable(explanation)));
    }

    private static Optional<Directive> directive(String term) {
        Spf.Result result = switch (term.charAt(0)) {
            case '-' -> Spf.Result.FAIL;
            case '~' -> Spf.Result.SOFTFAIL;
            case '?' -> Spf.Result.NEUTRAL;
            default -> Spf.Result.PASS;
        };
        String rest = "+-~?".indexOf(term.charAt(0)) >= 0 ? term.substring(1) : term;
        Matcher name = NAME.matcher(rest);
        if (!name.lookingAt()) return Optional.empty();
        String after = rest.substring(name.end());
        return mechanism(name.group().toLowerCase(Locale.ROOT), after).map(one -> new Directive(result, one));
    }

    private static Optional<Mechanism> mechanism(String name, String after) {
        return switch (name) {
            case "all" -> after.isEmpty() ? Optional.of(new Mechanism.All()) : Optional.empty();
            case "include" -> target(after).map(Mechanism.Include::new);
            case "exists" -> target(after).map(Mechanism.Exists::new);
            case "ptr" -> after.isEmpty() ? Optional.of(new Mechanism.Ptr(Optional.empty()))
                    : target(after).map(one -> new Mechanism.Ptr(Optional.of(one)));
            case "a", "mx" -> hosts(name, after);
            case "ip4" -> network(after, 32);
            case "ip6" -> network(after, 128);
            default -> Optional.empty();
        };
    }

    /// `":" domain-spec`
    private static Optional<SpfMacro> target(String after) {
        if (!after.startsWith(":")) return Optional.empty();
        return SpfMacro.of(after.substring(1), false).filter(SpfMacro::endsAsDomain);
    }

    /// `[ ":" domain-spec ] [ dual-cidr-length ]`. RFC 7208 §5.3, §5.4.
    private static Optional<Mechanism> hosts(String name, String after) {
        Matcher lengths = LENGTHS.matcher(after);
        if (!lengths.find()) return Optional.empty();
        int four = bits(lengths.group(1), 32);
        int six = bits(lengths.group(2), 128);
        String domain = after.substring(0, lengths.start());
        Optional<SpfMacro> target = target(domain);
        boolean wrong = !domain.isEmpty() && target.isEmpty();
        if (four < 0 || six < 0 || wrong) return Optional.empty();
        return Optional.of(name.equals("a") ? new Mechanism.A(target, four, six) : new Mechanism.Mx(target, four, six));
    }

    /// `":" network [ "/" length ]`. RFC 7208 §5.6.
    private static Optional<Mechanism> network(String after, int width) {
        if (!after.startsWith(":")) return Optional.empty();
        int slash = after.indexOf('/');
        String length = slash < 0 ? null : after.substring(slash + 1);
        if (length != null && !length.matches("0|[1-9]\\d{0,2}")) return Optional.empty();
        int bits = bits(length, width);
        byte[] address = address(after.substring(1, slash < 0 ? after.length() : slash), width);
        if (bits < 0 || address == null) return Optional.empty();
        return Optional.of(new Mechanism.Network(address, bits));
    }

    /// Returns the length that is meant; -1 for none that can be.
    private static int bits(@Nullable String length, int width) {
        if (length == null) return width;
        int bits = Integer.parseInt(length);
        return bits > width ? -1 : bits;
    }

    private static byte @Nullable [] address(String text, int width) {
        Matcher four = FOUR.matcher(text);
        if (width == 32) {
            if (!four.matches()) return null;
            byte[] out = new byte[4];
            for (int i = 0; i < 4; i++) {
                int part = Integer.parseInt(four.group(i + 1));
                if (part > 255) return null;
                out[i] = (byte) part;
            }
            return out;
        }
        if (!SIX.matcher(text).matches() || text.indexOf(':') < 0) return null;
        try {
            return switch (InetAddress.ofLiteral(text)) {
                case Inet6Address six -> six.getAddress();
                case Inet4Address mapped -> mapped(mapped.getAddress());
                case InetAddress _ -> null;
            };
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Returns the sixteen bytes that the JDK takes for four.
    private static byte[] mapped(byte[] four) {
        byte[] out = new byte[16];
        out[10] = -1;
        out[11] = -1;
        System.arraycopy(four, 0, out, 12, 4);
        return out;
    }
}
