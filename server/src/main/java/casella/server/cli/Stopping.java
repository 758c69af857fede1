package casella.server.cli;

import casella.base.Event;
import casella.base.Log;
import casella.server.Launch;
import casella.server.control.DataFolder;
import casella.server.telemetry.Logging;
import java.time.Duration;

/// What happens when the process is asked to end (SIGTERM, SIGINT): a clean stop within 10 s and exit code 0, or, when a
/// part does not come home, an end without it and exit code 1. What was acknowledged is synced either way.
final class Stopping {
    private static final Duration TIME_MAX = Duration.ofMillis(9_500);

    private final Launch.Running running;
    private final DataFolder folder;

    Stopping(Launch.Running running, DataFolder folder) {
        this.running = running;
        this.folder = folder;
    }

    /// Returns the thread to give to the runtime.
    Thread hook() {
        return Thread.ofPlatform().name("stopping").unstarted(this::stop);
    }

    private void stop() {
        Thread closing = Thread.ofPlatform().daemon().name("closing").start(() -> {
            running.close();
            folder.close();
        });
        boolean clean = false;
        try {
            clean = closing.join(TIME_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!clean) Log.event(Event.SERVER_STOPPED_HARD);
        Logging.stop();
        Runtime.getRuntime().halt(clean ? Exit.DONE : Exit.WRONG);
    }
}
