package casella.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.Fault;
import casella.store.disk.Disk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Policies that domains told, in one file: whoever keeps us from reading one again must not undo it.
///
/// ```text
/// Casella MTA-STS policies, format 1
/// DOMAIN ID READ UNTIL TEXT       times as 2026-11-24T03:00:00Z, the policy's text in base64; the last line of a domain counts
/// ```
///
/// A line is synced before it counts; what a stop cut off is passed over. The file is written anew when it is opened, and when
/// more was added than twice what it began with and 1 MiB. Its calls block: from a platform thread.
final class StsFile {
    /// What may be known: so many domains, and so many characters of their lines.
    static final int POLICIES_MAX = 50_000;
    static final long CHARS_MAX = 16L << 20;

    private static final String FIRST = "Casella MTA-STS policies, format 1";
    private static final int ADDED_MIN = 1 << 20;
    /// Read of a file: three times what we write ourselves is some 50 MiB.
    private static final long READ_MAX = 512L << 20;
    private static final int LINE_MAX = 128 << 10;
    private static final int READ_AT_ONCE = 64 << 10;

    /// @param id of the record in the DNS when it was read
    /// @param until when it ends
    record Kept(String id, Instant read, Instant until, StsPolicy policy) {
        /// Returns how long its line is, about.
        int chars() {
            return 350 + policy.text().length() * 4 / 3;
        }
    }

    private final Disk disk;
    private final Path path;
    private Disk.File file;
    /// Bytes of the file when it was last written as a whole, and added since.
    private long whole;
    private long added;

    private StsFile(Disk disk, Path path, Disk.File file, long whole) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.whole = whole;
    }

    /// Opens the file, or makes it, and puts what holds and is not known more newly into `into`, as much as fits.
    ///
    /// @throws Fault.Corrupt if a newer version wrote it
    static StsFile open(Disk disk, Path path, Instant now, Map<String, Kept> into) throws IOException {
        read(disk, path, now, into);
        String text = text(into);
        return new StsFile(disk, path, written(disk, path, text), text.length());
    }

    private static String text(Map<String, Kept> all) {
        var out = new StringBuilder(FIRST).append('\n');
        all.forEach((domain, kept) -> out.append(line(domain, kept)));
        return out.toString();
    }

    private static Disk.File written(Disk disk, Path path, String text) throws IOException {
        Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file is in a folder");
        Path beside = path.resolveSibling(path.getFileName() + ".new");
        disk.makeFolder(folder);
        disk.delete(beside);
        Disk.File file = disk.create(beside);
        try {
            write(file, text);
            disk.rename(beside, path);
            disk.syncFolder(folder);
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static void read(Disk disk, Path path, Instant now, Map<String, Kept> into) throws IOException {
        var all = new Reading(path, now);
        try (Disk.File file = disk.open(path)) {
            ByteBuffer bytes = ByteBuffer.allocate(READ_AT_ONCE);
            for (long at = 0; at < READ_MAX && file.read(bytes.clear(), at) > 0; at += bytes.limit()) {
                bytes.flip();
                all.take(bytes);
            }
            all.end();
        } catch (NoSuchFileException e) {
            return;
        } finally {
            // Also what came before the file could not be read on.
            all.kept.forEach((domain, kept) -> into.merge(domain, kept, (one, two) ->
                    two.read().isAfter(one.read()) ? two : one));
        }
    }

    /// Lines, one at a time: however long the file is, memory holds what holds.
    private static final class Reading {
        private final Path path;
        private final Instant now;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final Map<String, Kept> kept = new HashMap<>();
        private long chars;
        private boolean begun;

        Reading(Path path, Instant now) {
            this.path = path;
            this.now = now;
        }

        void take(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                byte one = bytes.get();
                if (one == '\n') end();
                else if (line.size() < LINE_MAX) line.write(one);
            }
        }

        void end() {
            String text = line.toString(US_ASCII);
            line.reset();
            if (begun) {
                String[] words = text.split(" ", 6);
                StsFile.kept(words).ifPresent(one -> put(words[0], one));
            } else if (!text.equals(FIRST)) {
                throw new Fault.Corrupt("Not a file of MTA-STS policies that this version reads",
                        Map.of("file", path));
            }
            begun = true;
        }

        private void put(String domain, Kept one) {
            Kept before = kept.remove(domain);
            if (before != null) chars -= before.chars();
            boolean fits = kept.size() < POLICIES_MAX && chars + one.chars() <= CHARS_MAX;
            if (!fits || !one.until().isAfter(now)) return;
            kept.put(domain, one);
            chars += one.chars();
        }
    }

    private static Optional<Kept> kept(String[] words) {
        if (words.length != 5) return Optional.empty();
        try {
            String text = new String(Base64.getDecoder().decode(words[4]), UTF_8);
            Instant read = Instant.parse(words[2]);
            Instant until = Instant.parse(words[3]);
            return StsPolicy.parse(text).map(policy -> new Kept(words[1], read, until, policy));
        } catch (DateTimeException | IllegalArgumentException e) {
            return Optional.empty(); // cut off
        }
    }

    private static String line(String domain, Kept kept) {
        return domain + " " + kept.id() + " " + kept.read() + " " + kept.until() + " "
                + Base64.getEncoder().encodeToString(kept.policy().text().getBytes(UTF_8)) + "\n";
    }

    private static void write(Disk.File file, String text) throws IOException {
        file.append(ByteBuffer.wrap(text.getBytes(US_ASCII)));
        file.sync();
    }

    /// Keeps a policy, synced. After a failure nobody knows what is in the file: it is to be closed, and opened anew.
    ///
    /// @param all what is known, this one too
    void add(String domain, Kept kept, Map<String, Kept> all) throws IOException {
        String line = line(domain, kept);
        if (added + line.length() <= 2 * whole + ADDED_MIN) {
            write(file, line);
            added += line.length();
            return;
        }
        String text = text(all);
        Disk.File anew = written(disk, path, text);
        Disk.File before = file;
        file = anew;
        whole = text.length();
        added = 0;
        before.close();
    }

    void close() throws IOException {
        file.close();
    }
}
