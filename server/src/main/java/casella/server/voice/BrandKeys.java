package casella.server.voice;

import casella.authenticity.DkimKey;
import casella.authenticity.DkimVerifier;
import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.server.proof.KeyFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The keys with which brands sign their own messages, a file each in the data folder's `keys/`.
///
/// ```text
/// dkim.DOMAIN.SELECTOR.key   0600: the first line, then the private half (PKCS #8) and the public one, both PEM
/// ```
///
/// The first line is `Casella DKIM key, format 1`. The selector says the day on which it was made: `casella-20261123`. Where a
/// domain has several, the last by name signs, and all of them are known when a signature is verified. A file that cannot be read is
/// never replaced: its domain does not sign until it is put right.
public final class BrandKeys implements DkimVerifier.Keys, AutoCloseable {
    /// The number in the first line. 1: first.
    private static final int FORMAT = 1;

    private static final String FIRST = "Casella DKIM key, format ";
    private static final String PREFIX = "dkim.";
    private static final String SUFFIX = ".key";
    /// RFC 8301 §3.2: "Signers MUST use RSA keys of at least 1024 bits for all keys. Signers SHOULD use RSA keys of at least 2048
    /// bits."
    private static final int RSA_BITS = 2_048;
    /// Stands for every domain; no name of one.
    private static final String ALL = "*";
    private static final int FILES_MAX = 10_000;
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Path folder;
    private final Clock clock;
    private final Bulkhead files;
    /// Domain to selector to key. A whole new map with each change.
    private volatile Map<String, NavigableMap<String, DkimKey>> known;
    private final Set<String> unreadable;

    private BrandKeys(
            Path folder, Clock clock, Map<String, NavigableMap<String, DkimKey>> known, Set<String> unreadable) {
        this.folder = folder;
        this.clock = clock;
        this.files = new Bulkhead("keys.files", 1, 64);
        this.known = known;
        this.unreadable = unreadable;
    }

    /// Opens the keys in `folder`; where it cannot be listed nothing is signed. Blocks on files: call it from a platform
    /// thread.
    public static BrandKeys open(Path folder, Clock clock) {
        Map<String, NavigableMap<String, DkimKey>> known = new TreeMap<>();
        Set<String> unreadable = new HashSet<>();
        try (DirectoryStream<Path> list = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            int count = 0;
            for (Path file : list) {
                if (++count > FILES_MAX) throw new Fault.Exhausted("Too many keys", Map.of("folder", folder));
                String name = file.getFileName().toString();
                String place = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
                int dot = place.lastIndexOf('.');
                if (dot < 0) continue;
                String domain = place.substring(0, dot);
                try {
                    DkimKey key = read(file, domain, place.substring(dot + 1));
                    known.computeIfAbsent(domain, _ -> new TreeMap<>()).put(key.selector(), key);
                } catch (IOException | Fault e) {
                    Log.event(Event.VOICE_KEY_UNUSABLE, e, "file", file);
                    unreadable.add(domain);
                }
            }
        } catch (IOException e) {
            Log.event(Event.VOICE_KEY_UNUSABLE, e, "file", folder);
            unreadable.add(ALL);
        }
        return new BrandKeys(folder, clock, known, unreadable);
    }

    private static DkimKey read(Path file, String domain, String selector) throws IOException {
        String text = KeyFile.read(file);
        KeyFile.check(text, FIRST, FORMAT);
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            return new DkimKey(domain, selector,
                    rsa.generatePrivate(new PKCS8EncodedKeySpec(KeyFile.block(text, "PRIVATE KEY"))),
                    rsa.generatePublic(new X509EncodedKeySpec(KeyFile.block(text, "PUBLIC KEY"))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Fault.Corrupt("DKIM key unreadable", Map.of("file", file), e);
        }
    }

    /// Returns the key that signs for `domain`, made and synced now if there is none.
    ///
    /// @throws Fault.Corrupt if there is one that cannot be read
    /// @throws Fault.Unavailable if it cannot be kept
    public DkimKey signing(String domain) {
        NavigableMap<String, DkimKey> there = known.get(domain);
        if (unreadable.contains(domain) || unreadable.contains(ALL)) {
            throw new Fault.Corrupt("A DKIM key cannot be read; put it right or move it away",
                    Map.of("domain", domain));
        }
        if (there != null) return there.lastEntry().getValue();
        return files.call(TIME, () -> made(domain));
    }

    private synchronized DkimKey made(String domain) throws IOException {
        NavigableMap<String, DkimKey> there = known.get(domain);
        if (there != null) return there.lastEntry().getValue();
        KeyPair pair;
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance("RSA");
            maker.initialize(RSA_BITS);
            pair = maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has RSA
        }
        var key = new DkimKey(domain, "casella-" + DAY.format(clock.now()), pair.getPrivate(),
                pair.getPublic());
        Path file = folder.resolve(PREFIX + domain + "." + key.selector() + SUFFIX);
        KeyFile.write(file, FIRST + FORMAT + "\n" + KeyFile.pem("PRIVATE KEY", pair.getPrivate().getEncoded())
                + KeyFile.pem("PUBLIC KEY", pair.getPublic().getEncoded()), KeyFile.OWNER_ALONE);
        Log.event(Event.VOICE_KEY_MADE, "record", key.dnsName());
        Map<String, NavigableMap<String, DkimKey>> with = new TreeMap<>(known);
        with.put(domain, new TreeMap<>(Map.of(key.selector(), key)));
        known = with;
        return key;
    }

    /// Returns all keys of `domain`, the one that signs last.
    public List<DkimKey> of(String domain) {
        NavigableMap<String, DkimKey> there = known.get(domain);
        return there == null ? List.of() : new ArrayList<>(there.values());
    }

    @Override
    public @Nullable PublicKey key(String domain, String selector) {
        NavigableMap<String, DkimKey> there = known.get(domain);
        DkimKey key = there == null ? null : there.get(selector);
        return key == null ? null : key.open();
    }

    @Override
    public void close() {
        files.close();
    }
}
