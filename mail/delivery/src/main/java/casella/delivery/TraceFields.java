package casella.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes `Return-Path` and `Received`. RFC 5321 §4.4.
///
/// ```text
/// Return-Path: <bruno@virgola.example>
/// Received: from mail.virgola.example ([192.0.2.7])
/// 	by mx.posta.example with ESMTPS id 5k-1
/// 	for <anna@posta.example>; Sun, 22 Nov 2026 10:15:00 +0000
/// ```
///
/// `for` stands only where there is one recipient, so that none learns of another (RFC 5321 §7.2).
final class TraceFields {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    /// The date of the last second: formatting it costs more than all the rest.
    private record Second(long unixSeconds, String text) {}

    private static volatile Second last = new Second(0, date(Instant.EPOCH));

    private TraceFields() {}

    private static String date(Instant at) {
        return DATE.format(at);
    }

    private static String dateOf(Instant at) {
        Second known = last;
        if (known.unixSeconds() == at.getEpochSecond()) return known.text();
        var now = new Second(at.getEpochSecond(), date(at));
        last = now;
        return now.text();
    }

    /// @param found what was found out about it, a field or nothing: it stands above the `Received` of this server, which it is of
    ///     (RFC 7601 §4)
    static byte[] of(Envelope envelope, byte[] found) {
        var out = new StringBuilder(300);
        out.append("Return-Path: <").append(envelope.sender()).append(">\r\n");
        out.append(new String(found, UTF_8));
        received(envelope, out);
        return out.toString().getBytes(UTF_8);
    }

    /// Returns `Received` alone: for a message that goes on, and whose last server writes `Return-Path`.
    static byte[] received(Envelope envelope) {
        var out = new StringBuilder(300);
        received(envelope, out);
        return out.toString().getBytes(UTF_8);
    }

    private static void received(Envelope envelope, StringBuilder out) {
        Trace trace = envelope.trace();
        out.append("Received: from ");
        if (trace.clientHidden()) out.append(trace.by()).append(" (authenticated submission)");
        else out.append(domain(trace.from())).append(" (").append(literal(trace.peer())).append(')');
        out.append("\r\n\tby ").append(trace.by());
        out.append(" with ").append(trace.with()).append(" id ").append(trace.id());
        if (envelope.recipients().size() == 1) {
            out.append("\r\n\tfor <").append(envelope.recipients().getFirst().address()).append('>');
        }
        out.append(";\r\n\t").append(dateOf(trace.at())).append("\r\n");
    }

    /// Returns `name` if it is a domain or an address literal, else `unknown`: whatever a client calls itself, the
    /// field stays readable. RFC 5321 §4.1.2, §4.1.3; letters beyond ASCII by RFC 6531 §3.3.
    private static String domain(String name) {
        boolean literal = name.startsWith("[") && name.endsWith("]");
        String inner = literal ? name.substring(1, name.length() - 1) : name;
        boolean fits = !inner.isEmpty() && inner.length() <= 255 && inner.codePoints()
                .allMatch(TraceFields::fits);
        return fits ? name : "unknown";
    }

    private static boolean fits(int c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || c == ':';
    }

    private static String literal(InetAddress peer) {
        return peer instanceof Inet6Address ? "[IPv6:" + peer.getHostAddress().replaceFirst("%.*", "") + "]"
                : "[" + peer.getHostAddress() + "]";
    }
}
