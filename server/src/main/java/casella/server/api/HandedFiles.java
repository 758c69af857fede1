package casella.server.api;

import casella.base.Bulkhead;
import casella.base.Clock;
import casella.base.Fault;
import casella.server.control.BreachOrder;
import casella.server.control.DeskOrder;
import casella.server.control.Order;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Files that an order writes on this machine for whoever ordered it from another one: each has a folder of its own, is fetched once by
/// that person alone, and goes after ten minutes.
final class HandedFiles implements AutoCloseable {
    static final Duration LIFE = Duration.ofMinutes(10);
    /// Files that wait to be fetched.
    static final int WAITING_MAX = 64;
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int CHUNK_BYTES = 1 << 16;
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,59}(\\.[A-Za-z0-9]{1,8}){1,2}");
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Orders that write a file, and the field that names it.
    private static final Map<Class<? extends Order>, String> FIELDS = Map.of(
            BreachOrder.BreachExport.class, "to",
            BreachOrder.IncidentReport.class, "to",
            DeskOrder.ComplaintPackage.class, "to",
            DeskOrder.AssociationPack.class, "to",
            DeskOrder.AvailabilityAll.class, "to",
            Order.Losses.class, "csv",
            Order.SupportFile.class, "to");

    private record Handed(String person, String name, Path file, Instant until) {}

    private final Path folder;
    private final Clock clock;
    private final Bulkhead files = new Bulkhead("handed.files", 2, 64);
    private final Map<String, Handed> waiting = new HashMap<>();

    private HandedFiles(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /// Uses `folder` for nothing else: what a process before left in it is removed.
    static HandedFiles open(Path folder, Clock clock) throws IOException {
        if (Files.isDirectory(folder)) remove(folder);
        Files.createDirectories(folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new HandedFiles(folder, clock);
    }

    /// Returns the field in which an order names the file it writes; null if it writes none.
    static @Nullable String field(Class<? extends Order> order) {
        return FIELDS.get(order);
    }

    /// Returns where a file of that name may be written for `person`.
    ///
    /// @throws IllegalArgumentException if it is no plain file name, or too many wait
    Place place(String person, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("must be a plain file name, like breach-3.pdf: it is fetched afterwards");
        }
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        forgetOld();
        synchronized (waiting) {
            if (waiting.size() >= WAITING_MAX) throw new IllegalArgumentException("too many files wait to be fetched; try again in ten minutes");
            Path own = folder.resolve(token);
            files.call(TIME, () -> made(own));
            Path file = own.resolve(name);
            waiting.put(token, new Handed(person, name, file, clock.now().plus(LIFE)));
            return new Place(token, file);
        }
    }

    /// A file to be written.
    record Place(String token, Path file) {
        /// Returns where it is fetched.
        String path() {
            return "/api/v1/files/" + token + "/" + file.getFileName();
        }
    }

    /// Removes a file that was not written after all.
    void drop(Place place) {
        synchronized (waiting) {
            waiting.remove(place.token());
        }
        gone(place.file());
    }

    /// Takes the file of that token out, if it is `person`'s: it is read once, and removed when what is returned is closed.
    Optional<Fetched> take(String person, String token, String name) {
        forgetOld();
        synchronized (waiting) {
            Handed handed = waiting.get(token);
            if (handed == null || !handed.person().equals(person) || !handed.name()
                    .equals(name)) return Optional.empty();
            waiting.remove(token);
            return Optional.of(new Fetched(handed.file()));
        }
    }

    /// A file that is being fetched.
    final class Fetched implements AutoCloseable {
        private final Path file;

        private Fetched(Path file) {
            this.file = file;
        }

        void writeTo(OutputStream out) throws IOException {
            try (InputStream in = opened(file)) {
                for (byte[] chunk = next(in); chunk.length > 0; chunk = next(in)) out.write(chunk);
            }
        }

        private byte[] next(InputStream in) throws IOException {
            return read(() -> in.readNBytes(CHUNK_BYTES));
        }

        @Override
        public void close() {
            gone(file);
        }
    }

    private InputStream opened(Path file) throws IOException {
        return read(() -> Files.newInputStream(file));
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private <T> T read(Reading<T> reading) throws IOException {
        return files.call(TIME, () -> {
            try {
                return reading.read();
            } catch (IOException e) {
                throw new Fault.Unavailable("The file cannot be read", Map.of(), e);
            }
        });
    }

    private static boolean made(Path folder) {
        try {
            Files.createDirectory(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return true;
        } catch (IOException e) {
            throw new Fault.Unavailable("No file can be written for you", Map.of(), e);
        }
    }

    private void forgetOld() {
        Instant now = clock.now();
        var old = new HashMap<String, Handed>();
        synchronized (waiting) {
            waiting.forEach((token, handed) -> {
                if (now.isAfter(handed.until())) old.put(token, handed);
            });
            old.keySet().forEach(waiting::remove);
        }
        old.values().forEach(handed -> gone(handed.file()));
    }

    private void gone(Path file) {
        files.call(TIME, () -> {
            try {
                Files.deleteIfExists(file);
                Path own = file.getParent();
                if (own != null) Files.deleteIfExists(own);
                return true;
            } catch (IOException e) {
                // It is removed at the next start.
                return false;
            }
        });
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
