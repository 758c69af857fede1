package casella.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.Name;

/// Names as text and as the wire has them. RFC 1035 §3.1.
public final class Names {
    private static final int NAME_CHARS_MAX = 253;
    private static final int LABEL_BYTES_MAX = 63;
    /// Nobody's text becomes a name that is shorter than a quarter of it.
    private static final int TEXT_CHARS_MAX = 1_024;

    private Names() {}

    /// Returns `name` in lower case and A-labels, without a last dot; empty if it cannot be asked for: too long, an empty
    /// label, letters that no name has.
    public static Optional<String> ascii(String name) {
        if (name.length() > TEXT_CHARS_MAX) return Optional.empty();
        String whole = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (whole.chars().anyMatch(c -> c > 127)) {
            try {
                whole = IDN.toASCII(whole, IDN.ALLOW_UNASSIGNED);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }
        if (whole.isEmpty() || whole.length() > NAME_CHARS_MAX) return Optional.empty();
        for (String label : whole.split("[.]", -1)) {
            if (label.isEmpty() || label.length() > LABEL_BYTES_MAX) return Optional.empty();
        }
        return Optional.of(whole.toLowerCase(Locale.ROOT));
    }

    /// Returns the name to ask for. Nothing in the text is an escape: what is no letter, digit or hyphen stands for itself.
    static Optional<Name> of(String text) {
        return ascii(text).map(name -> {
            var wire = new ByteArrayOutputStream(name.length() + 2);
            for (String label : name.split("[.]", -1)) {
                wire.write(label.length());
                wire.writeBytes(label.getBytes(US_ASCII));
            }
            wire.write(0);
            try {
                return new Name(wire.toByteArray());
            } catch (IOException e) {
                throw new IllegalStateException(e); // the lengths were looked at
            }
        });
    }

    /// Returns a name from the wire: lower case, without a last dot, what is not printed or is a dot within a label escaped, so
    /// that it is no other name. Empty for the root.
    static String text(Name name) {
        return name.labels() <= 1 ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }
}
