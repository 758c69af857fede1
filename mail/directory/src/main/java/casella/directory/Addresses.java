package casella.directory;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/// How addresses are compared: by keys that forget case.
///
/// The key of a local part is its NFC form in lower case, quotes taken off (RFC 5321 §2.4 lets the host decide; all of
/// ours ignore case). The key of a domain is its A-labels in lower case without a last dot (RFC 5890 §2.3.2.1).
final class Addresses {
    /// RFC 5321 §4.5.3.1.1, in octets.
    static final int LOCAL_BYTES_MAX = 64;

    /// RFC 5321 §4.5.3.1.3: a path is 256 octets with its angle brackets.
    static final int ADDRESS_BYTES_MAX = 254;

    private static final int DOMAIN_BYTES_MAX = 253;
    private static final int READ_CHARS_MAX = 1_024;

    private Addresses() {}

    /// An address taken apart.
    ///
    /// @param local key of the whole local part
    /// @param written the local part as it was written, quotes taken off
    /// @param domain key of the domain
    record Parts(String local, String written, String domain) {
        String key() {
            return local + "@" + domain;
        }

        /// Returns the local part's key up to its first `+`, or all of it.
        String base() {
            int plus = written.indexOf('+');
            return plus <= 0 ? local : localKey(written.substring(0, plus));
        }

        /// Returns what follows the first `+` as it was written; empty without one.
        String detail() {
            int plus = written.indexOf('+');
            return plus <= 0 ? "" : written.substring(plus + 1);
        }
    }

    /// Returns the parts of `address`; empty if it is none.
    static Optional<Parts> parts(String address) {
        int at = address.lastIndexOf('@');
        if (at <= 0 || at == address.length() - 1 || address.length() > READ_CHARS_MAX) return Optional.empty();
        String local = unquoted(address.substring(0, at));
        String domain = domainKey(address.substring(at + 1));
        if (local.isEmpty() || domain.isEmpty()) return Optional.empty();
        return Optional.of(new Parts(localKey(local), local, domain));
    }

    static String localKey(String local) {
        return Normalizer.normalize(local, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /// Returns the A-labels of `domain` in lower case; text that cannot be one comes back in lower case.
    static String domainKey(String domain) {
        String bare = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        try {
            return IDN.toASCII(bare, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return bare.toLowerCase(Locale.ROOT); // no domain of ours has this key, so it is nobody's
        }
    }

    /// `"a\"b"` is `a"b`: RFC 5321 §4.1.2, Quoted-string.
    private static String unquoted(String local) {
        int last = local.length() - 1;
        if (last < 1 || local.charAt(0) != '"' || local.charAt(last) != '"') return local;
        var out = new StringBuilder();
        for (int i = 1; i < last; i++) {
            if (local.charAt(i) == '\\' && i + 1 < last) i++;
            out.append(local.charAt(i));
        }
        return out.toString();
    }

    /// Returns why a new account or alias cannot have `address`; empty if it can.
    static Optional<String> whyNotNew(String address) {
        Optional<Parts> parts = parts(address);
        if (parts.isEmpty()) return Optional.of("must be like name@domain");
        String local = parts.get().written();
        if (utf8(local) > LOCAL_BYTES_MAX) return Optional.of("the part before @ must be at most 64 bytes");
        if (utf8(address) > ADDRESS_BYTES_MAX) return Optional.of("must be at most 254 bytes");
        if (local.startsWith(".") || local.endsWith(".") || local.contains("..")) {
            return Optional.of("dots must stand between other characters");
        }
        if (!local.codePoints().allMatch(Addresses::allowed)) {
            return Optional.of("the part before @ may have letters, digits and . _ - ' & = only");
        }
        if (Directory.SPEAKS_AS.contains(parts.get().local())) {
            return Optional.of("'" + local + "@' is what the brand itself speaks as: nobody can have it");
        }
        if (parts.get().local().matches("srs[01][=+-].*")) {
            return Optional.of("names that begin with SRS0 or SRS1 are for mail that was forwarded");
        }
        return whyNotDomain(parts.get().domain());
    }

    /// Returns why `domain` (a key) can be no domain of ours; empty if it can.
    static Optional<String> whyNotDomain(String domain) {
        if (domain.length() > DOMAIN_BYTES_MAX) return Optional.of("a domain must be at most 253 bytes");
        for (String label : domain.split("\\.", -1)) {
            if (!label.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
                return Optional.of("'" + domain + "' is not a domain name");
            }
        }
        return Optional.empty();
    }

    /// `+` begins a detail, so no new name has one.
    private static boolean allowed(int c) {
        return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK || "._-'&=".indexOf(c) >= 0;
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
