package casella.authenticity;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// A key pair with the place in the DNS where its public half is to be found. RFC 6376 §3.6.
///
/// @param domain the signing domain (`d=`), lower case, A-labels
/// @param selector `s=`: one label, letters, digits and inner hyphens
public record DkimKey(String domain, String selector, PrivateKey secret, PublicKey open) {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    /// One character-string of a TXT record. RFC 1035 §3.3.
    private static final int STRING_BYTES_MAX = 255;

    public DkimKey {
        if (!LABEL.matcher(selector).matches()) throw new IllegalArgumentException("selector: must be one label");
        var _ = DkimAlgorithm.of(open);
    }

    /// Returns the name of the TXT record, without a last dot. RFC 6376 §3.6.2.1.
    public String dnsName() {
        return selector + "._domainkey." + domain;
    }

    /// Returns the text of the TXT record. RFC 6376 §3.6.1, RFC 8463 §4.2.
    public String dnsText() {
        DkimAlgorithm algorithm = DkimAlgorithm.of(open);
        return "v=DKIM1; k=" + algorithm.keyType() + "; p=" + Base64.getEncoder().encodeToString(algorithm.published(open));
    }

    /// Returns the record as a line of a zone file, its text in strings of at most 255 bytes. RFC 6376 §3.6.2.2.
    public String zoneLine() {
        String text = dnsText();
        List<String> strings = new ArrayList<>();
        for (int at = 0; at < text.length(); at += STRING_BYTES_MAX) {
            strings.add('"' + text.substring(at, Math.min(text.length(), at + STRING_BYTES_MAX)) + '"');
        }
        return dnsName() + ". IN TXT ( " + String.join(" ", strings) + " )";
    }

    @Override
    public String toString() {
        return "DkimKey " + dnsName();
    }
}
