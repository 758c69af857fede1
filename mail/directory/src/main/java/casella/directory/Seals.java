package casella.directory;

import casella.base.Event;
import casella.base.Log;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What files of the directory were when nobody wrote them any more: SQLite has no checksums, and one turned bit in a row
/// is another row to it.
///
/// A file of lines, each `<length> <modified, Unix milliseconds> <SHA-256> <CRC-32C of the line before it>`. A file is
/// broken if a seal has its length and time and none that has them has its hash. A file that was written since, by whomever,
/// has another time, and says nothing; nor does a seal that is damaged itself.
final class Seals {
    private Seals() {}

    private record Seal(long length, long modified, String hash) {
        static Seal of(Path file) throws IOException {
            return new Seal(Files.size(file), Files.getLastModifiedTime(file).toMillis(), hash(file));
        }

        private static String hash(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                byte[] buffer = new byte[1 << 16];
                for (int read; (read = in.read(buffer)) >= 0; ) digest.update(buffer, 0, read);
                return HexFormat.of().formatHex(digest.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        String line() {
            String said = length + " " + modified + " " + hash;
            return said + " " + crc(said);
        }

        static Optional<Seal> read(String line) {
            int last = line.lastIndexOf(' ');
            boolean whole = last > 0 && crc(line.substring(0, last)).equals(line.substring(last + 1));
            if (!whole) return Optional.empty();
            String[] words = line.split(" ");
            return Optional.of(new Seal(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]));
        }

        private static String crc(String text) {
            var crc = new CRC32C();
            crc.update(text.getBytes(StandardCharsets.US_ASCII));
            return String.format("%08x", crc.getValue());
        }
    }

    /// Seals `files` as they are now; those that are not there are left out. On the disk when this returns.
    static void seal(Path seals, List<Path> files) throws IOException {
        var lines = new ArrayList<String>();
        for (Path file : files) if (Files.exists(file)) lines.add(Seal.of(file).line());
        Path fresh = seals.resolveSibling(seals.getFileName() + ".new");
        Files.write(fresh, lines, StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(fresh, seals, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Says whether `file` is as long and as old as when it was sealed, and is another.
    static boolean broken(Path seals, Path file) {
        try {
            if (!Files.exists(seals) || !Files.exists(file)) return false;
            long length = Files.size(file);
            long modified = Files.getLastModifiedTime(file).toMillis();
            List<Seal> about = read(seals).stream()
                    .filter(seal -> seal.length() == length && seal.modified() == modified)
                    .toList();
            if (about.isEmpty()) return false;
            String hash = Seal.hash(file);
            return about.stream().noneMatch(seal -> seal.hash().equals(hash));
        } catch (IOException e) {
            Log.event(Event.DIRECTORY_SNAPSHOT_UNUSABLE, e, "file", seals.getFileName());
            return false;
        }
    }

    private static List<Seal> read(Path seals) throws IOException {
        String text = Files.readString(seals, StandardCharsets.ISO_8859_1);
        return text.lines().map(Seal::read).flatMap(Optional::stream).toList();
    }
}
