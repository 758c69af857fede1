package casella.server;

import casella.base.Event;
import casella.base.Fault;
import casella.base.Log;
import casella.incident.Desk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the incident desk keeps its database. One that is damaged keeps no owner from their mail: it is set aside, and a new one
/// begun.
final class DeskFolder {
    private DeskFolder() {}

    /// Opens the desk. Blocks on files.
    ///
    /// @param now milliseconds since 1970, in the name of what is set aside
    /// @throws Fault if the folder cannot be used at all
    static Desk open(Path folder, long now) throws IOException {
        try {
            return Desk.open(folder);
        } catch (Fault.Corrupt e) {
            Path aside = folder.resolveSibling(folder.getFileName() + ".damaged-" + now);
            Files.move(folder, aside);
            Log.event(Event.DESK_SET_ASIDE, e, "folder", aside);
            return Desk.open(folder);
        }
    }
}
