package casella.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Base32;
import casella.base.Clock;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The Sender Rewriting Scheme: mail that goes on keeps to SPF, and what is told of it finds back. No RFC describes it; the
/// form is the one of libsrs2, which others read.
///
/// ```text
/// bruno@virgola.example                    a sender, whose mail posta.example passes on as
/// SRS0=8jk2m4q1=7f=virgola.example=bruno@posta.example
///      hash     day sender's domain and local part
/// SRS1=2m40qk1c=posta.example==8jk2m4q1=7f=virgola.example=bruno@next.example
///      hash     who passed it on first, and what it was there
/// ```
/// The hash keeps strangers from sending through us to whom they like; the day ends that after [#AGE_MAX]. Local parts may have
/// lost their case on the way, so nothing depends on it but the sender's own. Safe from any thread.
public final class Srs {
    /// RFC 5321 §4.5.3.1.3: a path has 256 octets with its angle brackets.
    private static final int ADDRESS_BYTES_MAX = 254;

    /// Senders try for 5 days, and reports take as long to come back.
    private static final Duration AGE_MAX = Duration.ofDays(21);
    private static final int DAYS = 1_024;
    private static final int HASH_DIGITS = 8;
    private static final int MARK_DIGITS = 12;
    private static final Pattern FIRST = Pattern.compile("srs0[=+-]([^=]+)=([^=]+)=([^=]+)=(.+)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern LATER = Pattern.compile("srs1[=+-]([^=]+)=([^=]+)=([=+-].+)",
            Pattern.CASE_INSENSITIVE);

    private final byte[] key;
    private final Clock clock;

    /// @param key 16 bytes or more, kept secret; with another one nothing written before finds back
    public Srs(byte[] key, Clock clock) {
        if (key.length < 16) throw new IllegalArgumentException("key: must be 16 bytes or more");
        this.key = key.clone();
        this.clock = clock;
    }

    /// Returns the sender of a message that `domain` passes on: empty for an empty one (RFC 5321 §4.5.5), and where it would be
    /// longer than a path may be.
    String forward(String sender, String domain) {
        int at = sender.lastIndexOf('@');
        // A quoted local part (RFC 5321 §4.1.2) cannot stand within another.
        if (at < 1 || sender.startsWith("\"")) return "";
        String local = sender.substring(0, at);
        String from = sender.substring(at + 1);
        Matcher first = FIRST.matcher(local);
        Matcher later = LATER.matcher(local);
        String written;
        if (first.matches()) written = later(from, local.substring(4));
        else if (later.matches()) written = later(later.group(2), later.group(3));
        else {
            String rest = from + "=" + local;
            String day = day();
            written = "SRS0=" + hash(day + "=" + rest) + "=" + day + "=" + rest;
        }
        String whole = written + "@" + domain;
        return whole.getBytes(UTF_8).length > ADDRESS_BYTES_MAX ? "" : whole;
    }

    private String later(String domain, String rest) {
        return "SRS1=" + hash(domain + "=" + rest) + "=" + domain + "=" + rest;
    }

    /// Returns what an address is called in messages it passed on, so that one that comes back is known again, and by nobody else.
    String mark(String address) {
        return Base32.write(0, mac("passed on by " + address), MARK_DIGITS);
    }

    /// Says whether a local part is one of these, whoever wrote it.
    static boolean is(String local) {
        return local.length() > 5 && local.regionMatches(true, 0, "SRS", 0, 3)
                && (local.charAt(3) == '0' || local.charAt(3) == '1') && "=+-".indexOf(local.charAt(4)) >= 0;
    }

    /// Returns whom mail to that local part is for; empty where we never wrote it, or too long ago.
    Optional<String> back(String local) {
        Matcher first = FIRST.matcher(local);
        if (first.matches()) {
            String day = first.group(2);
            String rest = first.group(3) + "=" + first.group(4);
            boolean ours = fits(first.group(1), day + "=" + rest) && young(day);
            return ours ? Optional.of(first.group(4) + "@" + first.group(3)) : Optional.empty();
        }
        Matcher later = LATER.matcher(local);
        if (!later.matches() || !fits(later.group(1), later.group(2) + "="
                + later.group(3))) return Optional.empty();
        return Optional.of("SRS0" + later.group(3) + "@" + later.group(2));
    }

    private String day() {
        return Base32.write(0, Math.floorMod(clock.now().getEpochSecond() / 86_400, DAYS), 2);
    }

    private boolean young(String day) {
        try {
            long then = Base32.read(day.toLowerCase(Locale.ROOT))[1];
            long now = clock.now().getEpochSecond() / 86_400;
            return Math.floorMod(now - then, DAYS) <= AGE_MAX.toDays();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean fits(String hash, String text) {
        return MessageDigest.isEqual(hash.toLowerCase(Locale.ROOT).getBytes(UTF_8), hash(text)
                .getBytes(UTF_8));
    }

    private String hash(String text) {
        return Base32.write(0, mac(text) >>> 24, HASH_DIGITS);
    }

    private long mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return ByteBuffer.wrap(mac.doFinal(text.toLowerCase(Locale.ROOT).getBytes(UTF_8))).getLong();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
