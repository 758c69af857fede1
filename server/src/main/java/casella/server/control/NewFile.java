package casella.server.control;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A new file that only this user may read: whole when the order is done, or not there.
public final class NewFile {
    private NewFile() {}

    /// Writes what a file has.
    @FunctionalInterface
    public interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /// Makes `file` and has it written; returns its bytes. A file that is there already is left alone.
    ///
    /// @throws IOException if there is such a file, or it cannot be written
    public static long write(Path file, Writing writing) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        boolean whole = false;
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
            writing.to(out);
            whole = true;
        } finally {
            if (!whole) Files.deleteIfExists(file);
        }
        return Files.size(file);
    }
}
