package casella.server.incoming;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Clock;
import casella.base.Sha256;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Has who was never seen come again later: programs that only throw mail out do not.
///
/// Remembered are who brings it, the sender's domain and the recipient, and who brought mail that a domain proved its own, who is never
/// kept waiting with more of it. Who brings it is the 24 bits an IPv4 address begins with, or 64 of IPv6: a pool of machines that send in turn
/// is one, and a sender that is another for each mail is one. Kept as hashes of 16 bytes, in memory, the longest unused forgotten first; a
/// restart forgets all. Safe from any thread, never waits.
final class Greylist {
    private static final int SEEN_MAX = 500_000;
    private static final int PROVEN_MAX = 200_000;
    /// Who comes again later than that begins anew.
    private static final Duration AGAIN = Duration.ofDays(2);
    /// Who was let in is for so long.
    private static final Duration KEPT = Duration.ofDays(35);

    private final Duration wait;
    private final Clock clock;
    private final Map<Key, Seen> seen = bounded(SEEN_MAX);
    private final Map<Key, Long> proven = bounded(PROVEN_MAX);

    /// The first 16 bytes of a hash.
    private record Key(long one, long two) {
        static Key of(InetAddress peer, String... texts) {
            byte[] address = peer.getAddress();
            MessageDigest digest = Sha256.digest();
            digest.update((byte) address.length);
            digest.update(Arrays.copyOf(address, address.length == 4 ? 3 : 8));
            for (String text : texts) {
                digest.update((byte) 0);
                digest.update(text.toLowerCase(Locale.ROOT).getBytes(UTF_8));
            }
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new Key(hash.getLong(), hash.getLong());
        }
    }

    /// @param since first seen, or last let in
    private record Seen(boolean in, long since) {}

    /// @param wait how long who is new has to
    Greylist(Duration wait, Clock clock) {
        this.wait = wait;
        this.clock = clock;
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /// Remembers that a mail of `domain` that `peer` brought was proven to be from there.
    void proven(InetAddress peer, String domain) {
        Key key = Key.of(peer, domain);
        synchronized (this) {
            proven.put(key, clock.nanos());
        }
    }

    /// Says whether a mail may come in now.
    ///
    /// @param sender empty for `<>`
    boolean in(InetAddress peer, String sender, String recipient) {
        String domain = sender.substring(sender.lastIndexOf('@') + 1);
        return in(Key.of(peer, domain), Key.of(peer, domain, recipient));
    }

    private synchronized boolean in(Key whose, Key mail) {
        long now = clock.nanos();
        Long before = proven.get(whose);
        if (before != null && now - before < KEPT.toNanos()) return true;
        Seen so = seen.get(mail);
        long age = so == null ? Long.MAX_VALUE : now - so.since();
        boolean in = so != null && (so.in() ? age < KEPT.toNanos()
                : age >= wait.toNanos() && age < AGAIN.toNanos());
        if (in) {
            seen.put(mail, new Seen(true, now));
        } else if (so == null || so.in() || age >= AGAIN.toNanos()) {
            seen.put(mail, new Seen(false, now));
        }
        return in;
    }
}
