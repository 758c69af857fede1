package casella.directory.sasl;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The issuer's public keys, read from a file: at start, and again when a token names a key that is not there.
final class TokenKeys implements AutoCloseable {
    static final int KEYS_MAX = 100;
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final int RSA_BITS_MIN = 2_048;
    private static final Duration READ_TIME = Duration.ofSeconds(5);
    /// Whoever makes up key ids does not have the file read for each.
    static final Duration BETWEEN = Duration.ofMinutes(1);

    private final Path file;
    private final Clock clock;
    private final Bulkhead reading = new Bulkhead("directory.token-keys", 1, 16);
    private volatile List<JWK> keys;
    private long readNanos;

    /// @throws IllegalArgumentException with a sentence, if the file has no keys that can be used
    TokenKeys(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        try {
            this.keys = read(file);
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException("token-keys: cannot be read: " + file, e);
        }
        this.readNanos = clock.nanos();
    }

    /// Returns the keys a token may be signed with: that with `id`, or all where it names none.
    List<JWK> find(String id) {
        List<JWK> found = named(id);
        if (!found.isEmpty() || !mayReadAgain()) return found;
        try {
            keys = reading.call(READ_TIME, () -> read(file));
        } catch (Fault | IllegalArgumentException | UncheckedIOException e) {
            // The keys there were are still the issuer's.
            Log.event(Event.DIRECTORY_TOKEN_KEYS_UNREADABLE, e, "file", file);
        }
        return named(id);
    }

    private List<JWK> named(String id) {
        return id.isEmpty() ? keys : keys.stream().filter(key -> id.equals(key.getKeyID())).toList();
    }

    private synchronized boolean mayReadAgain() {
        long now = clock.nanos();
        if (now - readNanos < BETWEEN.toNanos()) return false;
        readNanos = now;
        return true;
    }

    private static List<JWK> read(Path file) {
        String text;
        try {
            if (Files.size(file) > FILE_BYTES_MAX) throw new IllegalArgumentException("token-keys: is over 1 MiB");
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var found = new ArrayList<JWK>();
        try {
            for (JWK key : JWKSet.parse(text).getKeys()) {
                if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) continue;
                switch (key) {
                    case RSAKey rsa -> {
                        if (rsa.size() < RSA_BITS_MIN) throw new IllegalArgumentException("token-keys: an RSA key is under 2048 bits");
                        found.add(rsa.toPublicJWK());
                    }
                    case ECKey ec -> found.add(ec.toPublicJWK());
                    case OctetKeyPair ed -> found.add(ed.toPublicJWK());
                    default -> {} // a symmetric key signs nothing here
                }
            }
        } catch (ParseException e) {
            throw new IllegalArgumentException("token-keys: is no JSON Web Key Set", e);
        }
        if (found.isEmpty()) throw new IllegalArgumentException("token-keys: has no public key to check signatures with");
        if (found.size() > KEYS_MAX) throw new IllegalArgumentException("token-keys: has over 100 keys");
        return List.copyOf(found);
    }

    @Override
    public void close() {
        reading.close();
    }
}
