package casella.directory;

import casella.base.Deadline;
import casella.base.Fault;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A time in which the database is not asked, as where its disk is gone: for drills. Nothing of it is written anywhere.
/// Decision 0123.
public final class Silence {
    static final String WHY = "Away for a drill";

    private volatile @Nullable Deadline until;

    Silence() {}

    /// Begins it.
    ///
    /// @param end it is over then, also if [#end] never comes
    public void begin(Deadline end) {
        until = end;
    }

    /// Ends it. Harmless when it is over.
    public void end() {
        until = null;
    }

    boolean lasts() {
        Deadline end = until;
        return end != null && !end.over();
    }

    /// @throws Fault.Unavailable while it lasts
    void heard() {
        if (lasts()) throw new Fault.Unavailable(WHY, Map.of());
    }
}
