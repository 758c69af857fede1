package casella.store.append;

import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// One file of a log.
///
/// @param number its place in the order of files: higher is later
/// @param id 64 random bits, in the file's name, its header and every batch mark: bytes of another file, stale blocks
///           and marks forged inside somebody's mail are not taken for this file's
public record Segment(Path path, long number, long id) {
    private static final String SUFFIX = ".seg";
    private static final HexFormat HEX = HexFormat.of();

    static Segment in(Path folder, long number, long id) {
        String name = HEX.toHexDigits(number) + "-" + HEX.toHexDigits(id) + SUFFIX;
        return new Segment(folder.resolve(name), number, id);
    }

    /// Returns the segment a file's name tells of, or null if it is no segment's name.
    static @Nullable Segment of(Path folder, String name) {
        if (name.length() != 33 + SUFFIX.length() || !name.endsWith(SUFFIX) || name.charAt(16) != '-') return null;
        try {
            long number = HexFormat.fromHexDigitsToLong(name, 0, 16);
            long id = HexFormat.fromHexDigitsToLong(name, 17, 33);
            return number < 0 ? null : new Segment(folder.resolve(name), number, id);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
