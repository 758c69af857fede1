package casella.server.proof;

import casella.base.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How keys lie in the data folder: a first line that says what and which format, then PEM.
public final class KeyFile {
    public static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");
    public static final Set<PosixFilePermission> EVERYBODY = PosixFilePermissions.fromString("rw-r--r--");
    private static final int BYTES_MAX = 16_384;

    private KeyFile() {}

    /// Returns the text of a file with a secret in it. Blocks.
    ///
    /// @throws Fault.Corrupt if others may read it, or it is too long to be one
    /// @throws java.nio.file.NoSuchFileException if there is none
    public static String read(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX) throw new Fault.Corrupt("Key too long", Map.of("file", file));
        if (!Files.getPosixFilePermissions(file).equals(OWNER_ALONE)) {
            throw new Fault.Corrupt("Key can be read by others; change its mode to 0600",
                    Map.of("file", file));
        }
        return Files.readString(file, StandardCharsets.US_ASCII);
    }

    /// Writes a file that is never half there: written beside, synced, renamed, the folder synced. Blocks.
    public static void write(Path file, String text, Set<PosixFilePermission> mode) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        Files.createFile(beside, PosixFilePermissions.asFileAttribute(mode));
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(file.toAbsolutePath().getParent(),
                StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Checks the first line of `text`; a bare PEM has none.
    ///
    /// @param first what it begins with, before the number of the format
    /// @throws Fault.Corrupt if a newer version wrote it
    public static void check(String text, String first, int format) {
        String line = text.lines().findFirst().orElse("");
        if (!line.startsWith(first)) return;
        String number = line.substring(first.length());
        if (!number.equals(Integer.toString(format))) {
            throw new Fault.Corrupt("Key was written by a newer version",
                    Map.of("format", number, "read", format));
        }
    }

    /// Returns `bytes` as PEM. RFC 7468 §2.
    public static String pem(String what, byte[] bytes) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    }

    /// Returns what the first block of a kind holds.
    ///
    /// @throws IllegalArgumentException if there is none
    public static byte[] block(String text, String what) {
        Matcher found = Pattern.compile("-----BEGIN " + what + "-----([^-]*)-----END " + what + "-----")
                .matcher(text);
        if (!found.find()) throw new IllegalArgumentException("no " + what);
        return Base64.getMimeDecoder().decode(found.group(1));
    }
}
