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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The keys with which brands sign their own messages, a file each in the data folder's `keys/`.
///
/// ```text
/// dkim.DOMAIN.SELECTOR.key   0600: the first line, then the private half (PKCS #8) and the public one, both PEM
/// dkim.DOMAIN.rotation       0600: which of a domain's keys do not sign; not there while all may
/// ```
///
/// The first line is `Casella DKIM key, format 1`. The selector says the day on which it was made: `casella-20261123`. Where a
/// domain has several, the last by name signs of those that [KeyRotation] does not set apart, and all of them are known when a
/// signature is verified. A file that cannot be read is never replaced: its domain does not sign until it is put right.
public final class BrandKeys implements DkimVerifier.Keys, AutoCloseable {
    /// The number in the first line. 1: first.
    private static final int FORMAT = 1;

    private static final String FIRST = "Casella DKIM key, format ";
    private static final String PREFIX = "dkim.";
    private static final String SUFFIX = ".key";
    private static final String ROTATION = ".rotation";
    /// Keys of one kind that a day brings.
    private static final int SAME_DAY_MAX = 100;
    /// RFC 8301 §3.2: "Signers MUST use RSA keys of at least 1024 bits for all keys. Signers SHOULD use RSA keys of at least 2048
    /// bits."
    private static final int RSA_BITS = 2_048;
    /// A selector that ends so is of an Ed25519 key. RFC 8463
    private static final String ED25519_END = "-ed25519";
    /// Stands for every domain; no name of one.
    private static final String ALL = "*";
    private static final int FILES_MAX = 1_000_000;
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Path folder;
    private final int filesMax;
    private final Clock clock;
    private final Bulkhead files;
    /// Domain to selector to key. A whole new map with each change.
    private volatile Map<String, NavigableMap<String, DkimKey>> known;
    /// By domain; likewise.
    private volatile Map<String, KeyRotation> rotations;
    private final Set<String> unreadable;

    private BrandKeys(
            Path folder, int filesMax, Clock clock, Map<String, NavigableMap<String, DkimKey>> known,
                    Map<String, KeyRotation> rotations, Set<String> unreadable) {
        this.folder = folder;
        this.filesMax = filesMax;
        this.clock = clock;
        this.files = new Bulkhead("keys.files", 1, 64);
        this.known = known;
        this.rotations = rotations;
        this.unreadable = unreadable;
    }

    /// Opens the keys in `folder`; where it cannot be listed nothing is signed. Blocks on files: call it from a platform
    /// thread.
    public static BrandKeys open(Path folder, Clock clock) {
        return open(folder, clock, FILES_MAX);
    }

    /// @param filesMax keys that may be there: none is made beyond, and of those found beyond the domains do not sign
    static BrandKeys open(Path folder, Clock clock, int filesMax) {
        Map<String, NavigableMap<String, DkimKey>> known = new TreeMap<>();
        Set<String> unreadable = new HashSet<>();
        try (DirectoryStream<Path> list = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            int count = 0;
            for (Path file : list) {
                String name = file.getFileName().toString();
                String place = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
                int dot = place.lastIndexOf('.');
                if (dot < 0) continue;
                String domain = place.substring(0, dot);
                try {
                    if (++count > filesMax) throw new Fault.Exhausted("Too many keys", Map.of("folder",
                            folder));
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
        return new BrandKeys(folder, filesMax, clock, known, rotations(folder, known.keySet(), unreadable),
                unreadable);
    }

    private static Map<String, KeyRotation> rotations(Path folder, Set<String> domains,
            Set<String> unreadable) {
        Map<String, KeyRotation> out = new TreeMap<>();
        for (String domain : domains) {
            Path file = folder.resolve(PREFIX + domain + ROTATION);
            try {
                if (Files.exists(file)) out.put(domain, KeyRotation.parse(KeyFile.read(file)));
            } catch (IOException | Fault e) {
                Log.event(Event.VOICE_KEY_UNUSABLE, e, "file", file);
                unreadable.add(domain);
            }
        }
        return out;
    }

    private static DkimKey read(Path file, String domain, String selector) throws IOException {
        String text = KeyFile.read(file);
        KeyFile.check(text, FIRST, FORMAT);
        try {
            KeyFactory factory = KeyFactory.getInstance(selector.endsWith(ED25519_END) ? "Ed25519" : "RSA");
            return new DkimKey(domain, selector,
                    factory.generatePrivate(new PKCS8EncodedKeySpec(KeyFile.block(text, "PRIVATE KEY"))),
                    factory.generatePublic(new X509EncodedKeySpec(KeyFile.block(text, "PUBLIC KEY"))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Fault.Corrupt("DKIM key unreadable", Map.of("file", file), e);
        }
    }

    /// Returns the keys that sign owners' mail for `domain`: the last RSA key and the last Ed25519 key (RFC 8463 §3 has both
    /// on one mail, for whoever knows only one). None is made; none where one cannot be read.
    public List<DkimKey> signers(String domain) {
        NavigableMap<String, DkimKey> there = known.get(domain);
        if (there == null || unreadable.contains(domain) || unreadable.contains(ALL)) return List.of();
        return Stream.of(last(domain, there, false), last(domain, there, true)).flatMap(Optional::stream)
                .toList();
    }

    /// The last of a kind that signs.
    private Optional<DkimKey> last(String domain, NavigableMap<String, DkimKey> keys, boolean ed25519) {
        KeyRotation rotation = rotation(domain);
        return keys.descendingMap().values().stream()
                .filter(key -> rotation.signs(key.selector()) && key.selector()
                        .endsWith(ED25519_END) == ed25519).findFirst();
    }

    /// Makes what `domain` lacks of an RSA and an Ed25519 key, and returns all it has.
    ///
    /// @throws Fault as [#signing]
    public List<DkimKey> both(String domain) {
        var _ = signing(domain);
        if (last(domain, known.getOrDefault(domain, new TreeMap<>()), true).isEmpty()) files.call(TIME, () ->
                made(domain, true));
        return of(domain);
    }

    /// Returns the RSA key that signs for `domain`, made and synced now if there is none.
    ///
    /// @throws Fault.Corrupt if there is one that cannot be read
    /// @throws Fault.Unavailable if it cannot be kept
    /// @throws Fault.Exhausted if there are as many keys as there may be
    public DkimKey signing(String domain) {
        NavigableMap<String, DkimKey> there = known.get(domain);
        if (unreadable.contains(domain) || unreadable.contains(ALL)) {
            throw new Fault.Corrupt("A DKIM key cannot be read; put it right or move it away",
                    Map.of("domain", domain));
        }
        Optional<DkimKey> key = there == null ? Optional.empty() : last(domain, there, false);
        return key.isPresent() ? key.get() : files.call(TIME, () -> made(domain, false));
    }

    private synchronized DkimKey made(String domain, boolean ed25519) throws IOException {
        NavigableMap<String, DkimKey> there = known.getOrDefault(domain, new TreeMap<>());
        Optional<DkimKey> before = last(domain, there, ed25519);
        if (before.isPresent()) return before.get();
        room(1);
        return write(domain, selector(domain, ed25519));
    }

    /// @throws Fault.Exhausted if that many more keys may not be made
    private void room(int more) {
        int there = known.values().stream().mapToInt(Map::size).sum();
        if (there + more > filesMax) throw new Fault.Exhausted("Too many DKIM keys", Map.of("folder",
                folder));
    }

    /// Returns a selector that no key has.
    private String selector(String domain, boolean ed25519) {
        NavigableMap<String, DkimKey> there = known.getOrDefault(domain, new TreeMap<>());
        for (int i = 1; i <= SAME_DAY_MAX; i++) {
            String selector = "casella-" + DAY.format(clock.now()) + (i == 1 ? "" : "-" + i) + (ed25519
                    ? ED25519_END : "");
            if (!there.containsKey(selector)) return selector;
        }
        throw new Fault.Exhausted("Too many keys in a day", Map.of("domain", domain));
    }

    private DkimKey write(String domain, String selector) throws IOException {
        boolean ed25519 = selector.endsWith(ED25519_END);
        NavigableMap<String, DkimKey> there = known.getOrDefault(domain, new TreeMap<>());
        KeyPair pair;
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance(ed25519 ? "Ed25519" : "RSA");
            if (!ed25519) maker.initialize(RSA_BITS);
            pair = maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has RSA
        }
        var key = new DkimKey(domain, selector, pair.getPrivate(), pair.getPublic());
        Path file = folder.resolve(PREFIX + domain + "." + key.selector() + SUFFIX);
        KeyFile.write(file, FIRST + FORMAT + "\n" + KeyFile.pem("PRIVATE KEY", pair.getPrivate().getEncoded())
                + KeyFile.pem("PUBLIC KEY", pair.getPublic().getEncoded()), KeyFile.OWNER_ALONE);
        Log.event(Event.VOICE_KEY_MADE, "record", key.dnsName());
        var keys = new TreeMap<>(there);
        keys.put(key.selector(), key);
        Map<String, NavigableMap<String, DkimKey>> with = new TreeMap<>(known);
        with.put(domain, keys);
        known = with;
        return key;
    }

    private KeyRotation rotation(String domain) {
        return rotations.getOrDefault(domain, KeyRotation.NONE);
    }

    /// Returns the keys that others are to find in the DNS: those that sign, will sign, or signed lately.
    public List<DkimKey> published(String domain) {
        return of(domain).stream().filter(key -> !stage(key).equals("retired")).toList();
    }

    /// Returns `signs`, `next`, `old` or `retired`.
    public String stage(DkimKey key) {
        return rotation(key.domain()).word(key.selector());
    }

    /// Says whether it is an Ed25519 key, and not RSA.
    public static boolean isEd25519(DkimKey key) {
        return key.selector().endsWith(ED25519_END);
    }

    /// Returns the keys that are to sign next.
    public List<DkimKey> next(String domain) {
        return of(domain).stream().filter(key -> stage(key).equals("next")).toList();
    }

    /// Makes the keys that are to sign next, an RSA and an Ed25519 key, if there are none, and returns them.
    ///
    /// @throws Fault as [#signing]
    public List<DkimKey> rotate(String domain) {
        var _ = signing(domain);
        return files.call(TIME, () -> prepared(domain));
    }

    private synchronized List<DkimKey> prepared(String domain) throws IOException {
        KeyRotation rotation = rotation(domain);
        List<String> lacking = new ArrayList<>();
        for (boolean ed25519 : new boolean[] {false, true}) {
            boolean there = next(domain).stream().anyMatch(key -> isEd25519(key) == ed25519);
            if (!there) lacking.add(selector(domain, ed25519));
        }
        room(lacking.size());
        // First that they do not sign, then they: one that is there would sign before anybody can find it.
        for (String selector : lacking) rotation = rotation.with(selector, new KeyRotation.Stage.Next());
        if (!lacking.isEmpty()) keep(domain, rotation);
        for (String selector : lacking) write(domain, selector);
        return next(domain);
    }

    /// Has the next keys of a domain sign, and those of now of the same kind be old, in one step.
    ///
    /// @throws Fault.Unavailable if it cannot be kept: all is as before
    public void activate(String domain) {
        var _ = files.call(TIME, () -> activated(domain));
    }

    private synchronized List<DkimKey> activated(String domain) throws IOException {
        KeyRotation rotation = rotation(domain);
        List<DkimKey> next = next(domain);
        if (next.isEmpty()) return next;
        for (DkimKey key : of(domain)) {
            boolean replaced = next.stream().anyMatch(one -> isEd25519(one) == isEd25519(key));
            if (replaced && rotation.signs(key.selector())) rotation = rotation.with(key.selector(),
                    new KeyRotation.Stage.Old(clock.now()));
        }
        for (DkimKey key : next) rotation = rotation.signing(key.selector());
        keep(domain, rotation);
        return next;
    }

    /// Takes back the keys that have not signed since `until`, and returns them.
    ///
    /// @throws Fault.Unavailable if it cannot be kept
    public List<DkimKey> retire(String domain, Instant until) {
        return files.call(TIME, () -> retired(domain, until));
    }

    private synchronized List<DkimKey> retired(String domain, Instant until) throws IOException {
        KeyRotation rotation = rotation(domain);
        List<DkimKey> out = new ArrayList<>();
        for (DkimKey key : of(domain)) {
            if (!(rotation(domain).stages()
                    .get(key.selector()) instanceof KeyRotation.Stage.Old(Instant since))) continue;
            if (since.isAfter(until)) continue;
            rotation = rotation.with(key.selector(), new KeyRotation.Stage.Retired(clock.now()));
            out.add(key);
        }
        if (!out.isEmpty()) keep(domain, rotation);
        return out;
    }

    private void keep(String domain, KeyRotation rotation) throws IOException {
        KeyFile.write(folder.resolve(PREFIX + domain + ROTATION), rotation.text(), KeyFile.OWNER_ALONE);
        Map<String, KeyRotation> with = new TreeMap<>(rotations);
        with.put(domain, rotation);
        rotations = with;
    }

    /// Returns all keys of `domain`, also those that do not sign, by selector.
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
