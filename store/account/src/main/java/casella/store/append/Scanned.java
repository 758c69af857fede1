package casella.store.append;

import java.util.List;

/// What reading a whole segment found.
///
/// @param records how many records were good
/// @param end offset after the last good record or mark; 0 if nothing is good
/// @param torn stretches written by nobody's answered call: the end a crash left
/// @param damaged stretches that were on the disk once and are not what was written: set aside, the rest is served
/// @param whole whether the disk gave all bytes; if not, another reading may find more
public record Scanned(long records, long end, List<Stretch> torn, List<Stretch> damaged, boolean whole) {
    /// Bytes that could not be read as records.
    ///
    /// @param until exclusive; beyond the file's end where the file is shorter than it was
    public record Stretch(long from, long until) {}

    public Scanned {
        torn = List.copyOf(torn);
        damaged = List.copyOf(damaged);
    }
}
