package casella.server.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The number of all formats in a data folder together, in the file `format.txt`.
///
/// Each file and value has a version of its own (docs/formats/README.md), found when it is read. This one is found before
/// anything is touched: a version that writes any of them in a new way counts it up, and an older program then refuses
/// the whole folder instead of taking for damage what it does not know. Decision 0094.
final class FolderFormat {
    /// 1: first; a folder without the file is of it. 2: an old journal is collected and leaves heads (docs/formats/heads.md).
    /// 3: the directory says who was put in a cohort. 4: it says what accounts may hold beyond their plans.
    static final int FORMAT = 4;

    private static final String FILE = "format.txt";
    private static final String FIRST = "Casella data folder, format ";
    private static final int BYTES_MAX = 4_096;

    private FolderFormat() {}

    /// Looks at a folder.
    ///
    /// @return whether the file is there and says this format; else it is to be written
    /// @throws IOException with a sentence for people if the folder is of a newer format, or the file cannot be read
    static boolean check(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        String text;
        try {
            if (Files.size(file) > BYTES_MAX) throw new IOException(file + " is not what a server wrote");
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return false;
        }
        String line = text.lines().findFirst().orElse("");
        String number = line.startsWith(FIRST) ? line.substring(FIRST.length()) : "";
        if (!number.matches("[1-9][0-9]{0,8}")) throw new IOException(file + " is not what a server wrote");
        if (Integer.parseInt(number) > FORMAT) {
            throw new IOException(folder + " was written by a newer version (format " + number
                    + "; this version reads "
                    + FORMAT + "); nothing in it was touched");
        }
        return Integer.parseInt(number) == FORMAT;
    }

    /// Writes the file: beside, synced, renamed, the folder synced.
    static void write(Path folder) throws IOException {
        Path beside = folder.resolve(FILE + ".new");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer text = ByteBuffer.wrap((FIRST + FORMAT + "\n").getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) channel.write(text);
            channel.force(true);
        }
        Files.move(beside, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
