package casella.authenticity;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// What was found out about who a mail is from.
///
/// @param peer who brought it
/// @param helo as the peer names itself
/// @param mailFrom the sender, without angle brackets; empty for the null sender, for whom SPF asks the peer's own name
/// @param signatures one for each that was looked at, from the top
/// @param questions asked of the DNS
public record Findings(
        InetAddress peer,
        String helo,
        String mailFrom,
        Spf.Outcome spf,
        List<Dkim.Result> signatures,
        Dmarc.Outcome dmarc,
        Arc.Chain arc,
        Iprev iprev,
        int questions) {
    private static final int VALUE_CHARS_MAX = 320;

    public Findings {
        signatures = List.copyOf(signatures);
    }

    /// Says whether SPF or a signature passes for the domain of From or its organization.
    public boolean aligned() {
        return dmarc.aligned();
    }

    /// Returns the field that says all this, its line end included, ASCII. RFC 7601 §2.2.
    ///
    /// @param authservId who says it: this server's name
    public String field(String authservId) {
        var results = new ArrayList<String>();
        String spfOf = mailFrom.isEmpty() ? " smtp.helo=" + value(helo) : " smtp.mailfrom=" + value(mailFrom);
        results.add("spf=" + spf.result().word() + spfOf);
        if (signatures.isEmpty()) results.add("dkim=none");
        for (Dkim.Result one : signatures) results.add(signature(one));
        String from = dmarc.domain().isEmpty() ? "" : " header.from=" + value(dmarc.domain());
        results.add("dmarc=" + dmarc.verdict().word() + " (p=" + dmarc.policy().word()
                + " dis=" + dmarc.disposition().word() + ")" + from);
        if (arc.status() != Arc.Status.NONE) results.add("arc=" + arc.status().word());
        results.add("iprev=" + iprev.verdict().word() + " policy.iprev=" + value(Address.readable(peer)));
        return AuthenticationResults.FIELD + ": " + authservId + ";\r\n\t" + String.join(";\r\n\t", results) + "\r\n";
    }

    private static String signature(Dkim.Result one) {
        var out = new StringBuilder("dkim=").append(one.verdict().word());
        if (!one.why().isEmpty()) out.append(" (").append(one.why()).append(')');
        if (!one.domain().isEmpty()) out.append(" header.d=").append(value(one.domain()));
        if (!one.selector().isEmpty()) out.append(" header.s=").append(value(one.selector()));
        if (!one.start().isEmpty()) out.append(" header.b=").append(value(one.start()));
        return out.toString();
    }

    /// Returns others' text as a token or a quoted string that can be nothing else. RFC 7601 §2.2 `pvalue`.
    private static String value(String text) {
        var out = new StringBuilder();
        boolean plain = !text.isEmpty() && text.length() <= VALUE_CHARS_MAX;
        for (int i = 0; i < Math.min(text.length(), VALUE_CHARS_MAX); i++) {
            char c = text.charAt(i);
            plain &= c < 127 && (Character.isLetterOrDigit(c) || ".-_@+".indexOf(c) >= 0);
            if (c == '"' || c == '\\') out.append('\\');
            out.append(c < ' ' || c > '~' ? '?' : c);
        }
        return plain ? out.toString() : "\"" + out + "\"";
    }
}
