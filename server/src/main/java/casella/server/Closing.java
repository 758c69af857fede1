package casella.server;

import casella.base.Event;
import casella.base.Log;
import java.util.List;

/// Closes many things in the reverse order of their opening, whatever one of them does.
public final class Closing {
    private Closing() {}

    /// Closes `opened`, the last first.
    public static void all(List<? extends AutoCloseable> opened) {
        for (AutoCloseable part : opened.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                Log.event(Event.SERVER_PART_NOT_CLOSED, e, "part", part.getClass().getSimpleName());
            }
        }
    }
}
