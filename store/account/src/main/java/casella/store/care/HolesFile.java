package casella.store.care;

import casella.base.Event;
import casella.base.Log;
import casella.store.Holes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file of what the holes of all accounts came to. Page: docs/formats/care.md.
final class HolesFile {
    private static final String WORD = "holes";

    private final CareFile file;
    private final Holes holes;
    private long kept;

    HolesFile(CareFile file, Holes holes) {
        this.file = file;
        this.holes = holes;
        holes.before(figures(file.read().orElse(List.of())));
    }

    private static Holes.Figures figures(List<String> lines) {
        if (lines.isEmpty()) return Holes.Figures.NONE;
        try {
            String[] words = lines.getFirst().split(" ", -1);
            if (!words[0].equals(WORD)) throw new IllegalArgumentException("another file");
            long newest = Long.parseUnsignedLong(words[3]);
            return new Holes.Figures(
                    Long.parseUnsignedLong(words[1]),
                    Long.parseUnsignedLong(words[2]),
                    newest == 0 ? null : Instant.ofEpochSecond(newest));
        } catch (RuntimeException e) {
            Log.event(Event.CARE_FILE_UNREADABLE, e, "file", WORD);
            return Holes.Figures.NONE;
        }
    }

    /// Writes what was counted since it was written last.
    synchronized void keep() {
        long version = holes.version();
        if (version == kept) return;
        Holes.Figures now = holes.figures();
        @Nullable Instant newest = now.newest();
        file.write(List.of("%s %d %d %d".formatted(
                WORD, now.opened(), now.possibleDuplicates(), newest == null ? 0 : newest.getEpochSecond())));
        kept = version;
    }
}
